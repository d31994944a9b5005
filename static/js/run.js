// Keeps the run view and the room's screen up to date without anybody touching them. The server knows how things
// stand; the page asks for its version, and fetches itself anew when that has changed. A press is sent under a key of
// its own and, where the connection is gone, waits in memory and says so. The clock goes on by itself.

import { ServerClock, Watch, clockText, drift, level, pace, verdict } from "./run-clock.js";
import { newKey } from "./register-logic.js";

const GIVE_UP_MS = 8000;
const DRAW_MS = 250;
const TRY_AGAIN_S = 1.2;
const LONGEST_WAIT_S = 5;
const SAID_MS = 20000;
const HHMM = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
const seconds = () => performance.now() / 1000;

export default function run(root) {
  const texts = root.dataset;
  const find = (selector) => root.querySelector(selector);
  const wire = find("[data-wire]");
  const ask = find("[data-ask]");
  let live = find("[data-live]");
  const clock = new ServerClock(Number(live.dataset.now), seconds());
  const watch = new Watch(seconds());
  let waiting; // the press that has no answer yet
  let said = wire.textContent;
  let signedOut = false;
  let looking;
  let timer;
  let awake;
  let forget;

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

  // The page as it is now, in place of what stands here; the focus and what was opened stay.
  async function renew() {
    const [status, text] = await fetched(texts.page, {}, "text");
    const page = status === 200 && new DOMParser().parseFromString(text, "text/html");
    const next = page && page.querySelector("[data-live]");
    if (!next) return false;
    const focused = live.contains(document.activeElement) ? document.activeElement.id : null;
    const title = live.querySelector("#now")?.textContent.trim();
    const fresh = document.importNode(next, true);
    live.replaceWith(fresh);
    live = fresh;
    watch.touch(seconds());
    watch.ended = live.dataset.phase === "ended";
    if (focused !== null) (live.querySelector(`#${CSS.escape(focused)}:enabled`) ?? live.querySelector("#now")).focus();
    const now = live.querySelector("#now")?.textContent.trim();
    if (now !== title) write(find("[data-announce]"), now);
    draw();
    stayAwake();
    return true;
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

  root.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (!submitter) return; // an old browser: the form goes by itself
    event.preventDefault();
    say("");
    if (waiting) {
      if (waiting.failed) say(texts.oneWaits);
      return draw();
    }
    const body = new URLSearchParams(new FormData(form));
    if (submitter.name) body.set(submitter.name, submitter.value);
    if (form.id === "press") body.set("key", newKey());
    const what = submitter.textContent.trim().replace(/\s+/g, " ");
    waiting = { url: form.action, body, what, asks: form === ask, failed: 0 };
    root.toggleAttribute("data-held", true); // at once: until it is answered no other press is taken
    send();
  });

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
    if (press.asks && result === "done") emptied();
    await looking; // a question asked before the press does not know of it
    return go();
  }

  function emptied() {
    ask.querySelector("[name=text]").value = "";
    ask.querySelector("[name=effect_key]").value = newKey();
  }

  find("[data-forget]")?.addEventListener("click", () => {
    waiting = undefined;
    draw();
    live.querySelector("#now").focus();
  });

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
      write(live.querySelector("[data-left]"), clockText(left));
      write(live.querySelector("[data-level]"), texts[how] ?? "");
      const clocked = live.querySelector("[data-clock]");
      clocked.className = clocked.className.replace(/run__clock--\w+/, `run__clock--${how}`);
      const gone = Number(planned) ? Math.min(100, 100 * (1 - left / planned)) : 100;
      live.querySelector("[data-gone]").setAttribute("width", Math.max(0, gone).toFixed(1));
    }
    if (phase === "running" || phase === "break") {
      const moved = drift({ told: Number(told), deadline: deadline && Number(deadline) }, now);
      write(live.querySelector("[data-pace]"), pace(Number(behind) + moved, texts));
      write(live.querySelector("[data-ends-at]"), HHMM.format(new Date(1000 * (Number(ends) + moved))));
    }
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
  stayAwake();
  go();
}

function join(...sentences) {
  return sentences.filter(Boolean).join(" ");
}

function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text; // the same again is not read out again
}
