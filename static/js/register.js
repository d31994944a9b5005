// Ticks the register without leaving the page, with a connection or without. A row says "Saved" only when the server has
// answered its tick; until then the tick waits in the outbox on this device and is sent again under the same key.

import { count, fill, newKey } from "./register-logic.js";
import Sender from "./register-outbox.js";
import * as store from "./register-store.js";

const LOOK_AGAIN_MS = 30000;
const KEEP_MS = 20000;
const SAME_PRESS_MS = 1000; // "Undo all" comes where "Everyone here" was: a finger that taps twice means the first

export default async function register(root) {
  const texts = root.dataset;
  const { base, user } = texts;
  const rows = new Map([...root.querySelectorAll("[data-place]")].map((row) => [row.dataset.place, row]));
  const everyone = root.querySelector("[data-everyone]");
  const undoAll = root.querySelector("[data-undo-all]");
  const said = root.querySelector("[data-said]");
  const isCopy = "kept" in texts;
  const isEarly = "early" in texts; // before the session's day only apologies are offered
  const token = root.querySelector("[name=csrfmiddlewaretoken]")?.value;
  const sender = new Sender({ user, token, base, saved, refused, looked, changed: draw, elsewhere });
  const outbox = sender.outbox;
  let heard = Number(texts.now); // the server's time in its last answer
  let until = Date.now() + Number(texts.keepSeconds) * 1000;
  let keeping = false;
  let keptLast;
  let press; // the last "everyone here" on this page, while something of it can be undone: {key, places, at}
  const adding = []; // places whose tick is on its way to this device's storage

  root.addEventListener("submit", (event) => {
    const form = event.target;
    const row = form.closest("[data-place]");
    if (row && !event.submitter) return; // an old browser: the form goes by itself
    event.preventDefault();
    if (row) tickOne(row, event.submitter);
    else if (form === undoAll) undoEveryone();
    else tickEveryone();
  });

  function tickOne(row, button) {
    const other = button.closest("details");
    tick([row.dataset.place], button.value);
    if (other) other.open = false;
    if (button.value === "open") row.querySelector("[name=state]").focus();
    else if (other) other.querySelector("summary").focus();
  }

  function tickEveryone() {
    const places = openPlaces();
    press = { key: newKey(), places, at: performance.now() };
    tick(places, "present", { key: press.key, everyone: true });
    root.querySelector(".register-bar__count").focus();
  }

  // One tick for each, so that each row says what became of it; the server takes back only what that press did.
  function undoEveryone() {
    if (performance.now() - press.at < SAME_PRESS_MS) return;
    const { key, places } = press;
    press = undefined;
    for (const place of places) tick([place], "open", { undoes: key });
    root.querySelector(".register-bar__count").focus();
  }

  async function tick(places, state, more = {}) {
    if (!places.length) return;
    for (const place of places) rows.get(place).refusal = undefined;
    if (!more.everyone) leavePress((place) => places.includes(place));
    adding.push(...places);
    draw();
    await sender.add({ base, places, state, key: newKey(), everyone: false, heard, ...more });
    for (const place of places) adding.splice(adding.indexOf(place), 1);
    draw();
    sender.send();
  }

  function openPlaces() {
    return [...rows].flatMap(([place, row]) => (shownState(place) === "open" && !("later" in row.dataset) ? [place] : []));
  }

  // Of these places "everyone here" is not what counts any more.
  function leavePress(left) {
    const places = press?.places.filter((place) => !left(place)) ?? [];
    press = places.length ? { ...press, places } : undefined;
  }

  // --- What the server said ------------------------------------------------------------------------------

  async function saved(tick, answer) {
    if (tick.base !== base) return store.addToKeptRows(tick.base, answer).catch(() => {});
    if (tick.key === press?.key) leavePress((place) => !answer.pressed.includes(place));
    await apply(answer);
    if (tick.everyone || tick.undoes) return; // the count says it
    const row = rows.get(tick.places[0]);
    if (row) said.textContent = `${nameOf(row)}: ${row.told}`;
  }

  function refused(tick, sentence) {
    if (tick.key === press?.key) press = undefined;
    for (const place of tick.base === base ? tick.places : []) {
      if (rows.has(place)) rows.get(place).refusal = sentence;
    }
    draw();
  }

  function elsewhere() {
    sender.look(base);
  }

  async function looked(from, answer) {
    if (sender.signedOut || (answer && answer.user !== user)) {
      await store.forget().catch(() => {});
      worksNoMore();
    }
    if (from !== base || !answer) return;
    if (answer.user !== user) return location.reload(); // this page belongs to who was signed in before
    const isOtherDay = "early" in answer && answer.early !== isEarly; // its day has come, or it was moved
    const isToBeRead = [...rows.values()].some((row) => row.refusal); // it is nowhere but on this page
    if (isOtherDay && !sender.waits && !isToBeRead) return location.reload();
    until = Date.now() + answer.keep_seconds * 1000;
    if (isCopy) {
      document.querySelector("[data-kept-notice]").hidden = true;
      document.querySelector("[data-connected]").hidden = false;
    }
    store.keepAgain();
    await apply(answer);
    if (!(await isKept())) worksNoMore();
    if (!texts.offline || Object.keys(answer.rows).some((place) => !rows.has(place))) keep();
  }

  async function apply(answer) {
    heard = Math.max(heard, answer.now);
    for (const [place, told] of Object.entries(answer.rows)) {
      const row = rows.get(place);
      if (!row) continue;
      row.dataset.state = told.state;
      row.told = told.told;
      row.overruled = Boolean(told.overruled);
      row.classList.toggle("register-row--overruled", row.overruled);
    }
    await keepRows();
    draw();
  }

  // --- The copy on the device ----------------------------------------------------------------------------

  // Written with each answer, before its tick leaves the outbox: a page opened without a connection shows them both.
  async function keepRows() {
    if (!store.canKeep()) return;
    const entries = [...rows].map(([place, row]) => {
      return [place, { state: row.dataset.state, told: row.told, overruled: row.overruled }];
    });
    const now = JSON.stringify(entries);
    try {
      await store.keepRows(base, { rows: Object.fromEntries(entries), now: heard }, until);
      keptLast = now;
    } catch {
      if (now === keptLast) return;
      tellOffline(false);
      store.removeCopy(base).catch(() => {});
    }
  }

  function worksNoMore() {
    texts.offline = "";
    document.querySelector("[data-works-offline]").hidden = true;
  }

  const isKept = async () => texts.offline === "ready" && (await store.isKept(base).catch(() => false));

  async function keep() {
    if (keeping) return;
    if (!store.canKeep()) return tellOffline(false);
    keeping = true;
    const html = await fetchCopy();
    if (html) tellOffline(await canOpen(html));
    keeping = false;
  }

  // Nothing where there is no connection: the next look tries again.
  async function fetchCopy() {
    try {
      const response = await fetch(`${base}?kept`, { redirect: "error", signal: AbortSignal.timeout(KEEP_MS) });
      return response.ok ? await response.text() : "";
    } catch {
      return "";
    }
  }

  // Whether the page will open without a connection. Its storage may be full or refuse, and so may the worker.
  async function canOpen(html) {
    const kept = async () => {
      await store.keepPage(base, html, until);
      await store.startWorker(texts.worker, base);
      return true;
    };
    const late = new Promise((resolve) => setTimeout(resolve, KEEP_MS, false));
    return Promise.race([kept().catch(() => false), late]);
  }

  function tellOffline(ready) {
    texts.offline = ready ? "ready" : "";
    document.querySelector("[data-works-offline]").hidden = !ready;
    document.querySelector("[data-not-offline]").hidden = ready;
  }

  async function leaveInTheNight() {
    if (await store.forgetWhatIsOver().catch(() => false)) location.reload();
  }

  // --- What the page shows -----------------------------------------------------------------------------

  function shownState(place) {
    return outbox.waitingFor(place, user)?.state ?? rows.get(place).dataset.state;
  }

  function draw() {
    for (const [place, row] of rows) {
      const waiting = outbox.waitingFor(place, user);
      const state = shownState(place);
      for (const button of row.querySelectorAll("[aria-pressed]")) {
        button.setAttribute("aria-pressed", button.value === state);
      }
      row.querySelector(".register-row__undo").hidden = state === "open";
      drawOther(row, state);
      row.classList.toggle("register-row--unsent", Boolean(waiting && outbox.failures));
      if (adding.includes(place)) tell(place, texts.saving);
      else if (waiting) tell(place, outbox.failures ? (sender.signedOut ? texts.signedOut : texts.unsent) : texts.saving);
      else if (outbox.isSomebodyElses(place, user)) tell(place, `${row.told} ${texts.somebodyElses}`.trim());
      else tell(place, row.refusal ?? row.told);
    }
    const shown = [...rows.values()].map((row) => ({ ...row.dataset, later: "later" in row.dataset }));
    const { here, total } = count(shown, isEarly);
    write(root.querySelector("[data-count]"), fill(texts.here, { here, total }));
    write(root.querySelector("[data-waiting-count]"), outbox.failures ? whatWaits() : "");
    write(root.querySelector("[data-unkept]"), sender.kept ? "" : texts.keepsNothing);
    if (everyone) {
      everyone.hidden = !openPlaces().length;
      undoAll.hidden = !press;
    }
  }

  // "Other" says which of them was chosen, so that it is seen while they are folded away.
  function drawOther(row, state) {
    const other = row.querySelector("[data-other]");
    if (!other) return;
    const chosen = row.querySelector(`details [value="${state}"][aria-pressed]`);
    const words = { name: nameOf(row), label: chosen?.textContent.trim() };
    other.toggleAttribute("data-chosen", Boolean(chosen));
    other.setAttribute("aria-label", fill(chosen ? texts.chosenOf : texts.otherOf, words));
    write(other, chosen ? words.label : texts.other);
  }

  function whatWaits() {
    const elsewhere = outbox.of(user).filter((tick) => tick.base !== base).length;
    const parts = [[texts.waiting, outbox.size(base, user)], [texts.elsewhere, elsewhere]];
    return parts.flatMap(([text, n]) => (n ? [fill(text, { n })] : [])).join(", ");
  }

  function tell(place, text) {
    write(rows.get(place).querySelector("[data-told]"), text);
  }

  // --- The world around --------------------------------------------------------------------------------

  function wake() {
    if (document.hidden) return;
    leaveInTheNight();
    sender.waits ? sender.send() : sender.look(base);
  }

  addEventListener("online", () => (sender.waits ? sender.send() : wake()));
  addEventListener("pageshow", (event) => event.persisted && wake());
  document.addEventListener("resume", wake);
  document.addEventListener("visibilitychange", wake);
  addEventListener("beforeunload", (event) => {
    if (adding.length || (sender.waits && !sender.kept)) event.preventDefault();
  });
  // A colleague may be ticking on another device. Looking is for the day only: it keeps the person signed in.
  setInterval(() => {
    leaveInTheNight();
    if (sender.waits) sender.send();
    else if (!document.hidden && "today" in texts) sender.look(base);
  }, LOOK_AGAIN_MS);
  document.querySelector("[data-forget]")?.addEventListener("click", async () => {
    await store.forget();
    location.reload();
  });

  for (const row of rows.values()) {
    row.told = row.querySelector("[data-told]").textContent.trim();
    row.overruled = row.classList.contains("register-row--overruled");
  }
  const pressed = undoAll?.dataset.pressed.split(" ").filter(Boolean) ?? []; // before this page's script had come
  if (pressed.length) press = { key: undoAll.elements.press.value, places: pressed, at: 0 };
  const [last, over] = (await store.keptRows(base).catch(() => undefined)) ?? [undefined, Date.now()];
  if (isCopy) until = over;
  // The page before this one may have heard of a tick that was saved while this one was on its way.
  const isNewer = last && (isCopy || last.now > heard);
  if (isNewer) await apply(last);
  else if (!isCopy) await keepRows();
  await sender.refresh();
  draw();
  if (sender.waits) sender.send();
  else if (isNewer) sender.look(base);
  if (!isCopy) keep();
}

const nameOf = (row) => row.querySelector(".register-row__name").textContent.trim();

function write(element, text) {
  if (element.textContent !== text) element.textContent = text; // the same again is not read out again
}
