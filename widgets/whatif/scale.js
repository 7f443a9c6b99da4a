// Colours of log-odds and of couplings: from the page's background to blue where more, orange where less.

import { mixed } from "../browser/theme.js";

/** @import { Theme } from "../browser/types" */

const MORE = "#0072b2";
const MORE_ON_DARK = "#5ab4ea";
const LESS = "#d55e00";

/**
 * The colour of a share, -1 to 1, on this page.
 * @param {number} share @param {Theme} theme
 */
export function shade(share, theme) {
  const to = share < 0 ? LESS : theme.dark ? MORE_ON_DARK : MORE;
  return mixed(theme.bg, to, Math.min(1, Math.abs(share)) ** 0.8);
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
