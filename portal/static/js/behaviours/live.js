// body[data-live=url]: one stream serves the whole browser. The leading tab listens, and tells the others what it hears.
import { Candidate } from "../candidate.js";
import { Refused, follow } from "../event-stream.js";
import { dispatch, found, lost } from "../liveness.js";

const [ASK, BEAT, BREAK, BYE] = ["?", "beat", "break", "bye"];
const SILENCE = 17_000; // the heart beats at least every 15 s, and after 20 s of nothing people are told
const url = document.body.dataset.live;
const able = navigator.locks && window.BroadcastChannel && window.ReadableStream;
const channel = url && able ? new BroadcastChannel(`live:${url}`) : null;
const candidate = new Candidate(`live:${url}`, rule);
let [open, opened] = [false, false];
let [heardAt, wordAt] = [Date.now(), Date.now()];
let turn = new AbortController();

function learn(word) {
  if (word === ASK) return candidate.leads && open && channel.postMessage(BEAT);
  wordAt = Date.now();
  if (word === BYE) return opened && location.reload();
  open = word !== BREAK;
  if (!open) return lost("stream", silent() ? heardAt : wordAt);
  heardAt = wordAt;
  found("stream");
  if (word !== BEAT) dispatch(word);
  else if (!opened) dispatch(); // a later tab: what it missed while it loaded
  opened = true;
}

function silent() {
  return Date.now() - heardAt > SILENCE;
}

function tell(word) {
  channel.postMessage(word);
  learn(word);
}

async function rule(signal) {
  signal.addEventListener("abort", () => turn.abort());
  while (!signal.aborted) {
    turn = new AbortController();
    try {
      await follow(url, { signal: turn.signal, patience: 4000, silence: SILENCE + 100, on: (event) => tell(event ?? BEAT) });
    } catch (error) {
      if (error instanceof Refused) return tell(BYE);
    }
    if (signal.aborted) return;
    tell(BREAK);
    await new Promise((resume) => setTimeout(resume, 500 + Math.random() * 2000));
  }
}

function watch() {
  if (silent()) lost("stream", heardAt);
  if (Date.now() - wordAt > SILENCE + 3000 && !document.hidden && !candidate.leads) {
    wordAt = Date.now();
    candidate.seize();
  }
}

function stand() {
  candidate.stand();
  channel.postMessage(ASK);
}

if (channel) {
  channel.onmessage = (event) => learn(event.data);
  setInterval(watch, 1000);
  stand();
  addEventListener("pagehide", () => candidate.resign());
  addEventListener("pageshow", (event) => event.persisted && stand());
  for (const change of ["offline", "online"]) addEventListener(change, () => turn.abort()); // else it waits for a dead line
} else if (url) {
  setInterval(() => dispatch(), 10_000);
}
