// A form that somebody types in keeps the version it was opened with, whatever the live page learns meanwhile: only so
// does the server see that two people changed the same thing.
document.addEventListener("input", (event) => event.target.form?.elements.version?.setAttribute("hx-morph-skip", ""));
