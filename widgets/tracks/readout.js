// A residue in words, for the line below the tracks and for screen readers.

import { labelsAt } from "./annotations.js";
import { labelsOf, letterAt, stateName } from "./spec.js";

/** @import { Axis, Cells, Achieved, Limit } from "./types" */

/** @param {number} at @param {Axis} axis */
export function residueName(at, axis) {
  const chain = axis.chains.find(({ start, stop }) => start <= at && at < stop);
  return `${chain?.name ?? ""}:${axis.numbers[at]}`;
}

/** @param {Limit[]} limits @param {number} at */
function limitAt(limits, at) {
  return limits.find(({ start, stop }) => start <= at && at < stop)?.label ?? "";
}

/**
 * What one cell holds, without its state: a letter, an area or labels.
 * @param {number} at @param {number} row @param {Cells} cells
 */
function heldBy(at, row, cells) {
  const { spec, length } = cells;
  if (spec.rows[row].annotated) return labelsAt(cells.annotations, row, at).join(" and ");
  const letter = letterAt(spec, row, length, at);
  if (letter >= 0) {
    const text = String.fromCharCode(cells.letters[letter]);
    return text === spec.mask ? "" : text;
  }
  const area = spec.rows[row].name === "sasa" ? cells.areas[at] : NaN;
  return Number.isFinite(area) ? `${Math.round(area)} Å²` : "";
}

/** @param {number} at @param {number} row @param {Cells} cells */
function stateOf(at, row, cells) {
  return stateName(cells.spec, cells.states[row * cells.length + at]);
}

/**
 * The cell under the cursor, to be spoken.
 * @param {number} at @param {number} row @param {Axis} axis @param {Cells} cells
 */
export function spokenCell(at, row, axis, cells) {
  const limit = cells.spec.rows[row].name === "sequence" ? limitAt(cells.limits, at) : "";
  const label = labelsOf(cells.spec)[row];
  const parts = [residueName(at, axis), label, heldBy(at, row, cells), stateOf(at, row, cells), limit];
  return parts.filter(Boolean).join(", ");
}

/**
 * The letters that the template and the design laid over have here, where they are others.
 * @param {number} at @param {Axis} axis @param {Cells} cells @param {string} shown
 */
function lettersBeside(at, axis, cells, shown) {
  const { name = "", letters = "" } = cells.beside;
  const letterOf = [
    ["template", axis.sequence[at]],
    [name, letters[at]],
  ];
  return letterOf
    .filter(([, letter]) => letter && letter !== shown && letter !== " " && letter !== cells.spec.mask)
    .map(([whose, letter]) => `${whose} ${letter}`)
    .join(", ");
}

/**
 * What lies under the pointer, where the picture alone does not say it.
 * @param {number} at @param {number} row @param {Axis} axis @param {Cells} cells
 */
export function tipAt(at, row, axis, cells) {
  const track = cells.spec.rows[row];
  if (track?.name === "sequence") {
    const limit = limitAt(cells.limits, at);
    return limit ? `${residueName(at, axis)} ${limit}` : "";
  }
  const over = track?.annotated ? cells.annotations.filter((annotation) => annotation.row === row) : [];
  return over
    .filter((annotation) => annotation.start <= at && at < annotation.stop)
    .map(({ label, name, start, stop }) => {
      const title = name && name !== label ? `${label} ${name}` : label;
      return `${title}  ${residueName(start, axis)}–${axis.numbers[stop - 1]}`;
    })
    .join("\n");
}

/**
 * What a result has on a row at a residue, where its prompt asks for something.
 * @param {number} at @param {Achieved[]} achieved @param {number} row @param {Cells} cells
 */
function achievedAt(at, achieved, row, cells) {
  const { letters, values } = achieved.find((strip) => strip.row === row) ?? {};
  if (letters) return letters[at] === cells.spec.mask ? "" : `got ${letters[at]}`;
  const value = values?.[at];
  if (value === null || value === undefined) return "";
  return cells.spec.rows[row].name === "sasa" ? `got ${Math.round(value)} Å²` : `${value.toFixed(1)} Å off`;
}

/**
 * @param {number} at @param {Axis} axis @param {Cells} cells @param {Float32Array} results @param {Achieved[]} [achieved]
 */
export function describe(at, axis, cells, results, achieved = []) {
  const n = axis.length;
  const parts = [residueName(at, axis)];
  for (const [row, { name, label, annotated }] of cells.spec.rows.entries()) {
    const content = heldBy(at, row, cells);
    const state = stateOf(at, row, cells);
    const word = /[a-z]/.test(label) ? label.toLowerCase() : label;
    if (annotated) {
      if (content) parts.push(content);
      else if (state === "none") parts.push(`no ${word.replace(/s$/, "")}`);
      continue;
    }
    const others = name === "sequence" ? lettersBeside(at, axis, cells, content) : achievedAt(at, achieved, row, cells);
    parts.push(`${word} ${content || state}${others && ` (${others})`}`);
  }
  const limit = limitAt(cells.limits, at);
  if (limit) parts.push(limit);
  // Behind the sequence, so that a narrow line keeps them.
  const numbers = [];
  if (Number.isFinite(results[at])) numbers.push(`pLDDT ${(results[at] * 100).toFixed(0)}`);
  if (Number.isFinite(results[n + at])) numbers.push(`entropy ${results[n + at].toFixed(2)} nats`);
  parts.splice(2, 0, ...numbers);
  return parts.join("  ·  ");
}
