// Server-sent events over fetch(): unlike EventSource it shows the heartbeats, which are comments, and the answer's status.

const GONE = [401, 403, 404];

/** The server does not let this person listen (any more): trying again is no use. */
export class Refused extends Error {}

/**
 * Listen until the stream ends (resolves) or breaks (rejects); `on(name)` for each event, `on(null)` for each heartbeat.
 * It breaks when it does not open within `patience`, or says nothing for `silence`, in milliseconds.
 */
export async function follow(url, { signal, patience, silence, on }) {
  const turn = new AbortController();
  const end = () => turn.abort();
  let timer = setTimeout(end, patience);
  signal.addEventListener("abort", end, { once: true });
  try {
    const headers = { Accept: "text/event-stream", "X-Live": "1" };
    const response = await fetch(url, { headers, signal: turn.signal, cache: "no-store", redirect: "manual" });
    if (response.type === "opaqueredirect" || GONE.includes(response.status)) throw new Refused();
    if (!response.ok) throw new Error(`the stream answers ${response.status}`);
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    for (let rest = ""; ; ) {
      clearTimeout(timer);
      timer = setTimeout(end, silence);
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) on(/^event: ?(.*)$/m.exec(block)?.[1] ?? null);
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}
