// The run view's clock and manners, apart from the page: the server's time on a device whose own clock lies, how
// pressing the time left is, when to ask for news and when to stop. sessions_app/running/clock.py says the same in Python.

// Times in seconds; `at` is the device's steady clock (performance.now() / 1000), which knows differences only.
export class ServerClock {
  constructor(now, at) {
    this.offset = now - at;
    this.width = Infinity; // how long the best answer travelled
  }

  // The server said `now`, somewhere between our asking and hearing it. A better answer replaces a worse one, and any
  // answer one that cannot be right any more: some devices' steady clock stands still while they sleep.
  hear(now, asked, heard) {
    const width = heard - asked;
    const contradicts = this.offset < now - heard || this.offset > now - asked;
    if (!contradicts && width > this.width) return;
    this.offset = now - (asked + heard) / 2;
    this.width = width;
  }

  time(at) {
    return at + this.offset;
  }
}

export function level(left, planned) {
  if (left < 0) return "over";
  if (left <= planned / 20) return "red";
  return left <= planned / 5 ? "amber" : "calm";
}

const LEVELS = ["calm", "amber", "red", "over"];

// What is said aloud of the time that something has: each level once, and none again that is past. How it stood when the
// page came is read with the page.
export class Warnings {
  #on;
  #said = 0;

  next(on, how) {
    const level = LEVELS.indexOf(how);
    const first = this.#on === undefined;
    if (this.#on !== on) {
      this.#on = on;
      this.#said = first ? level : 0;
    }
    if (level <= this.#said) return false;
    this.#said = level;
    return true;
  }
}

// Minutes and seconds left; over the time, by how much, with a plus.
export function clockText(left) {
  const seconds = left >= 0 ? Math.ceil(left) : Math.floor(-left);
  return `${left < 0 ? "+" : ""}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

const HERE = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone: "Europe/London",
});

// 6:30pm, 6pm, midday, midnight: as ppg/time_of_day.py writes it.
export function timeOfDay(seconds) {
  const [hour, minute] = HERE.format(new Date(1000 * seconds)).split(":").map(Number);
  if (!minute && hour % 12 === 0) return hour ? "midday" : "midnight";
  const minutes = minute ? `:${String(minute).padStart(2, "0")}` : "";
  return `${hour % 12 || 12}${minutes}${hour < 12 ? "am" : "pm"}`;
}

// By how much the end has moved since the page was told: it does while something runs over its time, or nothing is on.
export function drift({ told, deadline }, now) {
  if (deadline === undefined) return Math.max(0, now - told);
  return Math.max(0, now - deadline) - Math.max(0, told - deadline);
}

export function pace(behind, texts) {
  const n = Math.floor(Math.abs(behind) / 60);
  if (!n) return texts.onTime;
  const text = texts[(behind > 0 ? "behind" : "ahead") + (n === 1 ? "One" : "Many")];
  return text.replace("{n}", n);
}

const ASK_S = 1;
const BACK_OFF_S = [1, 2, 4, 8, 15];
const QUIET_S = 3 * 60 * 60;
const QUIET_AFTER_END_S = 5 * 60;

// When to ask for news: not while nobody looks, and not for ever where nothing happens any more.
export class Watch {
  hidden = false;
  ended = false;
  failures = 0;

  constructor(at) {
    this.touched = at;
  }

  // Somebody touched the device, or something has changed.
  touch(at) {
    this.touched = at;
  }

  asleep(at) {
    return at - this.touched > (this.ended ? QUIET_AFTER_END_S : QUIET_S);
  }

  // Seconds to the next question, or null where none is to be asked.
  wait(at) {
    if (this.hidden || this.asleep(at)) return null;
    return this.failures ? BACK_OFF_S[Math.min(this.failures, BACK_OFF_S.length) - 1] : ASK_S;
  }
}

// What an answer to a press means: "done", "refused", "expired" (the form is too old) or "failed" (send it again).
export function verdict(status, answer) {
  if (answer && "said" in answer && (status === 200 || status === 409 || status === 422)) {
    return status === 200 ? "done" : "refused";
  }
  if (status === 403) return "expired";
  if (status === 404) return "refused";
  return "failed";
}
