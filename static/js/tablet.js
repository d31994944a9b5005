// A tablet that goes from hand to hand. Pages replace each other, so that Back leads to none of them; the sheet is
// sent without leaving it, so that nothing is lost without a connection; and it is emptied when it is left, when it
// has been sent, and when nobody has touched it for two minutes.

const IDLE_MS = 120_000;
const WARN_MS = 90_000;
const PATIENCE_MS = 20_000;

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
  element.dataset.ready = "";
}

// Sends the sheet of this page; what the server says to it takes the page's place.
function takeOver(element) {
  const form = document.querySelector("main form");
  let sending = false;
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    say(element, "");
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE_MS) });
      if (answer.redirected && answer.ok) {
        empty(form);
        location.replace(answer.url);
        return;
      }
      show(element, new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      say(element, element.dataset.notSent);
    }
    sending = false;
  });
}

function show(element, page) {
  const main = document.querySelector("main");
  const said = page.querySelector("main");
  if (!said) throw new Error("not a page of ours");
  document.title = page.title;
  main.replaceChildren(...said.childNodes);
  const place = main.querySelector('[data-module="tablet"]');
  if (place) place.replaceWith(element);
  takeOver(element);
  scrollTo(0, 0);
  main.querySelector('[role="alert"] a, h1')?.focus();
}

function empty(form) {
  for (const field of form?.elements ?? []) {
    if (field.type === "radio" || field.type === "checkbox") field.checked = false;
    if (field.type === "textarea" || field.type === "text") field.value = "";
  }
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
