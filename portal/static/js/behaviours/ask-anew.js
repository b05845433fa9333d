// [data-asked=url]: a page that was posted for. Whoever comes back to it gets it by its address, and no question of the browser
// whether to send again what was typed.
const asked = document.querySelector("[data-asked]");
if (asked) history.replaceState(null, "", asked.dataset.asked);
