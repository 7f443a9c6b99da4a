// Sorting and filtering the rows of the designs table.

/** @import { Column, Row, Value } from "./types" */

const CONDITION = /([\w-]+)\s*(<=|>=|<|>|=)\s*(-?[\d.]+)(%?)(?=\s|$)/g;
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
  return [...rows].sort((row, other) => {
    const [a, b] = [row[key], other[key]];
    if (missing(a) || missing(b)) return Number(missing(a)) - Number(missing(b));
    if (typeof a === "number") return sign * (a - Number(b));
    return sign * String(a).localeCompare(String(b), "en", { numeric: true });
  });
}

// Rows that meet every condition, such as "ptm > 0.5", and hold every other word in some text. Columns
// go by their name or by what is written over them, and hold the numbers on screen. A condition on a
// column that there is not is passed over; ``unknownColumns`` names it.
/** @param {Row[]} rows @param {Column[]} columns @param {string} text */
export function filtered(rows, columns, text) {
  const { conditions, words } = read(columns, text);
  const known = conditions.flatMap(({ key, sign, number }) => (key ? [compares(key, TESTS[sign], number)] : []));
  const tests = [...known, ...words.map(contains)];
  return rows.filter((row) => tests.every((test) => test(row)));
}

// Names in conditions that are no column's.
/** @param {Column[]} columns @param {string} text */
export function unknownColumns(columns, text) {
  return read(columns, text).conditions.flatMap(({ key, name }) => (key ? [] : [name]));
}

/** @param {Column[]} columns @param {string} text */
function read(columns, text) {
  const keys = new Map(
    columns.flatMap(({ key, title }) => [
      [plain(key), key],
      [plain(title), key],
    ]),
  );
  const conditions = [...text.matchAll(CONDITION)].map(([, name, sign, number, percent]) => ({
    name,
    key: keys.get(plain(name)),
    sign,
    number: Number(number) / (percent ? 100 : 1),
  }));
  const words = text.replace(CONDITION, " ").trim().toLowerCase().split(/\s+/).filter(Boolean);
  return { conditions, words };
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

/** @param {Value} value @param {Pick<Column, "kind" | "digits">} column */
export function written(value, { kind, digits }) {
  if (value === null || value === undefined) return "–";
  return numeric(kind) ? Number(value).toFixed(digits) : String(value);
}

/** @param {string} name */
const plain = (name) => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/**
 * How many designs there are, and controls beside them, in words.
 * @param {number} designs @param {number} controls
 */
export function countText(designs, controls) {
  const beside = controls ? ` and ${controls} ${controls === 1 ? "control" : "controls"}` : "";
  return `${designs} ${designs === 1 ? "design" : "designs"}${beside}`;
}

/** @param {Column["kind"]} kind */
export const numeric = (kind) => kind === "number" || kind === "stars";

// Columns in which some row has a value; stars and notes also where they can be given.
/** @param {Column[]} columns @param {Row[]} rows */
export function columnsWithValues(columns, rows, given = false) {
  return columns.filter(({ key, kind }) => {
    const remark = kind === "stars" || kind === "note";
    if (remark && given) return true;
    return rows.some((row) => row[key] !== null && row[key] !== "" && !(remark && row[key] === 0));
  });
}
