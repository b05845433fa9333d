// [data-wait]: when the number is called (data-called says where to), the phone shakes and the title blinks; a recall anew.
const SHAKE = [400, 200, 400, 200, 400];
let [heard, lit] = ["", false];

function tick() {
  const page = document.querySelector("[data-wait]");
  if (!page) return;
  const { called, calls, title } = page.dataset;
  const call = called ? `${called} ${calls}` : "";
  if (call && call !== heard && navigator.userActivation?.hasBeenActive) navigator.vibrate?.(SHAKE);
  heard = call;
  lit = Boolean(called) && !lit;
  document.title = lit ? `● ${called}` : called || title;
}

if (document.querySelector("[data-wait]")) {
  tick();
  setInterval(tick, 1000);
}
