// Large pictures on a click, everything open for print, and a link that opens what it leads to.
const zoom = document.getElementById("zoom");
const sections = () => [...document.querySelectorAll("details")];

document.addEventListener("click", (event) => {
  if (event.target.matches("figure img")) {
    const large = zoom.querySelector("img");
    large.src = event.target.src;
    large.alt = event.target.alt;
    zoom.showModal();
  } else if (zoom.contains(event.target)) {
    zoom.close();
  }
});

const button = document.getElementById("open-all");
button.addEventListener("click", () => {
  const open = sections().some((section) => !section.open);
  sections().forEach((section) => { section.open = open; });
  button.textContent = open ? "close all" : "open all";
});

let opened = [];
window.addEventListener("beforeprint", () => {
  opened = sections().filter((section) => !section.open);
  opened.forEach((section) => { section.open = true; });
});
window.addEventListener("afterprint", () => {
  opened.forEach((section) => { section.open = false; });
});

const reveal = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const section = target && target.closest("details");
  if (section) {
    section.open = true;
    target.scrollIntoView();
  }
};
window.addEventListener("hashchange", reveal);
reveal();
