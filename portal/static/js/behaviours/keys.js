// [data-key=c]: a key presses the button, opens the fold or the sheet, or goes to the field that says it; j and k go through
// the cards. Never while somebody types, and not where they are switched off on this device.
import { kept } from "../device.js";

const TYPES = "input, textarea, select, [contenteditable], dialog[open]";
const STEPS = { j: 1, k: -1 };

const seen = (element) => element.tagName === "DIALOG" || element.offsetParent !== null;
const focused = () => document.activeElement?.closest(".card") ?? null;

function pressed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.keyCode === 229) return;
  if (event.defaultPrevented || kept("keys") === "off" || document.querySelector("dialog[open]")) return;
  if (event.target.isContentEditable || event.target.closest?.(TYPES)) return;
  const step = STEPS[event.key];
  if (step ? go(step) : !event.repeat && press(event.key)) event.preventDefault();
}

function go(step) {
  const all = [...document.querySelectorAll(".list__cards .card")].filter(seen);
  const at = all.includes(focused()) ? all.indexOf(focused()) : all.findIndex((card) => card.ariaCurrent === "true");
  const next = all[Math.max(0, Math.min(at + step, all.length - 1))];
  next?.focus();
  return Boolean(next);
}

function press(key) {
  const named = (name) => [...document.querySelectorAll(`[${name}="${CSS.escape(key)}"]`)];
  const deed = focused() && named("data-card-key")[0];
  const found = deed ?? named("data-key").find(seen);
  if (deed) {
    deed.setAttribute("action", `${focused().pathname}/${deed.dataset.deed}`);
    deed.requestSubmit();
  } else if (found?.matches("details")) {
    found.open = true;
    found.querySelector("textarea, select, input:not([type=hidden])")?.focus();
  } else if (found?.matches("dialog")) found.showModal();
  else if (found?.matches(TYPES)) found.focus();
  else found?.click();
  return Boolean(found);
}

document.addEventListener("keydown", pressed);
document.addEventListener("click", (event) => event.target.closest?.("[data-close]")?.closest("dialog").close());
