// [data-wall]: a screen that asks by itself says since when it cannot, goes when its link is revoked, and is new each hour.
import { found, lost } from "../liveness.js";

const LIFE = 3_600_000; // a screen hangs for weeks, and the portal is renewed meanwhile
const began = Date.now();

function answered(event) {
  const { status } = event.detail.ctx.response;
  if (status === 404) return location.reload();
  if (status >= 400) {
    event.preventDefault(); // what is shown stays, and is asked for again
    return lost("answer");
  }
  found("answer");
  if (Date.now() - began > LIFE) location.reload();
}

if (document.querySelector("[data-wall]")) {
  document.addEventListener("htmx:after:request", answered);
  document.addEventListener("htmx:error", () => lost("answer"));
}
