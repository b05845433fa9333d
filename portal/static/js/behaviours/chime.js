// [data-chime=url]: sounds for each severe case that is new, in one tab, where somebody switched it on for this device.
import { Candidate } from "../candidate.js";
import { forget, keep, kept } from "../device.js";
import { able, awake, play, wake } from "../tones.js";

const place = document.querySelector("[data-chime]");
const blocked = document.getElementById("sound-blocked");
const url = place?.dataset.chime;
const candidate = new Candidate(`chime:${url}`, rule);
const on = () => kept("sound") === "on";
let stands = false;

async function rule(signal) {
  document.body.addEventListener("queues", look, { signal });
  await look();
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
}

async function look() {
  const headers = { "X-Live": "1" };
  const answer = await fetch(url, { headers, cache: "no-store", redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return;
  const [numbers, known] = [(await answer.text()).split("\n"), kept(`severe:${url}`)?.split(" ")];
  keep(`severe:${url}`, numbers.join(" "));
  if (known && on() && numbers.some((number) => number && !known.includes(number))) chime();
}

function chime() {
  play();
  document.body.dispatchEvent(new CustomEvent("chime"));
}

/** Stand for the one tab that sounds, if this one can; if the browser forbids it, say so. */
function settle() {
  const can = on() && awake();
  blocked.hidden = !on() || can;
  if (can !== stands) candidate[can ? "stand" : "resign"]();
  stands = can;
}

const rise = () => wake(settle).then(settle);

async function attempt() {
  await rise();
  blocked.hidden = awake();
  if (awake()) chime();
}

if (place && navigator.locks && able) {
  place.hidden = false;
  if (on()) rise();
  document.addEventListener("kept", (event) => event.detail === "sound" && (on() ? rise() : settle()));
  for (const press of ["click", "keydown"]) document.addEventListener(press, () => !blocked.hidden && rise());
  place.querySelector("[data-chime-test]").addEventListener("click", attempt);
  addEventListener("pagehide", () => candidate.resign());
}
// Silence lasts until somebody signs in again; what the one before knew is forgotten.
document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") !== "/sign-in") return;
  if (kept("sound") === "silent") keep("sound", "on");
  forget("severe:");
});
