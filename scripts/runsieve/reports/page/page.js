// Everything here is in addition: without scripts, the page shows the same, and SVG files enlarge.
const page = document.documentElement;
page.classList.add("scripted");
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const make = (tag, text, properties = {}) => Object.assign(document.createElement(tag), { textContent: text, ...properties });
const told = document.getElementById("told");

// Folds: one button for all, and anchors that lead into one open it.
const folds = all("details");
const openAll = document.getElementById("open-all");
openAll.addEventListener("click", () => {
  const open = folds.some((fold) => !fold.open);
  folds.forEach((fold) => { fold.open = open; });
  openAll.textContent = open ? "close all" : "open all";
});
const reveal = (address) => {
  const target = address ? document.getElementById(decodeURIComponent(address.slice(1))) : null;
  for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  return target;
};
const follow = () => reveal(location.hash)?.scrollIntoView();
window.addEventListener("hashchange", follow);
// Before the browser follows it, because it does nothing where the address stays the same.
document.addEventListener("click", (event) => reveal(event.target.closest('a[href^="#"]')?.getAttribute("href")));
follow();

// A printed page has everything.
let opened = [];
window.addEventListener("beforeprint", () => {
  opened = folds.filter((fold) => !fold.open);
  opened.forEach((fold) => { fold.open = true; });
});
window.addEventListener("afterprint", () => opened.forEach((fold) => { fold.open = false; }));

// Pictures: moved into the dialog, and back when it closes, so that ids stay unique.
const zoom = document.getElementById("zoom");
const frame = zoom.querySelector(".picture");
let home = null;
const enlarge = (figure) => {
  home = figure.querySelector(".picture");
  home.style.minHeight = `${home.offsetHeight}px`;
  frame.append(...home.childNodes);
  document.getElementById("zoom-title").textContent = figure.querySelector(".title").textContent;
  zoom.showModal();
};
zoom.addEventListener("close", () => {
  home.append(...frame.childNodes);
  home.style.minHeight = "";
});
document.getElementById("zoom-close").addEventListener("click", () => zoom.close());
zoom.addEventListener("click", (event) => { if (event.target === zoom) zoom.close(); });
all("figure").forEach((figure) => {
  figure.querySelector(".enlarge").addEventListener("click", () => enlarge(figure));
  figure.querySelector(".picture").addEventListener("click", () => enlarge(figure));
});

// Tables: a button in each heading sorts by the first number of a cell, or by its text.
const key = (row, place) => {
  const cell = row.cells[place];
  const text = (cell.querySelector(".value, a") || cell).textContent.trim();
  const number = Number.parseFloat(text.replace(/[\u2009\s]/g, "").replace("\u2212", "-").replace("∞", "1e999"));
  return { text, number };
};
const compare = (numeric) => (one, other) => {
  if (!one.text || !other.text) return !one.text - !other.text;
  return numeric ? one.number - other.number : one.text.localeCompare(other.text);
};
const sort = (table, place) => {
  const heading = table.tHead.rows[0].cells[place];
  const numeric = heading.classList.contains("n");
  const before = heading.getAttribute("aria-sort");
  // Numbers begin with the largest, names with the first.
  const descending = before ? before === "ascending" : numeric;
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, ...key(row, place) }));
  const order = compare(numeric);
  rows.sort((one, other) => (descending && one.text && other.text ? order(other, one) : order(one, other)));
  table.tBodies[0].append(...rows.map((one) => one.row));
  all("th[aria-sort]", table.tHead).forEach((one) => one.removeAttribute("aria-sort"));
  heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  told.textContent = `sorted by ${heading.textContent.trim()}, ${descending ? "largest" : "smallest"} first`;
};
all("table.sortable").forEach((table) => {
  [...table.tHead.rows[0].cells].forEach((heading, place) => {
    const button = make("button", "", { type: "button", className: "sort" });
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(table, place));
    heading.replaceChildren(button);
  });
});

// Filters: a button for each model and sample of an analysis hides what is of it.
all(".filter").forEach((filter) => {
  const section = filter.closest("section");
  [["sample", "Samples"], ["model", "Models"]].forEach(([kind, title]) => {
    const attribute = `data-${kind}`;
    const names = [...new Set(all(`table.comparison [${attribute}]`, section).map((one) => one.getAttribute(attribute)))];
    if (names.length < 2) return;
    const group = make("div", "", { role: "group", ariaLabel: title });
    group.append(make("span", `${title}: `));
    const apply = () => {
      const shown = all("button[aria-pressed=true]", group).map((one) => one.textContent);
      all(`[${attribute}]`, section).forEach((one) => {
        const name = one.getAttribute(attribute);
        if (names.includes(name)) one.classList.toggle(`no-${kind}`, !shown.includes(name));
      });
      told.textContent = `${shown.length} of ${names.length} ${title.toLowerCase()} shown`;
    };
    names.forEach((name) => {
      const button = make("button", name, { type: "button", ariaPressed: "true" });
      button.addEventListener("click", () => {
        button.ariaPressed = button.ariaPressed === "true" ? "false" : "true";
        apply();
      });
      group.append(button);
    });
    filter.append(group);
  });
});
