// Keeps the report's text while it is being written: three seconds after the last key, and when the page is left.
// Without it the Save button does the same. data-saved and data-failed hold the words; [data-status] shows them.

const IDLE_MS = 3000;

export default function autosave(element) {
  const form = element.querySelector("form");
  const status = element.querySelector("[data-status]");
  let timer = 0;
  let dirty = false;
  let busy = false;

  async function save() {
    if (!dirty || busy) return;
    dirty = false;
    busy = true;
    try {
      const answer = await fetch(form.action || location.href, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Autosave": "1" },
        redirect: "error",
      });
      const told = await answer.json();
      if (answer.ok && told.saved !== undefined) {
        form.elements.seen.value = told.seen;
        if (told.saved) status.textContent = element.dataset.saved.replace("%s", told.saved);
      } else {
        status.textContent = (told.errors || []).join(" ") || element.dataset.failed;
      }
    } catch {
      dirty = true; // signed out or no connection: the text is still in the page
      status.textContent = element.dataset.failed;
    } finally {
      busy = false;
      if (dirty) later();
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(save, IDLE_MS);
  }

  form.addEventListener("input", () => {
    dirty = true;
    later();
  });
  form.addEventListener("submit", () => {
    dirty = false;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
  addEventListener("beforeunload", (event) => dirty && event.preventDefault());
}
