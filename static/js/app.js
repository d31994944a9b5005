// Every page's script. An element with data-module="x" and data-src is handed to that module's default export;
// GOV.UK Frontend is fetched only where the page uses one of its components. Pages work without any of this.

document.body.classList.add("js-enabled", "govuk-frontend-supported");

// A script that does not come, because the connection is gone, leaves the page as it is without it.
const orWithout = () => {};

start(document);

// What has started says so: `data-ready`.
export function start(scope) {
  if (scope.querySelector('[data-module^="govuk-"]')) {
    import("../vendor/govuk/govuk-frontend.min.js").then((govuk) => govuk.initAll({ scope }), orWithout);
  }
  for (const element of scope.querySelectorAll("[data-module][data-src]")) {
    import(element.dataset.src).then(async (module) => {
      await module.default(element);
      element.dataset.ready = "";
    }, orWithout);
  }
}

// One press, one sending: a second press within five seconds is ignored. Coming back starts afresh.
const SENDING_MS = 5000;
const sending = new WeakSet();
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method === "get") return;
  if (sending.has(event.target)) {
    event.preventDefault();
    return;
  }
  const form = event.target;
  sending.add(form);
  setTimeout(() => sending.delete(form), SENDING_MS);
});
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) sending.delete(form);
});
