// <device-choice data-name data-usual>: one of a few buttons, kept on this device; nothing is kept for the usual one.
import { keep, kept } from "../device.js";

class DeviceChoice extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("click", this);
    this.addEventListener("keydown", this);
    this.mark(kept(this.dataset.name) ?? this.dataset.usual);
  }

  get buttons() {
    return [...this.querySelectorAll("button")];
  }

  handleEvent(event) {
    const at = this.buttons.indexOf(event.target.closest("button"));
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key] ?? 0;
    if (at < 0 || (event.type === "keydown" && !step)) return;
    if (step) event.preventDefault();
    const button = this.buttons.at((at + step) % this.buttons.length);
    button.focus();
    this.mark(button.value);
    keep(this.dataset.name, button.value === this.dataset.usual ? null : button.value);
  }

  mark(value) {
    for (const button of this.buttons) {
      button.setAttribute("aria-checked", String(button.value === value));
      button.tabIndex = button.value === value ? 0 : -1;
    }
  }
}

customElements.define("device-choice", DeviceChoice);
