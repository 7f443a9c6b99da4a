// Which residues are on screen and where: x in CSS pixels from the first cell's left edge.

import { clamp } from "../browser/numbers.js";

/** @import { Range } from "../browser/types" */

const MIN_CELL = 0.1;
const MAX_CELL = 30;
export const READABLE_CELL = 11;
export const LEAST_CELL = 5.8;

export class Viewport {
  /** @param {number} length @param {number} width */
  constructor(length, width) {
    this.length = length;
    this.width = width;
    this.scroll = 0;
    this.cell = READABLE_CELL;
    this.fitted = true;
    this.resize(length, width);
  }

  /** @param {number} length @param {number} width */
  resize(length, width) {
    this.length = length;
    this.width = Math.max(1, width);
    if (this.fitted) this.cell = this.fit() < LEAST_CELL ? READABLE_CELL : Math.min(this.fit(), 18);
    this.scrollTo(this.scroll);
  }

  // Another protein: nobody has zoomed or scrolled it yet.
  forget() {
    this.fitted = true;
    this.scroll = 0;
  }

  fit() {
    return clamp(this.width / Math.max(1, this.length), MIN_CELL, MAX_CELL);
  }

  fitAll() {
    this.fitted = false;
    this.cell = this.fit();
    this.scrollTo(0);
  }

  /** @param {number} x */
  scrollTo(x) {
    this.scroll = clamp(x, 0, Math.max(0, this.length * this.cell - this.width));
  }

  /** @param {number} position */
  xOf(position) {
    return position * this.cell - this.scroll;
  }

  /** @param {number} x */
  at(x) {
    return clamp(Math.floor((x + this.scroll) / this.cell), 0, this.length - 1);
  }

  /** @returns {Range} */
  visible() {
    const first = Math.max(0, Math.floor(this.scroll / this.cell));
    const stop = Math.min(this.length, Math.ceil((this.scroll + this.width) / this.cell));
    return [first, stop];
  }

  /** @param {number} factor @param {number} x */
  zoom(factor, x) {
    const residue = (x + this.scroll) / this.cell;
    const smallest = Math.min(this.fit(), READABLE_CELL);
    this.fitted = false;
    this.cell = clamp(this.cell * factor, smallest, MAX_CELL);
    this.scrollTo(residue * this.cell - x);
  }

  /** @param {number} position */
  reveal(position) {
    const x = this.xOf(position);
    if (x < 0) this.scrollTo(this.scroll + x - this.cell);
    if (x + this.cell > this.width) this.scrollTo(this.scroll + x + 2 * this.cell - this.width);
  }

  // The beginning of these ranges, and as much of the rest as there is room for.
  /** @param {Range[]} ranges */
  revealAll(ranges) {
    this.reveal(ranges[ranges.length - 1][1] - 1);
    this.reveal(ranges[0][0]);
  }

  /** @param {Range[]} ranges */
  sees(ranges) {
    const [first, stop] = this.visible();
    return ranges.some(([from, to]) => from < stop && to > first);
  }
}

// Distance in residues between ruler labels so that they keep clear of each other.
/** @param {number} cell */
export function labelStep(cell, room = 46) {
  for (const step of [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]) {
    if (step * cell >= room) return step;
  }
  return 2000;
}
