// [data-asked]: a page that was posted for. Whoever comes back to it gets it by its address, and no question of the browser
// whether to send again what was typed.
if (document.querySelector("[data-asked]")) history.replaceState(null, "", location.href);
