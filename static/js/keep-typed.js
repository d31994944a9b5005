// What was typed survives a lost connection: the form is sent in the background, and when it does not arrive the page
// stays as it is and says so. Nothing is stored on the device. See docs/decisions/typed-text-on-shared-phones.md.
// Sending again is safe: the form carries the key of its press.

export default function keepTyped(element) {
  const form = element.querySelector("form");
  const said = document.createElement("p");
  said.className = "govuk-error-message";
  said.setAttribute("role", "alert");
  form.querySelector(".govuk-button-group")?.before(said);
  let sending = false;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    said.textContent = "";
    const button = form.querySelector('button[type="submit"]');
    const words = button.textContent;
    button.textContent = element.dataset.busy;
    try {
      let answer = await send();
      if (answer.status === 403) answer = await withNewToken(answer);
      if (answer.redirected && !new URL(answer.url).pathname.startsWith("/sign-in/")) {
        location.assign(answer.url);
        return;
      }
      if (answer.redirected) say(element.dataset.signedOut);
      else show(await answer.text());
    } catch {
      say(element.dataset.lost);
    }
    button.textContent = words;
    sending = false;
  });

  function send() {
    return fetch(form.getAttribute("action") || location.href, { method: "POST", body: new FormData(form) });
  }

  // Whoever has signed in again in another tab has a new token; somebody else does not send this in their name.
  async function withNewToken(refusal) {
    const response = await fetch(location.href);
    if (response.redirected) return response; // to sign in
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector('[data-module="keep-typed"] form')?.elements;
    if (!fresh || fresh.opened_by?.value !== form.elements.opened_by?.value) return refusal;
    form.elements.csrfmiddlewaretoken.value = fresh.csrfmiddlewaretoken.value;
    return send();
  }

  function say(sentence) {
    said.textContent = sentence;
    said.scrollIntoView({ block: "center" });
  }

  // An answer without a redirect is this form with what must be put right, or a page with a sentence: then the form
  // stays and the sentence is shown here.
  function show(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    if (!page.querySelector('[data-module="keep-typed"]')) {
      say(page.querySelector("main").innerText.trim());
      return;
    }
    document.title = page.title;
    const main = document.querySelector("main");
    const fresh = document.importNode(page.querySelector("main"), true);
    main.replaceWith(fresh);
    for (const part of fresh.querySelectorAll('[data-module="keep-typed"]')) keepTyped(part);
    import("../vendor/govuk/govuk-frontend.min.js").then((govuk) => govuk.initAll({ scope: fresh })).catch(() => {});
    const summary = fresh.querySelector(".govuk-error-summary") || fresh;
    summary.focus();
    summary.scrollIntoView();
  }
}
