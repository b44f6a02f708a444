"use strict";
for (const button of document.querySelectorAll("button.copy")) {
  button.addEventListener("click", async () => {
    const text = button.closest("figure").querySelector("pre");
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch {
      getSelection().selectAllChildren(text);
      document.execCommand("copy");
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
}

const contents = document.querySelector("nav details");
const narrow = matchMedia("(max-width: 60rem)");
const fold = () => { contents.open = !narrow.matches; };
narrow.addEventListener("change", fold);
fold();

const folded = [...document.querySelectorAll("details.folded")];
let closed = [];
addEventListener("beforeprint", () => {
  closed = folded.filter((one) => !one.open);
  for (const one of closed) one.open = true;
});
addEventListener("afterprint", () => { for (const one of closed) one.open = false; });

for (const course of document.querySelectorAll(".course")) {
  const data = JSON.parse(course.querySelector('script[type="application/json"]').textContent);
  const slider = course.querySelector("input"), told = course.querySelector(".slider output");
  const panels = [...course.querySelectorAll(".panel")].map((panel) => ({
    cursor: panel.querySelector(".cursor"),
    values: panel.querySelectorAll(".values output"),
    lines: panel.querySelectorAll("polyline"),
  }));
  const show = () => {
    const at = Number(slider.value);
    told.textContent = data.moments[at];
    slider.setAttribute("aria-valuetext", data.moments[at]);
    data.panels.forEach((panel, i) => {
      if (panels[i].cursor) {
        panels[i].cursor.setAttribute("x1", panel.cursor[at]);
        panels[i].cursor.setAttribute("x2", panel.cursor[at]);
      }
      panel.lines.forEach((line, j) => {
        panels[i].values[j].textContent = line.values[at];
        if (line.points.length > 1) panels[i].lines[j].setAttribute("points", line.points[at]);
      });
    });
  };
  slider.addEventListener("input", show);
  document.addEventListener("sgframe", (event) => {
    slider.value = Math.round(event.detail.share * (data.moments.length - 1));
    show();
  });
  show();
}

const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    for (const link of links.values()) link.removeAttribute("aria-current");
    links.get(entry.target.id)?.setAttribute("aria-current", "true");
  }
}, { rootMargin: "-10% 0px -80% 0px" });
for (const section of document.querySelectorAll("main > section")) seen.observe(section);
