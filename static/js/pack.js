// While e-mails are on their way the page looks again by itself: every two seconds for a minute, then no more.
// The part is put in place only when it has changed and nobody is using it.

const EVERY_MS = 2000;
const MOST_LOOKS = 30;

export default function pack(element) {
  let looks = 0;
  let part = element;

  async function look() {
    looks += 1;
    if (!document.hidden && !part.contains(document.activeElement)) {
      try {
        const answer = await fetch(location.href, { redirect: "error" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("pack");
        if (answer.ok && fresh && !part.contains(document.activeElement)) {
          fresh.removeAttribute("data-src");
          if (fresh.dataset.open !== part.dataset.open || fresh.textContent !== part.textContent) {
            part.replaceChildren(...document.importNode(fresh, true).childNodes);
            part.dataset.open = fresh.dataset.open ?? "";
          }
          if (!fresh.dataset.open) return;
        }
      } catch {
        // no connection: the link on the page does the same later
      }
    }
    if (looks < MOST_LOOKS) setTimeout(look, EVERY_MS);
  }

  setTimeout(look, EVERY_MS);
}
