// Keeps the run view and the room's display up to date without anybody touching them. The server knows how things
// stand; the page asks for its version, and fetches itself anew when that has changed. A press is sent under a key of
// its own and, where the connection is gone, waits in memory and says so. The clock goes on by itself.

import { ServerClock, Warnings, Watch, clockText, drift, level, pace, timeOfDay, verdict } from "./run-clock.js";
import { newKey } from "./register-logic.js";

const GIVE_UP_MS = 8000;
const DRAW_MS = 250;
const TRY_AGAIN_S = 1.2;
const LONGEST_WAIT_S = 5;
const SAID_MS = 20000;
const JUST_S = 2; // a press so soon after a change may have meant what stood there before
const DARK = ["running", "break"];
const seconds = () => performance.now() / 1000;

export default function run(root) {
  const texts = root.dataset;
  const find = (selector) => root.querySelector(selector);
  const wire = find("[data-wire]");
  const ask = find("[data-ask]");
  const sure = find("[data-sure]");
  let live = find("[data-live]");
  const clock = new ServerClock(Number(live.dataset.now), seconds());
  const watch = new Watch(seconds());
  const warnings = new Warnings();
  const darkRule = findDarkRule();
  const darkQuery = darkRule?.media.mediaText;
  let waiting; // the press that has no answer yet
  let said = wire.textContent;
  let signedOut = false;
  let looking;
  let timer;
  let awake;
  let forget;
  let changed = -Infinity; // when something else came on
  let answered; // of the question that stands on the page

  // --- Asking --------------------------------------------------------------------------------------------

  async function fetched(url, options, read) {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), GIVE_UP_MS);
    try {
      const response = await fetch(url, { cache: "no-store", redirect: "manual", ...options, signal: stop.signal });
      signedOut = response.type === "opaqueredirect";
      return [response.status, await response[read]().catch(() => null)];
    } catch {
      return [0, null];
    } finally {
      clearTimeout(late);
    }
  }

  // One question at a time; whoever asks meanwhile gets the same answer.
  function look() {
    looking ??= lookNow().finally(() => (looking = undefined));
    return looking;
  }

  async function lookNow() {
    const asked = seconds();
    const [status, news] = await fetched(texts.stateUrl, { headers: { Accept: "application/json" } }, "json");
    let good = status === 200 && Boolean(news?.version);
    if (good) {
      clock.hear(news.now, asked, seconds());
      if (news.version !== live.dataset.version) good = await renew();
    }
    watch.failures = good ? 0 : watch.failures + 1;
    return good;
  }

  // The parts of the page as they are now, in place of those that stand here; the focus, what was opened and what is
  // being typed stay.
  async function renew() {
    const [status, text] = await fetched(texts.page, {}, "text");
    const page = status === 200 && new DOMParser().parseFromString(text, "text/html");
    if (!page || !page.querySelector("[data-live]")) return false;
    const title = titleOf(live);
    const { phase, on } = live.dataset;
    const focused = document.activeElement;
    const opened = [...root.querySelectorAll("[data-part] details[open]")].map((one) => one.id);
    for (const part of root.querySelectorAll("[data-live], [data-part]")) {
      const next = page.getElementById(part.id);
      if (next) part.replaceWith(document.importNode(next, true));
      else part.replaceChildren();
    }
    live = find("[data-live]");
    texts.phase = live.dataset.phase;
    for (const id of opened) root.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
    if (!focused.isConnected) (again(focused.id) ?? find("#now")).focus();
    watch.touch(seconds());
    watch.ended = live.dataset.phase === "ended";
    if (phase !== live.dataset.phase || on !== live.dataset.on) changed = seconds();
    if (titleOf(live) !== title) write(find("[data-announce]"), titleOf(live));
    inTheDark();
    draw();
    stayAwake();
    return true;
  }

  function again(id) {
    return id && root.querySelector(`#${CSS.escape(id)}:not(:disabled, [hidden])`);
  }

  function titleOf(part) {
    return part.querySelector("#now").textContent.trim();
  }

  async function go() {
    clearTimeout(timer);
    timer = undefined;
    if (watch.wait(seconds()) !== null) {
      const good = await look();
      if (good && waiting && !waiting.sending) return send();
    }
    draw();
    goIn(watch.wait(seconds()));
  }

  function goIn(wait) {
    clearTimeout(timer);
    timer = wait === null ? undefined : setTimeout(go, wait * 1000);
  }

  function touched() {
    const slept = watch.asleep(seconds());
    watch.touch(seconds());
    if (slept || timer === undefined) go();
  }

  // --- Pressing ------------------------------------------------------------------------------------------

  root.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (!submitter || "leaves" in form.dataset) return; // an old browser; or another page comes
    event.preventDefault();
    say("");
    if (waiting) {
      if (waiting.failed) say(texts.oneWaits);
      return draw();
    }
    const body = new URLSearchParams(new FormData(form)); // as it stands now: meanwhile somebody else may press
    const what = submitter.textContent.trim().replace(/\s+/g, " ");
    const question = questionBefore(form, submitter, what);
    if (question && !(await isSure(question))) return;
    if (form !== ask) fold();
    if (submitter.name) body.set(submitter.name, submitter.value);
    if (form.id === "press") body.set("key", newKey());
    waiting = { url: form.action, body, what, typed: form === ask, failed: 0 };
    root.toggleAttribute("data-held", true); // at once: until it is answered no other press is taken
    send();
  });

  // What is asked before a press is made: whether the session ends, and whether what has just come on was meant. Undo is
  // what somebody reaches for who has just pressed by mistake.
  function questionBefore(form, submitter, what) {
    if (submitter.dataset.asks) return submitter.dataset.asks;
    const soon = form.id === "press" && submitter.value !== "undo" && seconds() - changed < JUST_S;
    return soon ? texts.justChanged.replace("{title}", titleOf(live)).replace("{what}", what) : "";
  }

  function isSure(question) {
    if (!sure?.showModal) return Promise.resolve(confirm(question));
    if (sure.open) return Promise.resolve(false);
    sure.querySelector("[data-question]").textContent = question;
    sure.returnValue = "";
    sure.showModal();
    return new Promise((resolve) => (answered = resolve));
  }

  sure?.querySelector("[data-yes]").addEventListener("click", () => sure.close("yes"));
  sure?.querySelector("[data-no]").addEventListener("click", () => sure.close("no"));
  sure?.addEventListener("close", () => answered?.(sure.returnValue === "yes"));

  async function send() {
    const press = waiting;
    press.sending = true;
    const slow = setTimeout(draw, 500);
    const options = { method: "POST", body: press.body, headers: { Accept: "application/json" } };
    let [status, answer] = await fetched(press.url, options, "json");
    let result = verdict(status, answer);
    if (result === "expired" && !(await renew())) result = "failed"; // signed out, or no connection any more
    else if (result === "expired") {
      // Signed in again meanwhile: the page that came has a token that holds.
      press.body.set("csrfmiddlewaretoken", live.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
      [status, answer] = await fetched(press.url, options, "json");
      result = verdict(status, answer);
    }
    clearTimeout(slow);
    press.sending = false;
    if (waiting !== press) return; // told not to send it
    if (result === "failed") {
      press.failed += 1;
      draw();
      return goIn(Math.min(TRY_AGAIN_S * press.failed, LONGEST_WAIT_S));
    }
    waiting = undefined;
    say(answer?.said ?? texts.refused);
    if (press.typed && result === "done") emptied();
    await looking; // a question asked before the press does not know of it
    return go();
  }

  function emptied() {
    ask.querySelector("[name=text]").value = "";
    ask.querySelector("[name=effect_key]").value = newKey();
    fold();
  }

  find("[data-forget]")?.addEventListener("click", () => {
    waiting = undefined;
    draw();
    find("#now").focus();
  });

  // --- The dock ------------------------------------------------------------------------------------------

  const folds = [...root.querySelectorAll("[data-fold]")];

  // Folded up once something was pressed in it, or a question saved: the clock is what is looked at.
  function fold() {
    for (const one of folds) {
      if (!one.open) continue;
      if (one.contains(document.activeElement)) one.querySelector("summary").focus();
      one.open = false;
    }
  }

  for (const one of folds) {
    one.addEventListener("toggle", () => {
      if (one.open) for (const other of folds) if (other !== one) other.open = false;
    });
  }
  // What to do if somebody is upset is read from its beginning.
  root.addEventListener("toggle", ({ target }) => target.id === "upset" && target.open && target.scrollIntoView(), true);
  root.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && folds.find((one) => one.open);
    if (!open || sure?.open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest(".run__dock, [data-sure]")) return;
    for (const one of folds) one.open = false;
  });

  // A dim room: the page is dark while the session runs, whatever the device is set to, unless somebody asked for the
  // light one. The dark colours stand once, behind a question to the device, and the question is what changes.
  function inTheDark() {
    if (!sure || !darkRule) return; // the room's display, and who only follows, as the device is set
    const wanted = DARK.includes(live.dataset.phase) && ("light" in texts ? "light" : "dark");
    darkRule.media.mediaText = { dark: "screen", light: "not all" }[wanted] ?? darkQuery;
    document.documentElement.style.colorScheme = wanted || "";
  }

  // --- Showing -------------------------------------------------------------------------------------------

  function draw() {
    const held = find("[data-waiting]");
    if (held) held.hidden = !waiting?.failed;
    root.toggleAttribute("data-held", Boolean(waiting));
    write(wire, message());
    const { phase, now: told, deadline, planned, behind, ends } = live.dataset;
    const now = clock.time(seconds());
    if (deadline) {
      const left = Number(deadline) - now;
      const how = level(left, Number(planned));
      live.toggleAttribute("data-over-time", left < 0);
      drawClock(left, how, Number(planned));
      warn(how);
    }
    const undo = find("[data-undo-until]");
    if (undo) undo.hidden = now > Number(undo.dataset.undoUntil) && undo !== document.activeElement;
    if (phase === "running" || phase === "break") {
      const moved = drift({ told: Number(told), deadline: deadline && Number(deadline) }, now);
      write(live.querySelector("[data-pace]"), pace(Number(behind) + moved, texts));
      write(live.querySelector("[data-ends-at]"), timeOfDay(Number(ends) + moved));
    }
  }

  // The room's display may have no countdown.
  function drawClock(left, how, planned) {
    const clocked = live.querySelector("[data-clock]");
    if (!clocked) return;
    write(live.querySelector("[data-left]"), clockText(left));
    write(live.querySelector("[data-level]"), texts[how] ?? "");
    clocked.className = clocked.className.replace(/run__clock--\w+/, `run__clock--${how}`);
    const gone = planned ? Math.min(100, 100 * (1 - left / planned)) : 100;
    live.querySelector("[data-gone]").setAttribute("width", Math.max(0, gone).toFixed(1));
  }

  // How pressing it is, said once for each time that something has: after five minutes more it has another.
  function warn(how) {
    const words = warnings.next(live.dataset.on, how) && texts[how];
    if (words) write(find("[data-warn]"), `${words}: ${titleOf(live)}`);
  }

  function message() {
    const out = signedOut && watch.failures ? texts.signedOut : "";
    if (waiting?.failed) return join(texts.waits.replace("{what}", waiting.what), out, said);
    if (waiting) return texts.sending.replace("{what}", waiting.what);
    if (watch.failures > 1) return join(said, out || texts.lost);
    if (watch.asleep(seconds())) return texts.asleep;
    return said;
  }

  function say(text) {
    said = text;
    clearTimeout(forget);
    forget = setTimeout(() => (said = ""), SAID_MS);
  }

  async function stayAwake() {
    const wanted = !document.hidden && ["running", "break"].includes(live.dataset.phase);
    if (!wanted) {
      awake?.release();
      awake = undefined;
    } else if (!awake || awake.released) {
      awake = await navigator.wakeLock?.request("screen").catch(() => undefined);
    }
  }

  // --- The world around ----------------------------------------------------------------------------------

  document.addEventListener("visibilitychange", () => {
    watch.hidden = document.hidden;
    stayAwake();
    if (!document.hidden) {
      watch.touch(seconds());
      go();
    }
  });
  addEventListener("pageshow", (event) => event.persisted && go());
  addEventListener("online", go);
  addEventListener("pointerdown", touched);
  addEventListener("keydown", touched);
  addEventListener("beforeunload", (event) => {
    if (waiting) event.preventDefault();
  });
  setInterval(() => document.hidden || draw(), DRAW_MS);
  watch.hidden = document.hidden;
  watch.ended = live.dataset.phase === "ended";
  inTheDark();
  stayAwake();
  go();
}

function findDarkRule() {
  const sheets = [...document.styleSheets].filter((sheet) => sheet.href?.includes("colours"));
  const rules = sheets.flatMap((sheet) => [...sheet.cssRules]);
  return rules.find((rule) => rule.media?.mediaText.includes("prefers-color-scheme: dark"));
}

function join(...sentences) {
  return sentences.filter(Boolean).join(" ");
}

function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text; // the same again is not read out again
}
