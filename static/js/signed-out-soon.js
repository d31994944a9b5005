// Two minutes before somebody is signed out it says so, and one press lets them stay. How long is left only the server
// knows: other tabs are at work too, so it is asked before anything is said, and goes on being asked while it is said.
// Such a question keeps nobody signed in. See docs/decisions/an-evening-signed-in.md.

const WARNING_S = 120;
const ASK_EVERY_MS = 10000;
const GIVE_UP_MS = 8000;
const SAID_AT = [120, 60, 30, 10]; // seconds: a screen reader is not talked to every second

export default function signedOutSoon(dialog) {
  if (!dialog.showModal) return; // an old browser: they are signed out without a warning, and nothing is lost
  const texts = dialog.dataset;
  const said = dialog.querySelector("[data-soon-said]");
  const unreached = dialog.querySelector("[data-unreached]");
  let ends = Date.now() + Number(texts.seconds) * 1000;
  let asked = Date.now();
  let part = "";
  let shut = ""; // the part that was read and closed
  let spoken = Infinity;
  let timer;

  const left = () => Math.max(0, Math.ceil((ends - Date.now()) / 1000));

  function plan() {
    clearTimeout(timer);
    if (part === "over") return;
    const wait = shut ? left() : left() - WARNING_S; // read and closed: nothing is said again before it is over
    timer = setTimeout(() => look(), Math.max(1, wait) * 1000);
  }

  async function ask(method) {
    const headers = { Accept: "application/json" };
    if (method === "POST") headers["X-CSRFToken"] = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), GIVE_UP_MS);
    try {
      const answer = await fetch(texts.url, { method, headers, redirect: "manual", signal: stop.signal });
      if (answer.type === "opaqueredirect") return { seconds: 0 };
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    } finally {
      clearTimeout(late);
    }
  }

  // No answer says nothing about the sign-in: it is asked again.
  async function look(method = "GET") {
    clearTimeout(timer);
    asked = Date.now();
    const answer = await ask(method);
    if (answer) {
      ends = Date.now() + answer.seconds * 1000;
      unreached.hidden = true;
      if (answer.seconds > WARNING_S) close();
      else show(answer.seconds <= 0 ? "over" : answer.may_stay ? "stay" : "ends");
    }
    if (dialog.open) draw();
    else if (answer) plan();
    else timer = setTimeout(() => look(), ASK_EVERY_MS);
    return answer;
  }

  function show(next) {
    if (next !== part) {
      part = next;
      spoken = Infinity;
      said.textContent = "";
      for (const one of dialog.querySelectorAll("[data-part]")) one.hidden = one.dataset.part !== part;
      dialog.setAttribute("aria-labelledby", `${part}-title`);
      dialog.setAttribute("aria-describedby", `${part}-why`);
    }
    write();
    if (!dialog.open && shut !== part) dialog.showModal(); // the browser remembers where the focus was
  }

  function close() {
    part = shut = "";
    if (dialog.open) dialog.close();
  }

  // Each second while it is open.
  function draw() {
    clearTimeout(timer);
    const seconds = write();
    const due = SAID_AT.filter((at) => seconds <= at).at(-1);
    if (part !== "over" && due < spoken) {
      said.textContent = spoken === Infinity ? "" : inWords(seconds); // what stands there is read when it opens
      spoken = due;
    }
    if (!dialog.open || part === "over") return;
    if (seconds <= 0 || Date.now() - asked > ASK_EVERY_MS) look();
    else timer = setTimeout(draw, 1000);
  }

  function write() {
    const seconds = left();
    for (const place of dialog.querySelectorAll("[data-soon-left]")) place.textContent = inWords(seconds);
    return seconds;
  }

  function inWords(seconds) {
    if (seconds >= 60) return counted(Math.round(seconds / 60), texts.minute, texts.minutes);
    return counted(seconds, texts.second, texts.secondsWord);
  }

  dialog.querySelector("[data-stay]").addEventListener("click", stay);
  for (const button of dialog.querySelectorAll("[data-shut]")) button.addEventListener("click", () => dialog.close());
  dialog.addEventListener("cancel", (event) => {
    if (part !== "stay") return;
    event.preventDefault(); // Escape: somebody is there
    stay();
  });
  dialog.addEventListener("close", () => {
    shut = part;
    plan();
  });
  document.addEventListener("visibilitychange", () => document.hidden || part === "over" || look());

  async function stay() {
    if (await look("POST")) return;
    if (!(await look())) unreached.hidden = false; // signed in again in another tab: the page's token is an old one
  }

  plan();
}

const counted = (n, one, many) => (n === 1 ? one : many.replace("%n", n));
