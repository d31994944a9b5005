// Sends a form without leaving its page. When it does not arrive, the page stays as it is and says so; when something
// must be put right, the answer takes the page's place. Nothing is stored on the device, and sending again is safe: each
// form carries the key of its press. See docs/decisions/typed-text-on-shared-phones.md.

import { start } from "./app.js";

const PATIENCE_MS = 20_000; // a wifi that is there and leads nowhere

// `went` is told of an answer that leads on, `came` of any other; `say` shows a sentence, and `lost` is that for an answer
// that never came. Something else than one sending may be given as `send`.
export function sendInPlace(form, { went, came, lost, busy, send = post, say = aboveButton(form) }) {
  let sending = false;
  let pressed;
  form.addEventListener("click", (event) => {
    pressed = event.target.closest('button[type="submit"]') ?? pressed; // for browsers that do not say who submits
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    say("");
    const button = event.submitter ?? pressed ?? form.querySelector('button[type="submit"]');
    const words = button.textContent;
    if (busy) button.textContent = busy;
    try {
      const answer = await send(form, button);
      if (answer.redirected && !answer.ok) throw new Error("sent, and the page it leads to is not there yet");
      if (answer.redirected) return went(answer, say);
      const page = pageIn(await answer.text());
      if (answer.status >= 500) say(sentencesOf(page));
      else came(page, say);
    } catch {
      say(lost);
    } finally {
      button.textContent = words;
      sending = false;
    }
  });
}

export function post(form, button) {
  const address = form.getAttribute("action") || location.href;
  const body = new FormData(form);
  if (button?.name) body.append(button.name, button.value);
  return fetch(address, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE_MS) });
}

// Back leads to no page that was filled in, and none keeps what was typed.
export function leave(form, address) {
  empty(form);
  document.querySelector("#check")?.replaceChildren();
  addEventListener("pageshow", () => location.reload(), { once: true });
  location.replace(address);
}

export function empty(form) {
  for (const field of form?.elements ?? []) {
    if (field.type === "radio" || field.type === "checkbox") field.checked = false;
    if (field.matches("textarea, [type=text], [type=tel], [type=email]")) field.value = "";
  }
}

function pageIn(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  if (!page.querySelector("main")) throw new Error("not a page of ours");
  return page;
}

export const sentencesOf = (page) => page.querySelector("main").innerText.trim();

// What was answered takes the place of what is shown, and its scripts start.
export function show(page) {
  document.title = page.title;
  const fresh = document.adoptNode(page.querySelector("main"));
  document.querySelector("main").replaceWith(fresh);
  start(fresh);
  const first = fresh.querySelector(".govuk-error-summary") ?? fresh;
  first.focus();
  first.scrollIntoView();
}

export function aboveButton(form) {
  const said = document.createElement("p");
  said.className = "govuk-error-message";
  said.lang = document.documentElement.lang; // the form may be in another language than we can say this in
  said.dir = "auto";
  said.setAttribute("role", "alert");
  const inSight = (one) => one.offsetParent !== null;
  const buttons = [...form.querySelectorAll('.govuk-button-group, button[type="submit"]')];
  const place = () => (buttons.find(inSight) ?? buttons[0]).before(said); // by the step that is shown
  place();
  return (sentence) => {
    place();
    said.textContent = sentence;
    if (sentence) said.scrollIntoView({ block: "center" });
  };
}
