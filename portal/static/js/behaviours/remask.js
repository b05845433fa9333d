// [data-remask="138****5678"]: what was unmasked is masked again after 30 seconds, and when the page is left.
const SHOWN_FOR = 30_000;
const seenAt = new WeakMap();

function mask(element) {
  element.textContent = element.dataset.remask;
  element.removeAttribute("data-remask");
}

function tick() {
  for (const element of document.querySelectorAll("[data-remask]")) {
    if (!seenAt.has(element)) seenAt.set(element, Date.now());
    else if (Date.now() - seenAt.get(element) >= SHOWN_FOR) mask(element);
  }
}

tick();
setInterval(tick, 1000);
addEventListener("pagehide", () => document.querySelectorAll("[data-remask]").forEach(mask));
