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
  const mine = annotations.filter((annotation) => annotation.row === row);
  const ordered = [...mine].sort((a, b) => a.start - b.start || b.stop - a.stop);
  for (const annotation of ordered) {
    let at = ends.findIndex((end) => end <= annotation.start);
    if (at < 0) at = Math.min(ends.length, MOST_LANES - 1);
    ends[at] = Math.max(ends[at] ?? 0, annotation.stop);
    lane.set(annotation, at);
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
  return ranged.flatMap((range) => {
    if (range.stop <= start || range.start >= stop) return [range];
    const before = { ...range, stop: start };
    const after = { ...range, start: stop };
    return [before, after].filter((piece) => piece.start < piece.stop);
  });
}

/**
 * The same labels on the same residues, pieces that touch made one.
 * @param {Annotation[]} annotations
 */
export function joined(annotations) {
  /** @type {Annotation[]} */
  const whole = [];
  for (const annotation of [...annotations].sort((a, b) => a.start - b.start)) {
    const before = whole.find(
      (other) => other.row === annotation.row && other.label === annotation.label && other.stop >= annotation.start,
    );
    if (before) before.stop = Math.max(before.stop, annotation.stop);
    else whole.push({ ...annotation });
  }
  return whole;
}

/**
 * Labels on one residue of a row.
 * @param {Annotation[]} annotations @param {number} row @param {number} position
 */
export function labelsAt(annotations, row, position) {
  return annotations
    .filter((annotation) => annotation.row === row && annotation.start <= position && position < annotation.stop)
    .map((annotation) => annotation.name ?? annotation.label);
}
