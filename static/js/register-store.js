// What the register keeps on this device, in IndexedDB (docs/decisions/offline-register.md lists it):
// "ticks" that are not saved yet, as opaque codes; "kept", the sealed copy of the page and of its rows; "keys", the key
// they are sealed with, which no script can read out. register-worker.js reads the copy.

import { isOver } from "./register-logic.js";

const ASSETS = "register-assets";
let left = false; // once the copy is removed, this page makes no other

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
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

// One transaction; what `use` returns is a request whose result is wanted, or nothing.
async function within(names, mode, use) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, mode, { durability: "strict" });
    const request = use(...names.map((name) => transaction.objectStore(name)));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

// --- Ticks -----------------------------------------------------------------------------------------------

export const ticks = () => within(["ticks"], "readonly", (store) => store.getAll());

export const add = (tick) => within(["ticks"], "readwrite", (store) => store.add(tick));

export const remove = (tick) => within(["ticks"], "readwrite", (store) => void store.delete(tick.n));

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

async function put(name, text, until) {
  if (left) return;
  const record = await seal(text, until);
  await within(["kept"], "readwrite", (store) => void (left || store.put(record, name)));
}

export const keepPage = (base, html, until) => put(`page ${base}`, html, until);

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

// The page's own styles and scripts: nothing of them is personal.
export async function keepAssets() {
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const named = [...document.querySelectorAll("link[rel=stylesheet], link[rel=modulepreload], script[src]")];
  const wanted = new Set([...loaded, ...named.map((element) => element.href ?? element.src)]);
  const cache = await caches.open(ASSETS);
  const files = [...wanted].filter((url) => new URL(url).origin === location.origin && /\.(css|js|svg)$/.test(url));
  await cache.addAll(files);
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
}

// Removes the names, and with their key the sense of whatever the disk still holds of them. Ticks stay.
export async function forget() {
  left = true;
  await within(["kept", "keys"], "readwrite", (kept, keys) => {
    kept.clear();
    keys.clear();
  });
}

export async function forgetWhatIsOver() {
  const records = await within(["kept"], "readonly", (store) => store.getAll());
  if (!records.some((record) => isOver(record, Date.now()))) return false;
  await forget();
  return true;
}

// After signing in again on the same page a copy may be made again.
export const keepAgain = () => (left = false);
