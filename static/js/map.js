/* Makes the map larger and smaller. Without it the map has its own size and can be scrolled. */
(() => {
  "use strict";

  const STEP = 1.25;
  document.querySelectorAll("[data-map]").forEach((map) => {
    const drawing = map.querySelector("svg");
    const bar = map.querySelector("[data-map-zoom]");
    if (!drawing || !bar) return;
    const [, , wide, high] = drawing.getAttribute("viewBox").split(" ").map(Number);
    let zoom = 1;
    const show = () => {
      drawing.setAttribute("width", String(wide * zoom));
      drawing.setAttribute("height", String(high * zoom));
    };
    const fit = () => map.querySelector(".map-sheet").clientWidth / wide;
    bar.hidden = false;
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("[data-zoom]");
      if (!button) return;
      const next = { in: zoom * STEP, out: zoom / STEP, fit: fit() }[button.dataset.zoom];
      zoom = Math.min(Math.max(next, 0.2), 4);
      show();
    });
  });
})();
