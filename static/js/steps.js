// Steps of one form. All of it is in the page, so moving between them needs no connection and no script. Here: Enter goes
// on to the next step, and nobody who comes Back after the form was left finds what was typed.

import { empty } from "./in-place.js";

export default function steps(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    event.target.closest(".step").querySelector(".govuk-button").click();
  });
  // On the way back, or anew, the browser fills in what it kept of the page. A page that it kept whole does not come by.
  const [visit] = performance.getEntriesByType("navigation");
  if (!form.closest("[data-public]") || visit?.type === "navigate") return;
  empty(form);
  addEventListener("pageshow", () => empty(form), { once: true });
}
