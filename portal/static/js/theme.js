// Runs before the first paint, so that nobody is dazzled: one's own choice of light or dark, if there is one.
try {
  const choice = localStorage.getItem("theme");
  if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
} catch {
  // A browser that keeps nothing has no choice to remember.
}
