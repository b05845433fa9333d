// button[data-print]: slips and posters on paper; shown only where scripts run.
for (const button of document.querySelectorAll("[data-print][hidden]")) button.hidden = false;
document.addEventListener("click", (event) => event.target.closest?.("[data-print]") && window.print());
