// form[data-undo=instant]: says how many seconds are left to undo, and goes when they are over.
const skew = document.body.dataset.now ? Date.parse(document.body.dataset.now) - Date.now() : 0;

function tick() {
  for (const form of document.querySelectorAll("[data-undo]")) {
    const left = Math.ceil((Date.parse(form.dataset.undo) - Date.now() - skew) / 1000);
    const words = form.querySelector(".undo__left");
    if (left <= 0) form.remove();
    else if (words.textContent !== String(left)) words.textContent = left;
  }
}

tick();
setInterval(tick, 250);
