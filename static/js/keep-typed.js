// What was typed survives a lost connection (in-place.js). On a page that anybody may look at next, with data-public, it
// does not outlive being sent.

import { leave, post, sendInPlace, sentencesOf, show } from "./in-place.js";

export default function keepTyped(element) {
  const form = element.querySelector("form");
  const { lost, busy, signedOut } = element.dataset;
  const isPublic = "public" in element.dataset;
  // Without this script the browser is let keep these, for Back; with it the page keeps them, and the browser need not.
  for (const field of form.elements) if (field.autocomplete === "on") field.autocomplete = "off";

  sendInPlace(form, {
    lost,
    busy,
    async send(sent, button) {
      const answer = await post(form, button);
      return answer.status === 403 ? withNewToken(answer, button) : answer;
    },
    went(answer, say) {
      if (new URL(answer.url).pathname.startsWith("/sign-in/")) say(signedOut);
      else if (isPublic) leave(form, answer.url);
      else location.assign(answer.url);
    },
    // An answer without a redirect is this form with what must be put right, or a page with a sentence: then the form
    // stays and the sentence is shown here.
    came(page, say) {
      if (page.querySelector('[data-module="keep-typed"]')) {
        show(page);
        if (document.querySelector("#check")) location.hash = "check"; // so that Back leads to the step before
      }
      else say(sentencesOf(page));
    },
  });

  // Whoever has signed in again in another tab has a new token; somebody else does not send this in their name.
  async function withNewToken(refusal, button) {
    const response = await fetch(location.href);
    if (response.redirected) return response; // to sign in
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector('[data-module="keep-typed"] form')?.elements;
    if (!fresh || fresh.opened_by?.value !== form.elements.opened_by?.value) return refusal;
    form.elements.csrfmiddlewaretoken.value = fresh.csrfmiddlewaretoken.value;
    return post(form, button);
  }
}
