// Annotations of the function and residue rows: {row, label, name, start, stop}, half-open. Those that
// overlap lie in lanes of their own.

/** @import { Annotation, Spec } from "./types" */

export const MOST_LANES = 4;

/**
 * Lane of each annotation of a row, in the order given, and how many lanes there are (at least 1).
 * @param {Annotation[]} annotations @param {number} row
 */
export function lanesOf(annotations, row) {
  /** @type {number[]} */
  const ends = [];
  /** @type {Map<Annotation, number>} */
  const lane = new Map();
  const mine = annotations.filter((one) => one.row === row);
  const ordered = [...mine].sort((a, b) => a.start - b.start || b.stop - a.stop);
  for (const one of ordered) {
    let at = ends.findIndex((end) => end <= one.start);
    if (at < 0) at = Math.min(ends.length, MOST_LANES - 1);
    ends[at] = Math.max(ends[at] ?? 0, one.stop);
    lane.set(one, at);
  }
  return { lane, lanes: Math.max(1, ends.length) };
}

/**
 * How many lanes each row of labels needs, by its number.
 * @param {Spec} spec @param {Annotation[]} annotations @returns {Record<number, number>}
 */
export function lanesNeeded(spec, annotations) {
  const rows = [...spec.rows.keys()].filter((row) => spec.rows[row].annotated);
  return Object.fromEntries(rows.map((row) => [row, lanesOf(annotations, row).lanes]));
}

/**
 * Ranged things without what lies in [start, stop): cut in two where needed.
 * @template {{start: number, stop: number}} Ranged
 * @param {Ranged[]} ranged @param {number} start @param {number} stop
 */
export function cutOut(ranged, start, stop) {
  return ranged.flatMap((one) => {
    if (one.stop <= start || one.start >= stop) return [one];
    const left = { ...one, stop: start };
    const right = { ...one, start: stop };
    return [left, right].filter((piece) => piece.start < piece.stop);
  });
}

/**
 * The same labels on the same residues, pieces that touch made one.
 * @param {Annotation[]} annotations
 */
export function joined(annotations) {
  /** @type {Annotation[]} */
  const whole = [];
  for (const one of [...annotations].sort((a, b) => a.start - b.start)) {
    const before = whole.find((other) => other.row === one.row && other.label === one.label && other.stop >= one.start);
    if (before) before.stop = Math.max(before.stop, one.stop);
    else whole.push({ ...one });
  }
  return whole;
}

/**
 * Labels on one residue of a row.
 * @param {Annotation[]} annotations @param {number} row @param {number} position
 */
export function labelsAt(annotations, row, position) {
  return annotations
    .filter((one) => one.row === row && one.start <= position && position < one.stop)
    .map((one) => one.name ?? one.label);
}
