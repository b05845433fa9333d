// body[data-alive=url]: typing in a form is using the portal, though nothing is sent; said once a minute at most.
const url = document.body.dataset.alive ?? null;
let saidAt = Date.now();

function typing(event) {
  if (!event.target.closest?.("form") || Date.now() - saidAt < 60_000) return;
  saidAt = Date.now();
  fetch(url || location.pathname, { credentials: "same-origin", cache: "no-store" }).catch(() => (saidAt = 0));
}

if (url !== null) {
  document.addEventListener("input", typing);
  document.addEventListener("keydown", typing);
}
