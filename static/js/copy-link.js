// A button beside a read-only address that copies it. Without this the address can be selected by hand.

export default function copyLink(input) {
  input.addEventListener("focus", () => input.select());
  if (!navigator.clipboard) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary copy-link";
  button.textContent = input.dataset.copy;
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  input.after(button, said);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(input.value);
    said.textContent = input.dataset.copied;
  });
}
