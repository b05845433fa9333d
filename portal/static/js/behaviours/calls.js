// #calls [data-call]: each new call sounds, and is said in the languages for which this browser has a voice; the page says
// which. A browser lets a page sound once somebody pressed something on it: there is a button for that.
import { able, awake, play, wake } from "../tones.js";

const LANGUAGES = { zh: "zh-CN", en: "en-US" };
const speech = window.speechSynthesis ?? null;
const [status, button] = [document.getElementById("voice"), document.getElementById("sound")];
const calls = () => [...document.querySelectorAll("#calls [data-call]")];
let known = new Set(calls().map((call) => call.dataset.call));

const voices = (lang) => speech?.getVoices().filter((voice) => voice.lang.replace("_", "-").toLowerCase().startsWith(lang)) ?? [];

function describe() {
  const [zh, en] = [voices("zh").length, voices("en").length];
  const words = !able ? "mute" : zh && en ? "both" : zh ? "zh" : en ? "en" : "none";
  if (status.textContent !== status.dataset[words]) status.textContent = status.dataset[words];
  button.hidden = !able || awake();
}

function say(call) {
  for (const [lang, tag] of Object.entries(LANGUAGES)) {
    const [voice] = voices(lang);
    if (!voice) continue;
    const words = new SpeechSynthesisUtterance(call.dataset[lang]);
    Object.assign(words, { voice, lang: tag, rate: 0.9 });
    speech.speak(words);
  }
}

function look() {
  const fresh = calls().filter((call) => !known.has(call.dataset.call));
  known = new Set(calls().map((call) => call.dataset.call));
  if (!fresh.length) return;
  if (able && awake()) play();
  fresh.reverse().forEach(say);
  document.body.dispatchEvent(new CustomEvent("called", { detail: fresh.map((call) => call.dataset.ticket) }));
}

if (status) {
  document.addEventListener("htmx:after:swap", look);
  speech?.addEventListener("voiceschanged", describe);
  button.addEventListener("click", () => wake(describe).then(describe));
  if (able) wake(describe).then(describe);
  describe();
}
