// The register's outbox, apart from the page: which tick is sent next, what each row says meanwhile, how long to wait.
// A tick stays here, under the key it was made with, until the server has answered it.

const WAITS_MS = [1000, 2000, 4000, 8000, 15000, 30000];

// One key per tick. randomUUID is missing where the page came without https.
export function newKey(source = globalThis.crypto) {
  if (source.randomUUID) return source.randomUUID();
  return Array.from(source.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
  ticks = [];
  failures = 0;

  // `places` has one place for a tick, several for "everyone here". `now` is a steady clock, in milliseconds.
  add({ places, state, key, everyone = false }, now) {
    this.ticks.push({ places, state, key, everyone, madeAt: now, tries: 0 });
  }

  get next() {
    return this.ticks[0];
  }

  get size() {
    return new Set(this.ticks.flatMap((tick) => tick.places)).size;
  }

  // What the person last ticked for this place and the server has not answered yet.
  waitingFor(place) {
    return this.ticks.findLast((tick) => tick.places.includes(place));
  }

  answered(key) {
    this.ticks = this.ticks.filter((tick) => tick.key !== key);
    this.failures = 0;
  }

  failed() {
    this.failures += 1;
    if (this.next) this.next.tries += 1;
  }

  get waitMs() {
    return WAITS_MS[Math.min(this.failures, WAITS_MS.length) - 1] ?? 0;
  }
}

// How long ago the tick was made: the device's clock may be wrong, a difference of its steady one is not.
export function agoSeconds(tick, now) {
  return Math.max(0, Math.round(now - tick.madeAt) / 1000);
}

// "saved", "refused", "expired" (the token is too old: fetch another) or "failed" (try again).
export function verdict(status, answer, key) {
  if (status === 200 && answer?.key === key) return "saved";
  if (status === 403) return "expired";
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return "refused";
  return "failed";
}

const ATTENDED = ["present", "late", "left_early"];

// Of rows as {state, later}: who is here, of how many. Who joined after the session counts only once ticked.
export function count(rows) {
  const counted = rows.filter((row) => !(row.later && row.state === "open"));
  return { here: counted.filter((row) => ATTENDED.includes(row.state)).length, total: counted.length };
}

export function fill(text, values) {
  return text.replace(/{(\w+)}/g, (whole, name) => values[name] ?? whole);
}
