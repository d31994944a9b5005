// Typing in paper sheets with the keyboard alone. In a question with answers a number chooses (or ticks) one,
// Backspace takes it back; Enter goes to the next question and from the last one on to the next sheet (or, with
// data-last="button", to the button). Page Up opens the sheet before. Without this it is an ordinary form.

const TOGETHER_MS = 900; // 1 and 0 within this are ten

export default function typing(form) {
  const groups = [...form.querySelectorAll(".govuk-form-group")];
  groups.forEach(mark);
  let typed = { digits: "", at: 0, group: null };

  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "PageUp" && form.dataset.before) {
      event.preventDefault();
      location.assign(form.dataset.before);
      return;
    }
    const group = event.target.closest(".govuk-form-group");
    if (!group) return;
    const writes = event.target.matches("textarea, input[type=text]");
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      next(form, groups, group);
    } else if (writes) {
      return;
    } else if (event.key === "Backspace" || event.key === "Delete") {
      event.preventDefault();
      for (const one of answers(group)) one.checked = false;
    } else if (/^\d$/.test(event.key)) {
      event.preventDefault();
      const now = performance.now();
      const follows = typed.group === group && now - typed.at < TOGETHER_MS ? typed.digits : "";
      const digits = choose(group, follows + event.key) ? follows + event.key : choose(group, event.key) ? event.key : "";
      typed = { digits, at: now, group };
    }
  });

  const first = form.querySelector(".govuk-form-group--error") ?? groups[0]; // never a button: an Enter too many must not send a pile
  if (first) focusOn(first);
}

const answers = (group) => [...group.querySelectorAll("input[type=radio], input[type=checkbox]")];

// The number beside an answer: its own where the answer is a number, else its place.
function numberOf(input, index) {
  const label = input.labels[0]?.textContent.trim();
  return label === input.value ? input.value : String(index + 1);
}

function mark(group) {
  answers(group).forEach((input, index) => {
    input.dataset.number = numberOf(input, index);
    if (input.labels[0].textContent.trim().startsWith(input.dataset.number)) return; // it stands there already
    const key = Object.assign(document.createElement("span"), { className: "typing__key", textContent: index + 1 });
    key.setAttribute("aria-hidden", "true");
    input.labels[0].prepend(key);
  });
}

function choose(group, digits) {
  const input = answers(group).find((one) => one.dataset.number === digits);
  if (!input) return false;
  input.checked = input.type === "radio" || !input.checked;
  input.focus();
  return true;
}

function next(form, groups, group) {
  const following = groups[groups.indexOf(group) + 1];
  const button = form.querySelector("button:not([name])");
  if (following) focusOn(following);
  else if (form.dataset.last === "button") button.focus();
  else form.requestSubmit(button);
}

function focusOn(place) {
  const fields = [...place.querySelectorAll("input, textarea")];
  (fields.find((one) => one.checked) ?? fields[0] ?? place).focus();
}
