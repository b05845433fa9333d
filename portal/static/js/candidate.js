// One tab of a browser does what only one needs to do: the one that holds the lock of that name.

export class Candidate {
  #name;
  #rule;
  #waiting = new AbortController();
  #reign = null;

  /** `rule(signal)` is what the leader does, until the signal says that it leads no more. */
  constructor(name, rule) {
    this.#name = name;
    this.#rule = rule;
  }

  get leads() {
    return this.#reign !== null;
  }

  /** Wait for one's turn; who leaves, closes or crashes makes room. */
  stand() {
    this.#waiting = new AbortController();
    this.#request({ signal: this.#waiting.signal });
  }

  /** Take the place of a leader that says nothing, as a frozen tab does. */
  seize() {
    this.#waiting.abort();
    this.#request({ steal: true });
  }

  /** Make room, and wait no more. */
  resign() {
    this.#waiting.abort();
    this.#reign?.abort();
  }

  async #request(options) {
    let reign;
    const rule = async () => {
      reign = this.#reign = new AbortController();
      await this.#rule(reign.signal);
      if (this.#reign === reign) this.#reign = null;
    };
    try {
      await navigator.locks.request(this.#name, options, rule);
    } catch (error) {
      if (!reign) return; // resigned, or seized, while it waited
      reign.abort();
      if (this.#reign === reign) this.#reign = null;
      this.stand();
    }
  }
}
