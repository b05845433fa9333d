// button[data-copy=selector]: copies the text of that element; shown only where scripts run.
function unveil() {
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}

async function copy(button) {
  const text = document.querySelector(button.dataset.copy).textContent.trim();
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else copyByHand(text);
  const words = button.querySelector("span") ?? button;
  if (!button.dataset.copied || words.textContent === button.dataset.copied) return;
  const before = words.textContent;
  words.textContent = button.dataset.copied;
  setTimeout(() => (words.textContent = before), 2000);
}

/** Without https browsers have no clipboard of their own. */
function copyByHand(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.setAttribute("readonly", "");
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (button) copy(button);
});
document.addEventListener("htmx:after:swap", unveil);
unveil();
