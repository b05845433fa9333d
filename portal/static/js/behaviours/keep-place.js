// [data-keep-place=name]: a pane that scrolls by itself is where it was, on the next page that has it too.
const NAME = (pane) => `place:${pane.dataset.keepPlace}`;

function keep() {
  for (const pane of document.querySelectorAll("[data-keep-place]")) sessionStorage.setItem(NAME(pane), pane.scrollTop);
}

function find() {
  for (const pane of document.querySelectorAll("[data-keep-place]")) {
    pane.scrollTop = sessionStorage.getItem(NAME(pane)) ?? 0;
    pane.querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
  }
}

try {
  find();
  addEventListener("pagehide", keep);
} catch {
  // A browser that keeps nothing begins at the top.
}
