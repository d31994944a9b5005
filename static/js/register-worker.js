// Opens one session's register where there is no connection: this worker's scope is that page's address. It serves the
// copy that register-store.js keeps, never makes one, and touches nothing else. sessions_app.register.views gives it
// PAGES (what to say where there is no copy) and HEADERS. An older script than a module: Firefox's workers want that.

/* global PAGES, HEADERS */
const ASSETS = "register-assets";
const PATIENCE_MS = 5000; // wifi that is there and leads nowhere
const FOREVER = /\.[0-9a-f]{12}\.\w+$/; // a static file under a name made from its content
const HERE = new URL(self.registration.scope).pathname;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, url));
  else if (["script", "style", "image"].includes(request.destination)) event.respondWith(asset(request));
});

async function page(request, url) {
  const isRegister = url.pathname === HERE;
  const copy = isRegister ? await kept() : undefined;
  try {
    const response = await (copy ? Promise.race([fetch(request), patience()]) : fetch(request));
    if (response.status < 500 || !copy) return response;
  } catch {
    // No connection, or none worth the name.
  }
  if (copy) return answer(copy);
  const ticks = await waiting();
  const said = isRegister ? (ticks ? PAGES.waiting : PAGES.gone) : PAGES.offline;
  return answer(said.replaceAll("REGISTER", HERE).replaceAll("TICKS", ticks), 503);
}

const patience = () => new Promise((resolve, reject) => setTimeout(reject, PATIENCE_MS));

const answer = (html, status = 200) => new Response(html, { status, headers: HEADERS });

async function asset(request) {
  const cache = await caches.open(ASSETS);
  const found = await cache.match(request);
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

const kept = () =>
  within(async (database) => {
    const copy = await get(database, "kept", `page ${HERE}`);
    if (!copy) return undefined;
    if (Date.now() >= copy.until || Date.now() < copy.made - 60000) {
      const end = database.transaction(["kept", "keys"], "readwrite");
      end.objectStore("kept").clear();
      return asked(end.objectStore("keys").clear());
    }
    const key = await get(database, "keys", "key");
    return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: copy.iv }, key, copy.sealed));
  });

const waiting = async () =>
  (await within((database) => asked(database.transaction("ticks").objectStore("ticks").count()))) ?? 0;
