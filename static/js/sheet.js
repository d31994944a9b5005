// A sheet of answers on somebody's own phone, which others may hold next. It is sent without leaving the page, so that
// nothing is lost without a connection, and the thanks take its place, so that Back does not lead to it. What Back
// still leads to, such as the same sheet in another language, is emptied; what never reached us stays as it was typed.

import { empty, leave, sendInPlace, show } from "./in-place.js";

const KEY = "sent";

export default function sheet(element) {
  if ("sent" in element.dataset) {
    remember();
    return;
  }
  const form = document.querySelector("main form");
  const { lost, busy } = element.dataset;
  const clear = () => isRemembered() && empty(form);
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") {
    clear();
    addEventListener("pageshow", clear);
  }
  addEventListener("pageshow", (event) => event.persisted && clear());
  form.addEventListener("submit", forget);
  sendInPlace(form, {
    lost,
    busy,
    went(answer) {
      remember();
      leave(form, answer.url);
    },
    came: show,
  });
}

// A browser that stores nothing for us refuses.
function remember() {
  try {
    sessionStorage.setItem(KEY, "yes");
  } catch {
    // Then nothing tells Back that something was sent.
  }
}

function isRemembered() {
  try {
    return Boolean(sessionStorage.getItem(KEY));
  } catch {
    return false;
  }
}

function forget() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // It was never there.
  }
}
