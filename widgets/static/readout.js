// A residue in words, for the line below the tracks and for screen readers.

import { MASK_LETTER } from "./painting.js";

const STATES = ["masked", "given", "none", "sampled"];

export function describe(at, axis, cells, results) {
  const n = axis.length;
  const chain = axis.chains.find(({ start, stop }) => start <= at && at < stop);
  const state = (row) => STATES[cells.looks[row * n + at]];
  const letter = (offset) => {
    const code = cells.letters[offset + at];
    return code === MASK_LETTER ? "masked" : String.fromCharCode(code);
  };
  const area = cells.areas[at];
  const parts = [
    `${chain?.name ?? ""}:${axis.numbers[at]}`,
    `sequence ${letter(0)}`,
    `structure ${state(1)}`,
    `SS8 ${letter(n)}`,
    `SASA ${Number.isFinite(area) ? `${Math.round(area)} Å²` : "masked"}`,
  ];
  if (Number.isFinite(results[at])) parts.push(`pLDDT ${(results[at] * 100).toFixed(0)}`);
  if (Number.isFinite(results[n + at])) parts.push(`entropy ${results[n + at].toFixed(2)} nats`);
  return parts.join("  ·  ");
}
