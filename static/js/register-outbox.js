// Sends what waits in the outbox: one tick at a time, in order, from one tab at a time. A tick counts as saved only when
// the server has answered it. It is saved again and again under one key, so that twice is once.

import { Outbox, agoSeconds, clocks, isSettled, verdict } from "./register-logic.js";
import * as store from "./register-store.js";

const GIVE_UP_MS = 10000;

// `user` is the code of who is signed in. `saved`, `refused`, `looked` and `changed` are told what came of it, and
// `elsewhere` that another tab has sent something: saved(tick, answer) before the tick leaves the device, so that nothing
// is lost between the two. `base` is the register that the page shows, if it shows one: only there can a refusal be said,
// so ticks of other registers that are refused wait until theirs is opened.
export default class Sender {
  outbox = new Outbox();
  signedOut = false;
  asked = 0; // what was asked before another answer came may be older than it: `settled` is the number of that answer
  settled = 0;
  kept = true; // false where the browser stores nothing: then ticks live as long as the page
  mine = new Map(); // what this page has put on the device and nobody answered yet, by its key

  constructor({ user, token, base, saved, refused, looked, changed, elsewhere }) {
    Object.assign(this, { user, token, base, saved, refused, looked, changed });
    this.others = globalThis.BroadcastChannel ? new BroadcastChannel("register") : undefined;
    this.others?.addEventListener("message", async ({ data }) => {
      if (data.leaves) return this.mine.delete(data.leaves);
      const before = this.outbox.of(user).length;
      await this.refresh();
      this.changed();
      if (this.outbox.of(user).length < before) elsewhere?.();
    });
  }

  async refresh() {
    try {
      if (this.kept) this.outbox.ticks = await this.stored();
    } catch {
      this.kept = false;
    }
    for (const tick of this.missing(this.outbox.ticks)) this.outbox.ticks.push(tick);
  }

  // The browser may have cleared its storage while this page was open: then what was ticked here is put back. What is sent
  // once too often is still one tick, by its key.
  async stored() {
    const ticks = await store.ticks();
    if (!this.missing(ticks).length) return ticks;
    await store.putBack([...this.mine.values()]);
    return store.ticks();
  }

  missing(ticks) {
    const keys = new Set(ticks.map((tick) => tick.key));
    return [...this.mine.values()].filter((tick) => !keys.has(tick.key));
  }

  // Resolves once the tick is on the device, or it is known that this device keeps none: only then its row says anything
  // of it but that it is being saved.
  async add(tick) {
    const made = { ...tick, user: this.user, ...clocks() };
    try {
      if (this.kept) await store.add(made);
    } catch {
      this.kept = false;
    }
    this.mine.set(made.key, made);
    await this.refresh();
    this.others?.postMessage("added");
  }

  get waits() {
    return this.outbox.of(this.user).length > 0;
  }

  async send() {
    if (this.sending) {
      this.again = true; // the connection may have come back while one failed
      return;
    }
    this.sending = true;
    this.again = false;
    clearTimeout(this.timer);
    try {
      await alone(async () => {
        await this.refresh();
        for (const base of this.outbox.bases(this.user)) await this.sendAll(base);
      });
    } finally {
      this.sending = false;
      this.changed();
      if (this.waits) this.timer = setTimeout(() => this.send(), this.again ? 0 : this.outbox.waitMs);
    }
  }

  async sendAll(base) {
    let expired = false;
    for (let tick; (tick = this.outbox.next(base, this.user)); ) {
      if ((this.outbox.failures || expired || !this.token) && !(await this.look(base))) return this.outbox.failed();
      const [status, answer] = await this.post(tick);
      this.settled = ++this.asked;
      let result = verdict(status, answer, tick.key);
      if (result === "expired" && !expired) {
        expired = true;
        continue;
      }
      if (result === "refused" && !isSettled(status, base, this.base)) return this.outbox.failed();
      if (result === "saved") await this.saved(tick, answer);
      if (result === "saved" || result === "refused") {
        await this.leave(tick);
        expired = false;
        if (result === "refused") this.refused(tick, answer.sentence);
      } else {
        return this.outbox.failed();
      }
    }
  }

  async leave(tick) {
    this.mine.delete(tick.key);
    this.others?.postMessage({ leaves: tick.key });
    const removed = tick.n === undefined ? undefined : store.remove(tick).catch(() => {});
    if (this.kept) await removed;
    this.outbox.answered(tick.key);
    this.changed();
    this.others?.postMessage("left");
  }

  // A redirect to the sign-in page is not an answer: it counts as a failure, and `look` finds out.
  post(tick) {
    const body = new URLSearchParams({ csrfmiddlewaretoken: this.token, key: tick.key, maker: tick.user });
    body.set("ago", agoSeconds(tick, this.outbox.ticks, clocks()));
    if (tick.heard) body.set("heard", tick.heard);
    if (tick.undoes) body.set("press", tick.undoes);
    if (tick.everyone || tick.undoes) {
      body.set("places", tick.places.join(" "));
    } else {
      body.set("place", tick.places[0]);
      body.set("state", tick.state);
    }
    const way = tick.undoes ? "undo-everyone/" : tick.everyone ? "everyone-here/" : "mark/";
    return ask(tick.base + way, { method: "POST", body, redirect: "error" });
  }

  // What the register says now, a token that holds after signing in again, whether we are signed in at all, and who.
  async look(base) {
    const number = ++this.asked;
    const [status, answer, response] = await ask(base, { redirect: "manual" });
    this.signedOut = response?.type === "opaqueredirect";
    const good = status === 200 && Boolean(answer?.rows);
    if (good) this.token = answer.token;
    if (number > this.settled) {
      this.settled = number;
      await this.looked(base, good ? answer : undefined);
    }
    return good && answer.user === this.user;
  }
}

function alone(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request("register-outbox", { ifAvailable: true }, (lock) => (lock ? work() : undefined));
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
