// time[data-countdown]: keeps the hours and minutes to a due time running, as i18n/formats.py wrote them.
const skew = document.body.dataset.now ? Date.parse(document.body.dataset.now) - Date.now() : 0;

function written(due, days) {
  const left = Math.floor((due - Date.now() - skew) / 60_000);
  const minutes = Math.abs(left);
  const clock = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
  return (left < 0 ? "\u2212" : "") + (minutes < 1440 ? clock : days.replace("{days}", Math.floor(minutes / 1440)));
}

function tick() {
  if (document.hidden) return;
  for (const element of document.querySelectorAll("time[data-countdown]")) {
    const text = written(Date.parse(element.dateTime), element.dataset.countdown);
    if (element.textContent === text) continue;
    element.textContent = text;
    element.classList.toggle("countdown--late", text.startsWith("\u2212"));
  }
}

setInterval(tick, 1000);
document.addEventListener("visibilitychange", tick);
