// The control of the horizon: shows the parts of the page that belong to it, and tells the charts.
(() => {
  const control = document.querySelector("[data-horizons]");
  control?.addEventListener("change", ({ target }) => {
    for (const part of document.querySelectorAll("[data-horizon]")) {
      part.hidden = part.dataset.horizon !== target.value;
    }
    document.dispatchEvent(new CustomEvent("horizon", { detail: target.value }));
  });
  // A folded list can't be opened on paper.
  addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("details")) folded.open = true;
  });
})();
