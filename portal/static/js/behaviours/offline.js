// [data-offline]: says that the network is gone, until the next answer comes.
function show(gone) {
  for (const banner of document.querySelectorAll("[data-offline]")) banner.hidden = !gone;
}

addEventListener("offline", () => show(true));
addEventListener("online", () => show(false));
document.addEventListener("htmx:error", (event) => event.detail.ctx && !event.detail.ctx.response && show(true));
document.addEventListener("htmx:after:request", () => navigator.onLine && show(false));
if (!navigator.onLine) show(true);
