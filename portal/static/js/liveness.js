// Whether the page is live, and if not, since when: said in #live-status, and made up for by asking every few seconds.

const GRACE = 2500; // a break that heals within it is not worth a word
const ASK_EVERY = 5000;
const troubles = new Map();
let asking;

/** The page does not follow any more, for this reason. */
export function lost(reason, since = Date.now()) {
  if (troubles.has(reason)) return;
  troubles.set(reason, since);
  setTimeout(show, Math.max(0, since + GRACE - Date.now()));
}

/** This trouble is over. */
export function found(reason) {
  if (troubles.delete(reason)) show();
}

/** Let every live region ask again. */
export function dispatch(name = "queues") {
  document.body.dispatchEvent(new CustomEvent(name));
}

function show() {
  const serious = [...troubles.values()].filter((since) => Date.now() - since >= GRACE);
  const status = document.getElementById("live-status");
  if (status) {
    const text = serious.length ? status.dataset.lost.replace("{time}", clock(Math.min(...serious), status.dataset.zone)) : "";
    if (status.textContent !== text) status.textContent = text;
    status.hidden = !serious.length;
  }
  if (serious.length) asking ??= setInterval(() => dispatch(), ASK_EVERY);
  else asking = clearInterval(asking);
}

function clock(instant, timeZone) {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(instant);
}
