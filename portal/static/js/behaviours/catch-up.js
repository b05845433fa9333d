// A page that slept, lost its network or came back asks once what it missed; one whose question fails says so.
import { dispatch, found, lost } from "../liveness.js";

let hiddenAt = Infinity;

function seen() {
  if (document.hidden) hiddenAt = Date.now();
  else if (Date.now() - hiddenAt > 5000) dispatch();
}

function follows(event) {
  return /\bqueues\b/.test(event.detail.ctx?.sourceElement?.getAttribute?.("hx-trigger") ?? "");
}

function answered(event) {
  if (!follows(event)) return;
  const { status } = event.detail.ctx.response;
  if (status < 400) found("answer");
  else lost("answer");
  if (status >= 429) event.preventDefault(); // what is shown stays, and is asked for again
}

if (document.body.dataset.live) {
  document.addEventListener("visibilitychange", seen);
  addEventListener("online", () => dispatch());
  addEventListener("pageshow", (event) => event.persisted && dispatch());
  document.addEventListener("htmx:after:request", answered);
  document.addEventListener("htmx:error", (event) => follows(event) && lost("answer"));
}
