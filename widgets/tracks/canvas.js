// Small things the canvas drawings share.

/** @import { Pen } from "./types" */

export const SANS = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";
export const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
/** @type {Map<string, string>} */
const TINTS = new Map();

/** @param {string} color @param {number} alpha */
export function tint(color, alpha) {
  const key = color + alpha;
  const mixed = TINTS.get(key) ?? `color-mix(in srgb, ${color} ${Math.round(alpha * 100)}%, transparent)`;
  TINTS.set(key, mixed);
  return mixed;
}

/** @param {Pen} ctx @param {number} x @param {number} y @param {number} w @param {number} h @param {number} r */
export function roundRect(ctx, x, y, w, h, r) {
  ctx.beginPath();
  ctx.roundRect(x, y, Math.max(0, w), h, Math.min(r, Math.max(0, w) / 2));
}

/** @param {Pen} ctx @param {number} x @param {number} y @param {number} r */
export function dot(ctx, x, y, r) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 7);
  ctx.fill();
}

/**
 * Calls ``each(value, start, stop)`` for every run of equal values.
 * @param {ArrayLike<number>} values @param {number} offset @param {number} first @param {number} stop
 * @param {(value: number, start: number, stop: number) => void} each
 */
export function eachRun(values, offset, first, stop, each) {
  let start = first;
  for (let i = first + 1; i <= stop; i++) {
    if (i < stop && values[offset + i] === values[offset + start]) continue;
    if (start < stop) each(values[offset + start], start, i);
    start = i;
  }
}
