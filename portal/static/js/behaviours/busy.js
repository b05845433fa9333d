// A form on its way is not sent twice: its button says that it is busy, and further presses wait for the answer.
const RELEASE = 20_000; // an answer that is no page (a file) never says that it came
const busy = new Map();

function submitted(event) {
  const form = event.target;
  if (form.method !== "post") return;
  if (busy.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  event.submitter?.setAttribute("aria-busy", "true");
  busy.set(form, { button: event.submitter, timer: setTimeout(() => release(form), RELEASE) });
}

function release(form) {
  clearTimeout(busy.get(form)?.timer);
  busy.get(form)?.button?.removeAttribute("aria-busy");
  busy.delete(form);
}

document.addEventListener("submit", submitted, { capture: true });
document.addEventListener("htmx:finally:request", (event) => {
  const source = event.detail.ctx.sourceElement;
  release(source?.form ?? source);
});
addEventListener("pageshow", () => [...busy.keys()].forEach(release));
