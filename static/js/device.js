// On every page of staff: removes what the register kept on this device when its night is over and when they sign out,
// and sends the ticks that still wait here. On the sign-in page nobody is signed in: the names go.

import * as store from "./register-store.js";

const PATIENCE_MS = 3000; // signing out waits no longer for a browser's storage

export default async function device(form) {
  if (!globalThis.indexedDB) return;
  if (!("signOut" in form.dataset)) return quietly(store.forget());

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const ticks = await quietly(store.ticks());
    if (ticks?.some((tick) => tick.user === form.dataset.user) && !confirm(form.dataset.unsent)) return;
    await quietly(store.forget());
    if (ticks?.length === 0) form.append(hidden("nothing_waits"));
    form.submit();
  });

  if (document.querySelector('[data-module="register"]')) return; // it does both by itself
  await quietly(store.forgetWhatIsOver());
  const ticks = await quietly(store.ticks());
  if (!ticks?.some((tick) => tick.user === form.dataset.user)) return;
  const { default: Sender } = await import("./register-outbox.js");
  const sender = new Sender({
    user: form.dataset.user,
    saved: (tick, answer) => quietly(store.addToKeptRows(tick.base, answer)),
    refused() {}, // of a register that they may not open any more
    changed() {},
    looked: () => sender.signedOut && quietly(store.forget()),
  });
  addEventListener("online", () => sender.send());
  document.addEventListener("visibilitychange", () => document.hidden || sender.send());
  sender.send();
}

function hidden(name) {
  return Object.assign(document.createElement("input"), { type: "hidden", name, value: "yes" });
}

function quietly(promise) {
  return Promise.race([promise, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]).catch(() => undefined);
}
