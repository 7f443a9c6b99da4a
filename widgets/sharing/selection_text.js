// Residues in the file's words, such as A:45-62,B:3, to positions and back, by the rules of
// workbench/selection.py: tests/contract/selection_text.json holds both to them. Only the kernel knows
// what is near what.

import { toRanges } from "../browser/ranges.js";

/**
 * @import { Range } from "../browser/types"
 * @import { Axis } from "../tracks/types"
 */

/** @typedef {Pick<Axis, "length" | "numbers" | "chains">} Numbering */
/** @typedef {[number: number, code: string]} Key */

// Dashes that editors and papers write for a hyphen, and the minus sign.
const DASHES = /[\u2010-\u2014\u2212]/g;
const PART = /^(?:([^:,\s]*):)?(?:(-?\d+[A-Za-z]?)(?:\s*-\s*(-?\d+[A-Za-z]?))?)?$/;

/** @param {Range[]} ranges @param {Numbering} axis */
export function formatRanges(ranges, axis) {
  const parts = [];
  for (const [start, stop] of ranges) {
    for (const chain of axis.chains) {
      const [first, last] = [Math.max(start, chain.start), Math.min(stop, chain.stop) - 1];
      if (first > last) continue;
      const end = last > first ? `-${axis.numbers[last]}` : "";
      parts.push(`${chain.name}:${axis.numbers[first]}${end}`);
    }
  }
  return parts.join(",");
}

/**
 * Ranges that the text names; null where it cannot be read.
 * @param {string} text @param {Numbering} axis @returns {Range[] | null}
 */
export function parseRanges(text, axis) {
  text = text.replace(DASHES, "-");
  const whole = text.trim().toLowerCase();
  if (!whole) return [];
  if (whole === "all" || whole === "*") return [[0, axis.length]];
  const found = [];
  for (const part of text.split(",")) {
    const positions = parsePart(part.trim(), axis);
    if (!positions) return null;
    found.push(...positions);
  }
  return toRanges(found);
}

/** @param {string} part @param {Numbering} axis */
function parsePart(part, axis) {
  const match = PART.exec(part);
  const names = new Set(axis.chains.map(({ name }) => name));
  if (!part || !match || (match[1] === undefined && names.size > 1)) return null;
  const chain = match[1] ?? axis.chains[0].name;
  const segments = axis.chains.filter(({ name }) => name === chain);
  const members = segments.flatMap(({ start, stop }) => Array.from({ length: stop - start }, (_, i) => start + i));
  if (!members.length) return null;
  return match[2] === undefined ? members : between(keyOf(match[2]), keyOf(match[3] ?? match[2]), members, axis);
}

/**
 * Residues of a chain in a range, by the file's order if it has both ends, else by number.
 * @param {Key} low @param {Key} high @param {number[]} members @param {Numbering} axis
 */
function between(low, high, members, axis) {
  const keys = members.map((i) => keyOf(axis.numbers[i]));
  const start = keys.findIndex((key) => compare(key, low) === 0);
  const end = keys.findLastIndex((key) => compare(key, high) === 0);
  if (isDouble(low, keys) || isDouble(high, keys)) return null;
  if (start >= 0 && end >= 0) return start > end ? null : members.slice(start, end + 1);
  const ordered = [...keys].sort(compare);
  if (compare(low, high) > 0 || compare(low, ordered[0]) < 0 || compare(high, ordered[ordered.length - 1]) > 0)
    return null;
  const inside = members.filter((_, k) => compare(low, keys[k]) <= 0 && compare(keys[k], high) <= 0);
  return inside.length ? inside : null;
}

// Whether two residues have this name, which then names neither.
/** @param {Key} key @param {Key[]} keys */
function isDouble(key, keys) {
  return keys.filter((one) => compare(one, key) === 0).length > 1;
}

/** @param {string} text @returns {Key} */
function keyOf(text) {
  const number = parseInt(text, 10);
  return [number, text.slice(String(number).length)];
}

/** @param {Key} a @param {Key} b */
function compare(a, b) {
  return a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);
}
