// Light, dark, or as the device has it: chosen by <device-choice>, set before the first paint by ../theme.js.
import { kept } from "../device.js";

document.addEventListener("kept", (event) => {
  if (event.detail !== "theme") return;
  const theme = kept("theme");
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
});
