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
/** @typedef {boolean[] | null} Mask */

// Dashes that editors and papers write for a hyphen, and the minus sign.
const DASHES = /[\u2010-\u2014\u2212]/g;
const WORD = /\s*(\b(?:and|or|not)\b|[,()])\s*/i;
const CHAIN = /^(?:chain\s+)?(\S+?):?$/i;
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
  if (!text.trim()) return [];
  const mask = new Reading(text, axis).whole();
  return mask && toRanges(mask.flatMap((chosen, i) => (chosen ? [i] : [])));
}

/**
 * Operators, brackets, commas, and what is written between them; nothing only where a part must be.
 * @param {string} text
 */
function wordsOf(text) {
  const words = text
    .replace(DASHES, "-")
    .split(WORD)
    .map((part) => part.trim());
  const ends = [",", undefined];
  return words.filter((part, k) => part || (ends.includes(words[k - 1]) && ends.includes(words[k + 1])));
}

/** A text read from left to right, each part as a mask over the residues; null where it cannot be read. */
class Reading {
  at = 0;
  /** The chain that a list has named last. @type {string | undefined} */
  chain = undefined;

  /** @param {string} text @param {Numbering} axis */
  constructor(text, axis) {
    this.axis = axis;
    this.words = wordsOf(text);
  }

  whole() {
    const mask = this.anyOf();
    return this.at < this.words.length ? null : mask;
  }

  /** @param {string} word */
  take(word) {
    const isNext = this.words[this.at]?.toLowerCase() === word;
    if (isNext) this.at += 1;
    return isNext;
  }

  /** @returns {Mask} */
  anyOf() {
    return this.joined("or", () => this.allOf());
  }

  allOf() {
    return this.joined("and", () => this.listed());
  }

  listed() {
    this.chain = undefined;
    return this.joined(",", () => this.part());
  }

  /** @param {string} word @param {() => Mask} read @returns {Mask} */
  joined(word, read) {
    let mask = read();
    while (this.take(word)) {
      const other = read();
      if (!mask || !other) return null;
      mask = mask.map((chosen, i) => (word === "and" ? chosen && other[i] : chosen || other[i]));
    }
    return mask;
  }

  /** @returns {Mask} */
  part() {
    if (this.take("not")) return this.part()?.map((chosen) => !chosen) ?? null;
    if (this.take("(")) {
      const mask = this.anyOf();
      return this.take(")") ? mask : null;
    }
    const positions = this.residues(this.words[this.at++] ?? "");
    if (!positions) return null;
    const members = new Set(positions);
    return Array.from({ length: this.axis.length }, (_, i) => members.has(i));
  }

  /** @param {string} word */
  residues(word) {
    const { axis } = this;
    if (/^(all|\*)$/i.test(word)) return Array.from({ length: axis.length }, (_, i) => i);
    const match = PART.exec(word);
    if (!word || !match || (match[1] === undefined && !match[2])) {
      const name = CHAIN.exec(word)?.[1];
      return name === undefined ? null : membersOf(name, axis);
    }
    this.chain = match[1] ?? this.chain;
    if (this.chain === undefined && new Set(axis.chains.map(({ name }) => name)).size > 1) return null;
    const members = membersOf(this.chain ?? axis.chains[0].name, axis);
    return members && match[2] ? between(keyOf(match[2]), keyOf(match[3] ?? match[2]), members, axis) : members;
  }
}

/** @param {string} chain @param {Numbering} axis */
function membersOf(chain, axis) {
  const segments = axis.chains.filter(({ name }) => name === chain);
  const members = segments.flatMap(({ start, stop }) => Array.from({ length: stop - start }, (_, i) => start + i));
  return members.length ? members : null;
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
  return keys.filter((other) => compare(other, key) === 0).length > 1;
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
