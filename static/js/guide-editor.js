// The guide editor. The sum follows what is typed; parts move by button or by dragging without the page being
// loaded again; minutes are kept when a field is left. Without this, the same buttons do it by sending the form.

const EDGE_PX = 50; // this near the screen's edge, dragging scrolls,
const SCROLL_PX = 8; // so far in each frame

// --- Arithmetic, apart from the page -----------------------------------------------------------------

export function counted(parts) {
  return parts.filter((part) => part.counted).reduce((sum, part) => sum + part.minutes, 0);
}

// "85 of 90 minutes, 5 unplanned", in the page's own words.
export function told(parts, length, words) {
  const used = counted(parts);
  const left = length - used;
  let text = words.sum.replace("%used", used).replace("%length", length);
  if (left > 0) text += words.unplanned.replace("%n", left);
  else if (left === -1) text += words.oneTooLong;
  else if (left < 0) text += words.tooLong.replace("%n", -left);
  return text;
}

// Where each counted part lies on a bar 1000 wide, as `{% timebar %}` draws it, and where the session ends.
export function bar(parts, length) {
  const shown = parts.filter((part) => part.counted);
  const used = counted(parts);
  const whole = Math.max(length, used, 1);
  let at = 0;
  const rects = shown.map((part, index) => {
    const rect = {
      ...part,
      odd: index % 2,
      x: (1000 * at) / whole,
      width: Math.max((1000 * part.minutes) / whole - 3, 1),
    };
    at += part.minutes;
    return rect;
  });
  return { rects: rects.filter((rect) => rect.minutes), over: used > length, limit: (1000 * length) / whole };
}

// What somebody typed as minutes; what is no number counts as none until it is one.
export function minutesFrom(text) {
  return /^\s*\d{1,3}\s*$/.test(text) ? Number(text) : 0;
}

// Where in the list a part belongs whose middle is dragged to `y`; `middles` are those of the others, downwards.
export function placeAt(y, middles) {
  const below = middles.findIndex((middle) => y < middle);
  return below < 0 ? middles.length : below;
}

// --- The page ------------------------------------------------------------------------------------------

export default function guideEditor(form) {
  const words = form.dataset;
  const length = Number(words.length);
  let parts = JSON.parse(document.getElementById("agenda-parts").textContent);
  const list = form.querySelector("[data-parts]");

  function draw() {
    const { rects, over, limit } = bar(parts, length);
    const svg = form.querySelector(".timebar svg");
    svg.querySelectorAll(".timebar__part, .timebar__limit").forEach((rect) => rect.remove());
    for (const { kind, odd, x, width } of rects) {
      add(svg, `timebar__part timebar__part--${kind}${odd ? " timebar__part--odd" : ""}`, x, width);
    }
    if (over) add(svg, "timebar__limit", limit, 5);
    const sum = form.querySelector(".timebar__told");
    sum.textContent = told(parts, length, words);
    sum.classList.toggle("timebar__told--over", over);
  }

  if (list) agenda();
  else onePart();
  draw();

  // The page of one part: its minutes, kind and whether it counts are those typed here.
  function onePart() {
    let own = parts.find((part) => part.key === words.part);
    if (!own) {
      own = { key: words.part, title: "", kind: "", minutes: 0, counted: true };
      parts.push(own);
    }
    const { minutes, counted: counts, kind } = form.elements;
    const read = () => Object.assign(own, { minutes: minutesFrom(minutes.value), counted: counts.checked, kind: kind.value });
    form.addEventListener("input", () => (read(), draw()));
    read();
  }

  function agenda() {
    const said = form.querySelector("[data-said]");
    const alert = form.querySelector("[data-alert]");
    let sending = Promise.resolve();
    let waiting = 0;

    const rows = () => [...list.children];
    const keys = () => rows().map((row) => row.dataset.key);
    const fieldOf = (key) => form.querySelector(`[data-minutes="${CSS.escape(key)}"]`);
    const read = () => {
      const known = new Map(parts.map((part) => [part.key, part]));
      parts = keys().map((key) => ({ ...known.get(key), minutes: minutesFrom(fieldOf(key).value) }));
    };

    form.addEventListener("input", () => (read(), draw()));
    list.addEventListener("change", () => keep(words.saved));
    list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (!button) return;
      event.preventDefault();
      const row = button.closest("[data-key]");
      const at = rows().indexOf(row);
      move(row, at + Number(button.dataset.move));
      button.scrollIntoView({ block: "nearest" });
    });
    read();

    // The others step aside: a part that leaves the list, even for a moment, loses focus and the pointer.
    function place(row, to) {
      while (rows().indexOf(row) < to && row.nextElementSibling) list.insertBefore(row.nextElementSibling, row);
      while (rows().indexOf(row) > to && row.previousElementSibling) row.after(row.previousElementSibling);
    }

    function move(row, to) {
      const was = keys().join();
      place(row, to);
      if (keys().join() !== was) moved(row);
    }

    function moved(row) {
      read();
      draw();
      const title = parts.find((part) => part.key === row.dataset.key).title;
      const place = rows().indexOf(row) + 1;
      keep(words.moved.replace("%title", title).replace("%n", place).replace("%all", rows().length));
    }

    // Order and minutes as they are now, one sending after the other. Says so only when the server has answered.
    function keep(sentence) {
      waiting += 1;
      sending = sending.then(async () => {
        waiting -= 1;
        if (waiting) return; // a later change carries this one with it
        form.elements.order.value = keys().join(",");
        const body = new FormData(form);
        body.set("do", "save");
        try {
          const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
          const result = await answer.json();
          if (!answer.ok) return complain(result.sentence);
          form.elements.seen.value = result.seen;
          alert.hidden = true;
          said.textContent = sentence;
        } catch {
          complain(words.failed); // no connection, or signed out: the page still has it all
        }
      });
    }

    function complain(sentence) {
      said.textContent = "";
      alert.hidden = false;
      alert.textContent = sentence;
    }

    // --- Dragging by the handle, with mouse, finger or pen ---------------------------------------------

    list.classList.add("editor--draggable");
    for (const row of rows()) {
      const handle = row.querySelector("[data-handle]");
      handle.hidden = false;
      handle.addEventListener("pointerdown", (event) => event.button === 0 && drag(row, handle, event));
    }

    function drag(row, handle, start) {
      start.preventDefault();
      const before = keys();
      let y = start.clientY;
      let dragging = true;
      handle.setPointerCapture(start.pointerId);
      row.classList.add("editor__part--dragged");

      // Once a frame, so that the list goes on scrolling while the pointer rests at the screen's edge.
      const follow = () => {
        if (!dragging) return;
        const top = form.querySelector(".editor-bar").getBoundingClientRect().bottom;
        if (y < Math.max(top, 0) + EDGE_PX) scrollBy(0, -SCROLL_PX);
        else if (y > innerHeight - EDGE_PX) scrollBy(0, SCROLL_PX);
        const others = rows().filter((other) => other !== row);
        const middles = others.map((other) => other.getBoundingClientRect()).map((box) => box.top + box.height / 2);
        place(row, placeAt(y, middles));
        requestAnimationFrame(follow);
      };
      const where = (event) => (y = event.clientY);
      const end = (event) => {
        where(event);
        if (event.type === "pointerup") follow();
        else before.forEach((key, index) => place(rows().find((one) => one.dataset.key === key), index));
        dragging = false;
        handle.removeEventListener("pointermove", where);
        handle.removeEventListener("pointerup", end);
        handle.removeEventListener("pointercancel", end);
        row.classList.remove("editor__part--dragged");
        if (keys().join() !== before.join()) moved(row);
      };
      handle.addEventListener("pointermove", where);
      handle.addEventListener("pointerup", end);
      handle.addEventListener("pointercancel", end);
      follow();
    }
  }
}

function add(svg, css, x, width) {
  const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const facts = { class: css, x: x.toFixed(1), width: width.toFixed(1), height: 40 };
  for (const [name, value] of Object.entries(facts)) rect.setAttribute(name, value);
  svg.append(rect);
}
