// <theme-choice>: light, dark, or as the device has it; kept on this device. theme.js sets it before the first paint.
class ThemeChoice extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("click", this);
    this.addEventListener("keydown", this);
    this.mark(document.documentElement.dataset.theme ?? "auto");
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
    this.choose(button.value);
  }

  choose(theme) {
    const root = document.documentElement;
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    this.mark(theme);
    try {
      if (theme === "auto") localStorage.removeItem("theme");
      else localStorage.setItem("theme", theme);
    } catch {
      // A browser that keeps nothing has the choice until the next page.
    }
  }

  mark(theme) {
    for (const button of this.buttons) {
      button.setAttribute("aria-checked", String(button.value === theme));
      button.tabIndex = button.value === theme ? 0 : -1;
    }
  }
}

customElements.define("theme-choice", ThemeChoice);
