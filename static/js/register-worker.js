// Opens one session's register where there is no connection: this worker's scope is that page's address. It serves the
// copy that register-store.js keeps, never makes one, and touches nothing else. sessions_app.register.views gives it
// PAGES (what to say where there is no copy) and HEADERS. An older script than a module: Firefox's workers want that.

/* global PAGES, HEADERS */
const ASSETS = "register-assets";
const PATIENCE_MS = 5000; // wifi that is there and leads nowhere
const STORAGE_MS = 2000; // some browsers' storage never answers
const SILENT = Symbol("the storage does not answer");
const FOREVER = /\.[0-9a-f]{12}\.\w+$/; // a static file under a name made from its content
const HERE = new URL(self.registration.scope).pathname;

const later = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value));

const inTime = (asked) => Promise.race([asked, later(STORAGE_MS, SILENT)]);

// In a window that keeps nothing for good WebKit drops a cache that nobody holds: as long as this worker lives, it does.
self.held = inTime(caches.open(ASSETS)).catch(() => undefined);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, request, url));
  else if (["script", "style", "image"].includes(request.destination)) event.respondWith(asset(request));
});

async function page(event, request, url) {
  const isRegister = url.pathname === HERE;
  const reading = isRegister ? inTime(kept()) : Promise.resolve();
  event.waitUntil(reading); // its night may be over
  try {
    const response = await Promise.race([fetch(request), patience(reading)]);
    if (response.status < 500 || !isCopy(await reading)) return response;
  } catch {
    // No connection, or none worth the name.
  }
  const copy = await reading;
  if (isCopy(copy)) return answer(copy);
  const ticks = isRegister ? await inTime(waiting()) : 0;
  const silent = copy === SILENT || ticks === SILENT;
  const said = isRegister ? (silent ? PAGES.silent : ticks ? PAGES.waiting : PAGES.gone) : PAGES.offline;
  return answer(said.replaceAll("REGISTER", HERE).replaceAll("TICKS", String(ticks)), 503);
}

const isCopy = (found) => typeof found === "string";

// Only where there is a copy to open instead.
async function patience(reading) {
  await later(PATIENCE_MS);
  if (isCopy(await reading)) throw new Error("no answer");
  return new Promise(() => {});
}

const answer = (html, status = 200) => new Response(html, { status, headers: HEADERS });

async function asset(request) {
  const kept = await inTime(caches.match(request, { cacheName: ASSETS })).catch(() => undefined);
  const found = kept === SILENT ? undefined : kept;
  if (found && FOREVER.test(new URL(request.url).pathname)) return found;
  return fetch(request).catch((error) => {
    if (found) return found;
    throw error;
  });
}

// --- What is kept ------------------------------------------------------------------------------------------

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function within(use) {
  let database;
  try {
    const opening = indexedDB.open("register");
    opening.onupgradeneeded = () => opening.transaction.abort(); // nothing was ever kept
    database = await asked(opening);
    return await use(database);
  } catch {
    return undefined;
  } finally {
    database?.close();
  }
}

const get = (database, name, key) => asked(database.transaction(name).objectStore(name).get(key));

async function hasAll(assets) {
  const found = await Promise.all(assets.map((url) => caches.match(url, { cacheName: ASSETS })));
  return found.every(Boolean);
}

const kept = () =>
  within(async (database) => {
    const copy = await get(database, "kept", `page ${HERE}`);
    if (!copy) return undefined;
    if (Date.now() >= copy.until || Date.now() < copy.made - 60000) {
      const end = database.transaction(["kept", "keys"], "readwrite");
      end.objectStore("kept").clear();
      return asked(end.objectStore("keys").clear());
    }
    if (!(await hasAll(copy.assets ?? []))) return undefined; // without its scripts it would take no ticks
    const key = await get(database, "keys", "key");
    return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: copy.iv }, key, copy.sealed));
  });

const waiting = async () =>
  (await within((database) => asked(database.transaction("ticks").objectStore("ticks").count()))) ?? 0;
