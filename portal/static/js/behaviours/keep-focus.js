// A card that has the focus keeps it, and its place on the screen, when its list is asked for anew; one that is gone leaves
// it to the card in its place.
let place = null;

const cards = () => [...document.querySelectorAll(".list__cards .card")];
const focused = () => document.activeElement?.closest(".list__cards .card") ?? null;

function remember() {
  const card = focused();
  place = card && { path: card.pathname, turn: cards().indexOf(card), top: card.getBoundingClientRect().top };
}

function restore() {
  if (!place || (focused() && focused().pathname !== place.path)) return;
  const all = cards();
  const same = all.find((card) => card.pathname === place.path);
  (same ?? all[Math.min(place.turn, all.length - 1)])?.focus({ preventScroll: true });
  const pane = same?.closest(".list");
  const moved = pane ? same.getBoundingClientRect().top - place.top : 0;
  if (moved) (pane.scrollHeight > pane.clientHeight ? pane : window).scrollBy({ top: moved, behavior: "instant" });
}

document.addEventListener("htmx:before:swap", remember);
document.addEventListener("htmx:after:swap", restore);
