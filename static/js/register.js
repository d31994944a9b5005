// Ticks the register without leaving the page. A row says "Saved" only when the server has answered its tick;
// until then the tick waits in the outbox and is sent again under the same key.

import { Outbox, agoSeconds, count, fill, newKey, verdict } from "./register-logic.js";

const GIVE_UP_MS = 10000;
const LOOK_AGAIN_MS = 30000;

export default function register(root) {
  const texts = root.dataset;
  const rows = new Map([...root.querySelectorAll("[data-place]")].map((row) => [row.dataset.place, row]));
  const everyone = root.querySelector("[data-everyone]");
  const said = root.querySelector("[data-said]");
  const outbox = new Outbox();
  let token = root.querySelector("[name=csrfmiddlewaretoken]")?.value;
  let sending = false;
  let signedOut = false;
  let timer;

  root.addEventListener("submit", (event) => {
    const form = event.target;
    const row = form.closest("[data-place]");
    if (row && !event.submitter) return; // an old browser: the form goes by itself
    event.preventDefault();
    if (row) {
      tick([row.dataset.place], event.submitter.value, form.action);
      if (event.submitter.hidden) row.querySelector("[name=state]").focus();
    } else {
      const open = [...rows].filter(([place, row]) => shownState(place) === "open" && !("later" in row.dataset));
      tick(open.map(([place]) => place), "present", form.action, true);
      root.querySelector(".register-bar__count").focus();
    }
  });

  function tick(places, state, url, all = false) {
    outbox.add({ places, state, key: newKey(), everyone: all }, performance.now());
    outbox.ticks.at(-1).url = url;
    draw();
    send();
  }

  // --- Sending: one at a time, in order --------------------------------------------------------------

  async function send() {
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    while (outbox.next) {
      const tick = outbox.next;
      if (outbox.failures && !(await look())) {
        outbox.failed();
        break;
      }
      const [status, answer] = await post(tick);
      let result = verdict(status, answer, tick.key);
      if (result === "expired" && tick.tries) result = "refused";
      if (result === "saved") {
        outbox.answered(tick.key);
        if (tick.everyone) apply(answer.rows);
        else apply({ [tick.places[0]]: answer });
        announce(tick);
      } else if (result === "refused") {
        outbox.answered(tick.key);
        draw();
        for (const place of tick.places) tell(place, answer?.sentence || texts.refused);
      } else {
        outbox.failed();
        break;
      }
    }
    sending = false;
    draw();
    if (outbox.next) timer = setTimeout(send, outbox.waitMs);
  }

  async function ask(url, options) {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), GIVE_UP_MS);
    try {
      const response = await fetch(url, { ...options, headers: { Accept: "application/json" }, signal: stop.signal });
      return [response.status, await response.json().catch(() => null), response];
    } catch {
      return [0, null, null];
    } finally {
      clearTimeout(late);
    }
  }

  // A redirect to the sign-in page is not an answer: it counts as a failure, and `look` finds out.
  function post(tick) {
    const body = new URLSearchParams({ csrfmiddlewaretoken: token, key: tick.key });
    if (!tick.everyone) {
      body.set("place", tick.places[0]);
      body.set("state", tick.state);
      body.set("ago", agoSeconds(tick, performance.now()));
    }
    return ask(tick.url, { method: "POST", body, redirect: "error" });
  }

  // What the register says now, a token that holds after signing in again, and whether we are signed in at all.
  async function look() {
    const [status, answer, response] = await ask(location.pathname, { redirect: "manual" });
    signedOut = response?.type === "opaqueredirect";
    if (status !== 200 || !answer) return false;
    token = answer.token;
    apply(answer.rows);
    return true;
  }

  // --- What the page shows -----------------------------------------------------------------------------

  function apply(answers) {
    for (const [place, answer] of Object.entries(answers)) {
      const row = rows.get(place);
      if (!row) continue;
      row.dataset.state = answer.state;
      row.told = answer.at ? fill(answer.state === "open" ? texts.undone : texts.saved, answer) : "";
    }
    draw();
  }

  function shownState(place) {
    return outbox.waitingFor(place)?.state ?? rows.get(place).dataset.state;
  }

  function draw() {
    for (const [place, row] of rows) {
      const waiting = outbox.waitingFor(place);
      const state = shownState(place);
      for (const button of row.querySelectorAll("[aria-pressed]")) {
        button.setAttribute("aria-pressed", button.value === state);
      }
      row.querySelector(".register-row__undo").hidden = state === "open";
      row.classList.toggle("register-row--unsent", Boolean(waiting && outbox.failures));
      if (waiting) tell(place, outbox.failures ? (signedOut ? texts.signedOut : texts.unsent) : texts.saving);
      else if (row.told !== undefined) tell(place, row.told);
    }
    const { here, total } = count([...rows.values()].map((row) => ({ ...row.dataset, later: "later" in row.dataset })));
    write(root.querySelector("[data-count]"), fill(texts.here, { here, total }));
    const unsent = outbox.failures ? outbox.size : 0;
    write(root.querySelector("[data-waiting-count]"), unsent ? fill(texts.waiting, { n: unsent }) : "");
    if (everyone) {
      everyone.hidden = ![...rows].some(([place, row]) => shownState(place) === "open" && !("later" in row.dataset));
    }
  }

  function tell(place, text) {
    write(rows.get(place).querySelector("[data-told]"), text);
  }

  function announce(tick) {
    if (tick.places.length !== 1) return; // the count says it
    const row = rows.get(tick.places[0]);
    said.textContent = `${row.querySelector(".register-row__name").textContent}: ${row.told}`;
  }

  // --- The world around --------------------------------------------------------------------------------

  addEventListener("online", send);
  addEventListener("pageshow", (event) => event.persisted && look());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) outbox.next ? send() : look();
  });
  addEventListener("beforeunload", (event) => {
    if (outbox.next) event.preventDefault();
  });
  // A colleague may be ticking on another device. Only on the day: it keeps the person signed in.
  if ("today" in root.dataset) setInterval(() => document.hidden || outbox.next || look(), LOOK_AGAIN_MS);
  root.dataset.ready = "";
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text; // the same again is not read out again
}
