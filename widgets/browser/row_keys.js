// The keys that walk along a row, such as the residues of a chain.

import { clamp } from "./numbers.js";

/**
 * Where a key leads from a place in a row of so many: the arrows go on and back, ``up`` and down too where
 * asked for, Home and End to the ends; Enter stays. Null for any other key; these are nobody else's.
 * @param {KeyboardEvent} event @param {number} at -1 for a place before the row @param {number} count
 * @param {{up?: boolean}} [options]
 */
export function rowKey(event, at, count, { up = false } = {}) {
  const { key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  /** @type {Record<string, number>} */
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: count - 1, Enter: at };
  if (up) Object.assign(to, { ArrowUp: at + 1, ArrowDown: at - 1 });
  if (to[key] === undefined) return null;
  event.preventDefault();
  event.stopPropagation();
  return key === "Enter" ? at : clamp(to[key], 0, count - 1);
}
