// Keeps the report's text while it is being written: two seconds after the last key, and every four while typing.
// "Saved" is said only when the server has answered. Without this script the Save button does the same.
// No text is stored on the device, and nothing holds whoever leaves the page: then it is sent once more.

const IDLE_MS = 2000;
const MOST_MS = 4000;
const LEFT = "left-while-saving"; // the page that was left with text on its way
const ARRIVES_MS = 1000;

export default function autosave(element) {
  const form = element.querySelector("form");
  const status = element.querySelector("[data-status]");
  const words = element.dataset;
  const boxes = [...form.querySelectorAll("textarea")];
  let idle = 0;
  let due = 0;
  let dirty = false;
  let busy = false;
  let signedOut = false;
  let last = "";

  async function save(leaving = false) {
    clearTimeout(idle);
    clearTimeout(due);
    idle = due = 0;
    if (!dirty || (busy && !leaving)) return;
    dirty = false;
    busy = true;
    if (leaving) sessionStorage.setItem(LEFT, location.pathname);
    const sent = Object.fromEntries(boxes.map((box) => [box.name, box.value]));
    let refused = false;
    if (last) status.textContent = words.saving;
    try {
      if (signedOut) await newToken();
      const body = new FormData(form);
      const headers = { "X-Autosave": "1" };
      // keepalive: what is on its way arrives although the page is closed.
      const answer = await fetch(location.pathname, { method: "POST", body, headers, redirect: "manual", keepalive: true });
      signedOut = answer.type === "opaqueredirect" || answer.status === 403;
      refused = !signedOut && answer.status !== 200 && answer.status !== 422;
      if (signedOut || refused) throw new Error(`answered ${answer.status}`);
      hear(await answer.json(), sent);
    } catch {
      // Not kept: the text is still in the page, and goes on being sent.
      dirty = true;
      const sentence = refused ? words.refused : words.lost;
      status.textContent = signedOut ? words.signedOut : sentence.replace("%s", last || words.never);
    }
    element.querySelector("[data-sign-in]").hidden = !signedOut;
    busy = false;
    if (dirty) later();
  }

  // Whoever has signed in again in another tab has a new token; somebody else does not save this in their name.
  async function newToken() {
    const text = await (await fetch(location.pathname, { redirect: "error" })).text();
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = (name) => page.querySelector(`[name=${name}]`).value;
    if (fresh("opened_by") !== form.elements.opened_by.value) throw new Error("somebody else is signed in");
    form.elements.csrfmiddlewaretoken.value = fresh("csrfmiddlewaretoken");
  }

  function hear(told, sent) {
    if (told.saved) last = told.saved;
    const sentence = told.saved && !told.errors.length ? words.saved : words.tooLong;
    status.textContent = told.saved ? sentence.replace("%s", told.saved) : told.errors.join(" ");
    element.querySelector("[data-writers]").textContent = told.writers;
    for (const [key, html] of Object.entries(told.differ)) element.querySelector(`[data-others="${key}"]`).innerHTML = html;
    // What somebody else wrote in a section that was not touched here takes its place, unless it is touched just now.
    let heard = true;
    for (const [key, now] of Object.entries(told.newer)) {
      const box = form.elements[key];
      if (box.value !== sent[key] || box === document.activeElement) heard = false;
      else {
        box.value = now.text;
        form.elements[`mark_${key}`].value = now.mark;
      }
    }
    if (heard) form.elements.seen.value = told.seen;
  }

  function later() {
    clearTimeout(idle);
    idle = setTimeout(save, IDLE_MS);
    due ||= setTimeout(save, MOST_MS);
  }

  form.addEventListener("input", () => {
    dirty = true;
    later();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-say]");
    if (!button) return;
    event.preventDefault();
    const box = document.getElementById(button.dataset.into);
    if (!box.value.includes(button.dataset.say)) {
      box.value = `${box.value.trimEnd()} ${button.dataset.say}`.trim();
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.dispatchEvent(new Event("keyup", { bubbles: true })); // the count of letters listens to keys
    }
    box.focus();
  });
  form.addEventListener("submit", async (event) => {
    if (signedOut) {
      // The text stays in this page, and goes once its writer has signed in again: then so does what was pressed.
      event.preventDefault();
      status.textContent = words.saving;
      dirty = true;
      await save();
      if (!signedOut && !dirty) form.requestSubmit(event.submitter);
      return;
    }
    dirty = false;
    clearTimeout(idle);
    clearTimeout(due);
  });
  // What was typed before this script had come.
  if (boxes.some((box) => box.value !== box.defaultValue)) {
    dirty = true;
    later();
  }
  // Opened again while that text was on its way, the page is older than what is kept by now: it asks once.
  if (sessionStorage.getItem(LEFT) === location.pathname) {
    setTimeout(() => {
      dirty = true;
      save();
    }, ARRIVES_MS);
  }
  sessionStorage.removeItem(LEFT);
  addEventListener("online", () => save());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save(true));
  addEventListener("pagehide", () => save(true));
}
