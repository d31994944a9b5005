// Keeps the sum of an agenda's minutes true while they are typed. The server works it out too: "Count again".

export function sum(parts) {
  return parts.reduce((all, part) => all + (part.out || !/^\d{1,3}$/.test(part.minutes) ? 0 : Number(part.minutes)), 0);
}

export function told(used, length, words) {
  const text = words.told.replace("{used}", used).replace("{length}", length);
  if (used === length) return text;
  const over = used - length;
  return `${text}, ${(over < 0 ? words.left : over === 1 ? words.oneOver : words.over).replace("{n}", Math.abs(over))}`;
}

export default function planAgenda(form) {
  const line = form.querySelector(".timebar__told");
  line.setAttribute("aria-live", "polite");
  const count = () => {
    const parts = [...form.querySelectorAll(".part:not([data-uncounted])")].map((part) => ({
      minutes: part.querySelector("[name$='-minutes']").value.trim(),
      out: part.querySelector("[name$='-left_out']")?.checked ?? false,
    }));
    const used = sum(parts);
    const length = Number(form.dataset.length);
    line.textContent = told(used, length, form.dataset);
    line.classList.toggle("timebar__told--over", used > length);
  };
  form.addEventListener("input", count);
  form.addEventListener("change", count);
  count();
}
