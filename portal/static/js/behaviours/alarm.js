// #alarms [data-alarm][data-sounds]: a call for help sounds once in this browser, if it lets the page; a silent one nowhere.
import { forget, keep, kept } from "../device.js";
import { able, awake, play, wake } from "../tones.js";

async function sound() {
  const calls = [...document.querySelectorAll("#alarms [data-alarm]")];
  if (!calls.length) return forget("alarm:");
  const fresh = calls.filter((call) => "sounds" in call.dataset && !kept(`alarm:${call.dataset.alarm}`));
  for (const call of fresh) keep(`alarm:${call.dataset.alarm}`, "heard");
  if (!fresh.length) return;
  document.body.dispatchEvent(new CustomEvent("alarm"));
  if (!able) return;
  await wake(() => {});
  if (awake()) play();
}

if (document.getElementById("alarms")) document.addEventListener("htmx:after:swap", sound);
