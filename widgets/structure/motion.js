// Tells movements that follow each other fast, which are drawn in the cheap way, from those that stay.

// How long there must be no movement to call it rest: in ms, and in a run at least this many times what a
// full picture takes.
const CALM = 600;
const CALM_RUN = 8;

export class Motion {
  /** @param {() => void} rested is called when fast movements have come to an end */
  constructor(rested) {
    this.rested = rested;
    this.last = -Infinity;
    this.cost = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined;
  }

  // Whether the latest movement was one of many, and nothing has rested since.
  get fast() {
    return this.waiting !== undefined;
  }

  // There is a movement; in a run more will follow.
  /** @param {boolean} running */
  moved(running, now = performance.now()) {
    const calm = running ? Math.max(CALM, CALM_RUN * this.cost) : CALM;
    const isFast = running || now - this.last < calm;
    this.last = now;
    this.forget();
    if (isFast) this.waiting = setTimeout(() => this.rest(), calm);
    return isFast;
  }

  // No more will follow: the next one stays.
  over() {
    this.last = -Infinity;
    if (this.fast) this.rest();
  }

  rest() {
    this.forget();
    this.rested();
  }

  forget() {
    clearTimeout(this.waiting);
    this.waiting = undefined;
  }
}
