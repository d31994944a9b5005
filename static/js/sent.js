// After sending, Back shows the same sheet again (so that it is not a second answer) but with nothing on it:
// whoever holds the phone next reads no answers. What never reached us stays as it was typed.

const KEY = "sent";

export default function sent(element) {
  if ("sent" in element.dataset) {
    sessionStorage.setItem(KEY, "yes");
    return;
  }
  const form = document.querySelector("main form");
  const clear = () => {
    if (!sessionStorage.getItem(KEY)) return;
    for (const field of form.elements) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = false;
      if (field.type === "textarea" || field.type === "text") field.value = "";
    }
  };
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") clear();
  addEventListener("pageshow", (event) => event.persisted && clear());
  form.addEventListener("submit", () => sessionStorage.removeItem(KEY));
}
