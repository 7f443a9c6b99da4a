// Residues in the file's words, such as A:45-62,B:3, to positions and back. The kernel reads more;
// this is for pages without one.

import { toRanges } from "../browser/ranges.js";

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

// Ranges that the text names; null where it cannot be read.
export function parseRanges(text, axis) {
  const found = [];
  for (const part of text.split(",").map((one) => one.trim())) {
    if (!part) continue;
    if (/^(all|\*)$/i.test(part)) return [[0, axis.length]];
    const match = /^(?:([^:]*):)?(-?\d+[A-Za-z]?)?(?:\s*-\s*(-?\d+[A-Za-z]?))?$/.exec(part);
    const chain = axis.chains.find(({ name }) => match && (match[1] === undefined || name === match[1]));
    if (!chain) return null;
    const place = (number) => {
      const at = axis.numbers.indexOf(number, chain.start);
      return at < 0 || at >= chain.stop ? null : at;
    };
    const first = match[2] === undefined ? chain.start : place(match[2]);
    const last = match[3] === undefined ? (match[2] === undefined ? chain.stop - 1 : first) : place(match[3]);
    if (first === null || last === null || last < first) return null;
    found.push([first, last + 1]);
  }
  return toRanges(found.flatMap(([start, stop]) => Array.from({ length: stop - start }, (_, i) => start + i)));
}
