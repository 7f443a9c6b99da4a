// A residue in words, for the line below the tracks and for screen readers.

import { labelsAt } from "./annotations.js";
import { MASK_LETTER } from "./painting.js";
import { LABELS } from "./layout.js";

const STATES = ["masked", "given", "none", "sampled"];

export function residueName(at, axis) {
  const chain = axis.chains.find(({ start, stop }) => start <= at && at < stop);
  return `${chain?.name ?? ""}:${axis.numbers[at]}`;
}

export function limitAt(limits, at) {
  return limits.find(({ start, stop }) => start <= at && at < stop)?.said ?? "";
}

// What one cell holds, without its state: a letter, an area or labels.
function valueOf(at, row, cells) {
  const n = cells.length;
  if (row === 0 || row === 2) {
    const code = cells.letters[(row ? n : 0) + at];
    return code === MASK_LETTER ? "" : String.fromCharCode(code);
  }
  if (row === 3) return Number.isFinite(cells.areas[at]) ? `${Math.round(cells.areas[at])} Å²` : "";
  return row >= 4 ? labelsAt(cells.annotations, row, at).join(" and ") : "";
}

// The cell under the cursor, to be spoken.
export function spokenCell(at, row, axis, cells) {
  const state = STATES[cells.looks[row * cells.length + at]];
  const limit = row === 0 ? limitAt(cells.limits, at) : "";
  return [residueName(at, axis), LABELS[row], valueOf(at, row, cells), state, limit].filter(Boolean).join(", ");
}

// The letters that the template and the design laid over have here, where they are others.
function lettersBeside(at, axis, cells) {
  const { name, letters = "" } = cells.beside ?? {};
  const shown = valueOf(at, 0, cells);
  const known = (letter) => letter && letter !== shown && !" _".includes(letter);
  return [["template", axis.sequence?.[at]], [name, letters[at]]]
    .filter(([, letter]) => known(letter)).map(([whose, letter]) => `${whose} ${letter}`).join(", ");
}

export function describe(at, axis, cells, results) {
  const n = axis.length;
  const parts = [residueName(at, axis)];
  for (let row = 0; row < 4; row++) {
    const said = valueOf(at, row, cells) || STATES[cells.looks[row * n + at]];
    const others = row === 0 ? lettersBeside(at, axis, cells) : "";
    parts.push(`${row === 0 || row === 1 ? LABELS[row].toLowerCase() : LABELS[row]} ${said}${others && ` (${others})`}`);
  }
  for (const row of [4, 5]) {
    const said = valueOf(at, row, cells);
    if (said) parts.push(said);
    else if (STATES[cells.looks[row * n + at]] === "none") parts.push(`no ${row === 4 ? "function" : "site"}`);
  }
  const limit = limitAt(cells.limits, at);
  if (limit) parts.push(limit);
  if (Number.isFinite(results[at])) parts.push(`pLDDT ${(results[at] * 100).toFixed(0)}`);
  if (Number.isFinite(results[n + at])) parts.push(`entropy ${results[n + at].toFixed(2)} nats`);
  return parts.join("  ·  ");
}
