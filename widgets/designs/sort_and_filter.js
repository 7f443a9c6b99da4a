// Sorting and filtering the rows of the designs table.

/** @import { Column, Row, Value } from "./types" */

const CONDITION = /^([\w-]+)(<=|>=|<|>|=)(-?[\d.]+)%?$/;
/** @type {Record<string, (a: number, b: number) => boolean>} */
const TESTS = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "=": (a, b) => a === b,
};

// Rows in the order of a column; what has no value comes last either way.
/** @param {Row[]} rows @param {string} key @param {boolean} upwards */
export function sortedBy(rows, key, upwards) {
  const sign = upwards ? 1 : -1;
  /** @param {Value} value @returns {value is null | undefined} */
  const missing = (value) => value === null || value === undefined;
  return [...rows].sort((one, other) => {
    const [a, b] = [one[key], other[key]];
    if (missing(a) || missing(b)) return Number(missing(a)) - Number(missing(b));
    if (typeof a === "number") return sign * (a - Number(b));
    return sign * String(a).localeCompare(String(b), "en", { numeric: true });
  });
}

// Rows that meet every word: "ptm>0.5" compares a column, other words are looked for in all texts.
// Columns go by their name or by what is written over them, and hold the numbers on screen.
/** @param {Row[]} rows @param {Column[]} columns @param {string} text */
export function filtered(rows, columns, text) {
  const keys = new Map(
    columns.flatMap(([key, title]) => [
      [key, key],
      [plain(title), key],
    ]),
  );
  const tests = text
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => {
      const [, name, sign, number] = CONDITION.exec(word) ?? [];
      const key = keys.get(plain(name ?? ""));
      return key ? compares(key, TESTS[sign], Number(number)) : contains(word.toLowerCase());
    });
  return rows.filter((row) => tests.every((test) => test(row)));
}

/** @param {string} key @param {(a: number, b: number) => boolean} test @param {number} number */
function compares(key, test, number) {
  /** @param {Row} row */
  return (row) => row[key] !== null && test(Number(row[key]), number);
}

/** @param {string} wanted */
function contains(wanted) {
  /** @param {Row} row */
  return (row) => Object.values(row).some((value) => typeof value === "string" && value.toLowerCase().includes(wanted));
}

/** @param {Value} value @param {string} form */
export function written(value, form) {
  if (value === null || value === undefined) return "–";
  if (form === "two" && typeof value === "number") return value.toFixed(2);
  if (form === "hundred" && typeof value === "number") return value.toFixed(1);
  if (form === "percent" && typeof value === "number") return `${Math.round(value)}%`;
  return String(value);
}

/** @param {string} name */
const plain = (name) => name.toLowerCase().replace(/[^a-z0-9]/g, "");

// Columns in which some row has a value.
/** @param {Column[]} columns @param {Row[]} rows */
export function columnsWithValues(columns, rows) {
  return columns.filter(([key]) => rows.some((row) => row[key] !== null && row[key] !== ""));
}
