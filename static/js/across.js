// How far a report over many groups is, asked every two seconds; the page itself opens anew when it has ended.

const EVERY_MS = 2000;
const LATER_MS = 10000; // no connection, or the server is busy

export default function across(element) {
  const words = element.querySelector("[data-words]");
  const bar = element.querySelector("[data-bar]");

  async function look() {
    let wait = EVERY_MS;
    try {
      const answer = await fetch(element.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const far = await answer.json();
      if (!far.going) {
        location.reload();
        return;
      }
      if (words.textContent !== far.words) words.textContent = far.words;
      bar.setAttribute("width", far.of ? Math.min(100, (100 * far.done) / far.of) : 0);
    } catch {
      wait = LATER_MS;
    }
    setTimeout(look, wait);
  }

  setTimeout(look, EVERY_MS);
}
