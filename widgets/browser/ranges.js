// Sets of residues as sorted, half-open ranges [[start, stop], ...].

/** @import { Range } from "./types" */

/** @param {Iterable<number>} positions */
export function toRanges(positions) {
  /** @type {Range[]} */
  const ranges = [];
  for (const i of [...new Set(positions)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last[1] === i) last[1] = i + 1;
    else ranges.push([i, i + 1]);
  }
  return ranges;
}

/** @param {Range[]} ranges */
export function toPositions(ranges) {
  const positions = [];
  for (const [start, stop] of ranges) for (let i = start; i < stop; i++) positions.push(i);
  return positions;
}

/** @param {Range[]} ranges @param {number} position */
export function contains(ranges, position) {
  return ranges.some(([start, stop]) => start <= position && position < stop);
}

/** @param {Range[]} ranges */
export function count(ranges) {
  return ranges.reduce((sum, [start, stop]) => sum + stop - start, 0);
}

/** @param {number} a @param {number} b @returns {Range} */
export function between(a, b) {
  return [Math.min(a, b), Math.max(a, b) + 1];
}

/**
 * The residues of a protein of this length that are in none of the ranges.
 * @param {Range[]} ranges @param {number} length @returns {Range[]}
 */
export function others(ranges, length) {
  const stops = [0, ...ranges.map(([, stop]) => stop)];
  const starts = [...ranges.map(([start]) => start), length];
  return stops.map((stop, i) => /** @type {Range} */ ([stop, starts[i]])).filter(([start, stop]) => start < stop);
}
