// Leaves at once: by the button, or by Shift three times within five seconds. The page goes white first, because
// the weather page may take a while, and it is replaced, so that "Back" does not return here.

const TIMES = 3;
const WITHIN_MS = 5000;

export default function quickExit(element) {
  const link = element.querySelector("a");
  const said = element.querySelector('[role="status"]');
  let pressed = [];
  let left = false;

  function leave(event) {
    event?.preventDefault();
    document.title = "…";
    document.documentElement.hidden = true;
    left = true;
    document.querySelector("main")?.replaceChildren(); // steps of a form lie behind this page in the history
    location.replace(link.href);
  }

  link.addEventListener("click", leave);
  link.addEventListener("keydown", (event) => {
    if (event.key === " ") leave(event);
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      pressed = []; // Shift in the middle of typing is no wish to leave
      return;
    }
    if (event.repeat) return;
    const now = performance.now();
    pressed = [...pressed.filter((at) => now - at < WITHIN_MS), now];
    if (pressed.length >= TIMES) {
      said.textContent = element.dataset.leaving;
      leave();
    } else {
      said.textContent = element.dataset.pressed.replace("{n}", TIMES - pressed.length);
    }
  });
  addEventListener("pageshow", () => {
    if (left) location.reload();
    document.documentElement.hidden = false;
  });
}
