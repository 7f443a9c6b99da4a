// Colours of log-odds and of couplings: from the page's background to blue where more, orange where less.

import { mixed } from "../browser/theme.js";

/** @import { Theme } from "../browser/types" */

/**
 * The colour of a share, -1 to 1, on this page.
 * @param {number} share @param {Theme} theme
 */
export function shade(share, theme) {
  return mixed(theme.bg, share < 0 ? theme.against : theme.given, Math.min(1, Math.abs(share)) ** 0.8);
}

/**
 * A round number that most of these values stay below in size; the largest are clipped.
 * @param {Float32Array} values
 */
export function reach(values) {
  const sizes = [...values].filter(Number.isFinite).map(Math.abs);
  sizes.sort((a, b) => a - b);
  const most = sizes[Math.floor(0.98 * (sizes.length - 1))] ?? 1;
  return most > 0 ? Math.max(Number(most.toPrecision(1)), most) : 1;
}
