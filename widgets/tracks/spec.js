// Reading the spec, which says what rows, alphabets and states there are.

/** @import { Spec } from "./types" */

/** @param {Spec} spec @param {string} name */
export function rowOf(spec, name) {
  return spec.rows.findIndex((row) => row.name === name);
}

/**
 * Word for a state, such as "masked".
 * @param {Spec} spec @param {number} state
 */
export function stateName(spec, state) {
  return Object.entries(spec.states).find(([, number]) => number === state)?.[0] ?? "";
}

/**
 * Labels of all rows, also of the results below the tracks.
 * @param {Spec} spec
 */
export function labelsOf(spec) {
  return [...spec.rows.map((row) => row.label), ...spec.results];
}

/**
 * Where the letter of a cell is among all letters, or -1: the sequence comes first, then SS8.
 * @param {Spec} spec @param {number} row @param {number} length @param {number} position
 */
export function letterAt(spec, row, length, position) {
  const lettered = spec.rows.filter((row) => row.alphabet).indexOf(spec.rows[row]);
  return lettered < 0 ? -1 : lettered * length + position;
}
