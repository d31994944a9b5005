// What the register keeps on this device, in IndexedDB (docs/decisions/offline-register.md lists it):
// "ticks" that are not saved yet, as opaque codes; "kept", the sealed copy of the page and of its rows; "keys", the key
// they are sealed with, which no script can read out. register-worker.js reads the copy.

import { isOver } from "./register-logic.js";

const ASSETS = "register-assets";
const STEPS = 8; // of patience, two seconds together: some browsers' storage never answers
const STEP_MS = 250;
let left = false; // once the copy is removed, this page makes no other
let unanswered = 0; // what was asked and given up

// Short steps, since a phone that was locked meanwhile has not waited.
async function inTime(asked, giveUp = () => {}) {
  let steps = 0;
  let timer;
  const patience = new Promise((resolve, reject) => {
    timer = setInterval(() => (steps += 1) === STEPS && reject(new Error("the storage does not answer")), STEP_MS);
  });
  try {
    return await Promise.race([asked, patience]);
  } finally {
    clearInterval(timer);
    if (steps === STEPS) {
      unanswered += 1;
      const answered = () => (unanswered -= 1);
      asked.then(answered, answered);
      giveUp();
    }
  }
}

let opened;
function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("register", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("ticks", { keyPath: "n", autoIncrement: true });
      asked.result.createObjectStore("kept");
      asked.result.createObjectStore("keys");
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      asked.result.onclose = () => (opened = undefined); // its storage was cleared
      resolve(asked.result);
    };
    asked.onerror = () => {
      opened = undefined;
      reject(asked.error);
    };
  });
  return opened;
}

// One transaction; what `use` returns is a request whose result is wanted, or nothing. While something was asked and not
// answered nobody waits again, but for what must go from this device: that is asked, and not taken back.
async function within(names, mode, use, mustGo = false) {
  if (unanswered && !mustGo) throw new Error("the storage does not answer");
  const begun = open().then((database) => {
    const transaction = database.transaction(names, mode, { durability: "strict" });
    const request = use(...names.map((name) => transaction.objectStore(name)));
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error ?? new Error("taken back"));
    });
    return { transaction, done };
  });
  const takeBack = () => mustGo || begun.then(({ transaction }) => transaction.abort()).catch(() => {});
  return inTime(begun.then(({ done }) => done), takeBack);
}

// --- Ticks -----------------------------------------------------------------------------------------------

export const ticks = () => within(["ticks"], "readonly", (store) => store.getAll());

export const add = (tick) => within(["ticks"], "readwrite", (store) => store.add(tick));

export const remove = (tick) => within(["ticks"], "readwrite", (store) => void store.delete(tick.n));

// In the order they were made, whichever of them are there still.
export const putBack = (made) =>
  within(["ticks"], "readwrite", (store) => {
    const asked = store.getAll();
    asked.onsuccess = () => {
      const keys = new Set(made.map((tick) => tick.key));
      for (const tick of asked.result) if (keys.has(tick.key)) store.delete(tick.n);
      for (const tick of made) store.add(tick);
    };
  });

// --- The copy of the page ----------------------------------------------------------------------------------

export const canKeep = () => Boolean(globalThis.crypto?.subtle && navigator.serviceWorker && globalThis.caches);

async function key() {
  const found = await within(["keys"], "readonly", (store) => store.get("key"));
  if (found) return found;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await within(["keys"], "readwrite", (store) => {
    const asked = store.get("key"); // another tab may have been quicker
    asked.onsuccess = () => asked.result ?? store.put(made, "key");
  });
  return within(["keys"], "readonly", (store) => store.get("key"));
}

async function seal(text, until) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), new TextEncoder().encode(text));
  return { iv, sealed, until, made: Date.now() };
}

async function put(name, text, until, more = {}) {
  if (left) return;
  const record = { ...(await seal(text, until)), ...more };
  await within(["kept"], "readwrite", (store) => void (left || store.put(record, name)));
}

// Its styles and scripts first: a page without them would take no ticks.
export async function keepPage(base, html, until) {
  const assets = assetsOf(html);
  const cache = await inTime(caches.open(ASSETS));
  await cache.addAll(assets);
  await put(`page ${base}`, html, until, { assets });
  await removeAssetsOfNone(cache);
}

// A copy that lacks what was said last would say what is no longer so: rather none.
export const removeCopy = (base) =>
  within(["kept"], "readwrite", (store) => void [`page ${base}`, `rows ${base}`].map((name) => store.delete(name)), true);

// Browsers clear away what they like, and tell nobody.
export async function isKept(base) {
  const page = await within(["kept"], "readonly", (store) => store.get(`page ${base}`));
  const worker = await inTime(navigator.serviceWorker.getRegistration(base));
  if (!page?.assets || !worker?.active || new URL(worker.scope).pathname !== base) return false;
  const found = await inTime(Promise.all(page.assets.map((url) => caches.match(url, { cacheName: ASSETS }))));
  return found.every(Boolean);
}

// The worker that opens the copy, once it is at work.
export async function startWorker(script, base) {
  const registration = await navigator.serviceWorker.register(script, { scope: base });
  const worker = registration.installing ?? registration.waiting;
  if (!worker) return;
  await new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("another worker took its place, or none could be installed"));
    });
  });
}

export const keepRows = (base, rows, until) => put(`rows ${base}`, JSON.stringify(rows), until);

// [rows, until] as they were kept last, or nothing.
export async function keptRows(base) {
  const record = await within(["kept"], "readonly", (store) => store.get(`rows ${base}`));
  if (!record || isOver(record, Date.now())) return undefined;
  try {
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: record.iv }, await key(), record.sealed);
    return [JSON.parse(new TextDecoder().decode(text)), record.until];
  } catch {
    return undefined; // sealed with a key that is gone
  }
}

// Another page has sent ticks of that register: its copy says so too.
export async function addToKeptRows(base, { rows, now }) {
  const [last, until] = (await keptRows(base)) ?? [];
  if (last) await keepRows(base, { rows: { ...last.rows, ...rows }, now }, until);
}

// The page's own styles and scripts, and those that the page which is open has loaded: nothing of them is personal. The
// copy may be of a newer version than the page that is open.
function assetsOf(html) {
  const copy = new DOMParser().parseFromString(html, "text/html");
  const named = copy.querySelectorAll("link[rel=stylesheet], link[rel=modulepreload], script[src], [data-src]");
  const addresses = [...named].map((one) => one.getAttribute("href") ?? one.getAttribute("src") ?? one.dataset.src);
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const wanted = new Set([...loaded, ...addresses].map((address) => new URL(address, location.href).href));
  return [...wanted].filter((url) => new URL(url).origin === location.origin && /\.(css|js|svg)$/.test(url));
}

// Each copy says what it needs; one of a version that did not keeps all of them.
async function removeAssetsOfNone(cache) {
  const pages = IDBKeyRange.bound("page ", "page \uffff");
  const copies = await within(["kept"], "readonly", (store) => store.getAll(pages));
  if (copies.some((copy) => !copy.assets)) return;
  const needed = new Set(copies.flatMap((copy) => copy.assets));
  for (const request of await cache.keys()) if (!needed.has(request.url)) await cache.delete(request);
}

// Removes the names, and with their key the sense of whatever the disk still holds of them. Ticks stay.
export async function forget() {
  left = true;
  const clear = (kept, keys) => {
    kept.clear();
    keys.clear();
  };
  await within(["kept", "keys"], "readwrite", clear, true);
}

export async function forgetWhatIsOver() {
  const records = await within(["kept"], "readonly", (store) => store.getAll());
  if (!records.some((record) => isOver(record, Date.now()))) return false;
  await forget();
  return true;
}

// After signing in again on the same page a copy may be made again.
export const keepAgain = () => (left = false);
