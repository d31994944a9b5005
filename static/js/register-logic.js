// The register's outbox, apart from the page: which tick is sent next, what each row says meanwhile, how long to wait.
// A tick stays here, under the key it was made with, until the server has answered it.

const WAITS_MS = [1000, 2000, 4000, 8000, 15000, 30000];

// One key per tick. randomUUID is missing where the page came without https.
export function newKey(source = globalThis.crypto) {
  if (source.randomUUID) return source.randomUUID();
  return Array.from(source.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A tick is {n, base, places, state, key, everyone, user, heard, wall, steady, run}: opaque codes and times only.
// `base` is the register's address, `places` one place for a tick and several for "everyone here". A tick that takes back
// what "everyone here" did has the key of that press too, as `undoes`: it counts only where nothing was ticked since.
export class Outbox {
  ticks = [];
  failures = 0;

  // Of one session, by one person: somebody else's wait until that person signs in.
  next(base, user) {
    return this.ticks.find((tick) => tick.base === base && tick.user === user);
  }

  bases(user) {
    return [...new Set(this.of(user).map((tick) => tick.base))];
  }

  of(user) {
    return this.ticks.filter((tick) => tick.user === user);
  }

  // What the person last ticked for this place and the server has not answered yet.
  waitingFor(place, user) {
    return this.of(user).findLast((tick) => tick.places.includes(place));
  }

  isSomebodyElses(place, user) {
    return this.ticks.some((tick) => tick.user !== user && tick.places.includes(place));
  }

  // How many rows of this register wait.
  size(base, user) {
    return new Set(this.of(user).flatMap((tick) => (tick.base === base ? tick.places : []))).size;
  }

  answered(key) {
    this.ticks = this.ticks.filter((tick) => tick.key !== key);
    this.failures = 0;
  }

  failed() {
    this.failures += 1;
  }

  get waitMs() {
    return WAITS_MS[Math.min(this.failures, WAITS_MS.length) - 1] ?? WAITS_MS[0];
  }
}

// What a device's clocks say: `wall` may be set by hand, `steady` stops while some phones sleep and starts afresh with
// each page (`run`).
export function clocks() {
  return { wall: Date.now(), steady: performance.now(), run: performance.timeOrigin };
}

// How long ago a tick was made. The steady clock never says too much, the other can: the server bounds it by `heard`.
// A tick is at least as old as those made after it, whatever was done to the clock in between.
export function agoSeconds(tick, ticks, now) {
  const later = ticks.slice(ticks.findIndex((one) => one.key === tick.key)).filter((one) => one.base === tick.base);
  const ago = (one) => Math.max(0, now.wall - one.wall, one.run === now.run ? now.steady - one.steady : 0);
  return Math.round(Math.max(...later.map(ago))) / 1000;
}

// "saved", "refused", "waits" (somebody else is signed in), "expired" (the token is too old: fetch another) or
// "failed" (try again). Only an answer of our own settles a tick: a proxy may say 404 as well.
export function verdict(status, answer, key) {
  if (status === 200 && answer?.key === key) return "saved";
  if (answer?.somebody_elses) return "waits";
  if (status >= 400 && status < 500 && answer?.sentence) return "refused";
  if (status === 403) return "expired";
  return "failed";
}

// Whether a refusal takes the tick off the device: on the page of its own register, where it is said; and where that
// register cannot be opened any more (404).
export function isSettled(status, base, shown) {
  return base === shown || status === 404;
}

// Whether a copy that may be kept until `until` has to go. One from the future was made under another clock.
export function isOver({ until, made }, now) {
  return now >= until || now < made - 60000;
}

const ATTENDED = ["present", "late", "left_early"];

// Of rows as {state, later}: who is here, of how many; before the session's day, who has sent apologies. Who joined after
// the session counts only once ticked.
export function count(rows, early = false) {
  const counted = rows.filter((row) => !(row.later && row.state === "open"));
  const states = early ? ["apologies"] : ATTENDED;
  return { here: counted.filter((row) => states.includes(row.state)).length, total: counted.length };
}

export function fill(text, values) {
  return text.replace(/{(\w+)}/g, (whole, name) => values[name] ?? whole);
}
