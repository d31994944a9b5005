// A tablet that goes from hand to hand. Pages replace each other, so that Back leads to none of them; the sheet is
// sent without leaving it, so that nothing is lost without a connection; and it is emptied when it is left, when it
// has been sent, and when nobody has touched it for two minutes.

import { empty, leave, sendInPlace, show } from "./in-place.js";

const IDLE_MS = 120_000;
const WARN_MS = 90_000;

export default function tablet(element) {
  for (const link of document.querySelectorAll("main a[href^='/']")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      location.replace(link.href);
    });
  }
  if (!element.dataset.start) return;

  const away = () => location.replace(element.dataset.start);
  addEventListener("pagehide", () => empty(document.querySelector("main form")));
  addEventListener("pageshow", (event) => event.persisted && away());
  watch(element, away);
  takeOver(element);
}

// Sends the sheet of this page; what the server says to it takes the page's place.
function takeOver(element) {
  const form = document.querySelector("main form");
  if (!form) return;
  sendInPlace(form, {
    lost: element.dataset.notSent,
    say: (sentence) => say(element, sentence),
    went: (answer) => leave(form, answer.url),
    came(page) {
      page.querySelector('[data-module="tablet"]')?.replaceWith(element);
      show(page);
      takeOver(element);
    },
  });
}

function watch(element, away) {
  let timers = [];
  const restart = () => {
    timers.forEach(clearTimeout);
    timers = [
      setTimeout(() => say(element, element.dataset.stillThere), WARN_MS),
      setTimeout(() => {
        empty(document.querySelector("main form"));
        away();
      }, IDLE_MS),
    ];
  };
  for (const kind of ["pointerdown", "pointermove", "keydown", "input", "scroll"]) {
    addEventListener(kind, () => {
      if (element.firstElementChild.textContent === element.dataset.stillThere) say(element, "");
      restart();
    }, { passive: true });
  }
  restart();
}

function say(element, words) {
  element.firstElementChild.textContent = words;
}
