import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../load.mjs";

const { columnsWithValues, filtered, sortedBy, unknownColumns, written } = await load("designs/sort_and_filter.js");

const number = (key, title, digits = 2) => ({ key, title, kind: "number", digits });
const COLUMNS = [
  { key: "design", title: "design", kind: "text" },
  number("ptm", "pTM"),
  number("tm_score", "TM-score"),
  { key: "sequence", title: "sequence", kind: "sequence" },
];
const ROWS = [
  { design: "design-2", ptm: 0.4, tm_score: 0.9, sequence: "MKTWW" },
  { design: "design-10", ptm: null, tm_score: 0.2, sequence: "MKTAA" },
  { design: "design-1", ptm: 0.8, tm_score: 0.5, sequence: "GGGAA" },
];
const names = (rows) => rows.map((row) => row.design);

test("design-10 comes after design-2, and no value comes last in both directions", () => {
  assert.deepEqual(names(sortedBy(ROWS, "design", true)), ["design-1", "design-2", "design-10"]);
  assert.deepEqual(names(sortedBy(ROWS, "ptm", true)), ["design-2", "design-1", "design-10"]);
  assert.deepEqual(names(sortedBy(ROWS, "ptm", false)), ["design-1", "design-2", "design-10"]);
});

test("a filter compares numbers by column name or heading and finds text anywhere", () => {
  assert.deepEqual(names(filtered(ROWS, COLUMNS, "pTM>0.5")), ["design-1"]);
  assert.deepEqual(names(filtered(ROWS, COLUMNS, "tm_score<0.6 AA")), ["design-10", "design-1"]);
  assert.deepEqual(names(filtered(ROWS, COLUMNS, "TM-score>=0.5 mkt")), ["design-2"]);
  assert.deepEqual(names(filtered(ROWS, COLUMNS, "  ")), names(ROWS));
});

test("a filter may have spaces around its sign", () => {
  assert.deepEqual(names(filtered(ROWS, COLUMNS, "ptm > 0.5")), ["design-1"]);
  assert.deepEqual(names(filtered(ROWS, COLUMNS, "AA tm_score <0.4")), ["design-10"]);
});

test("a condition on no column is named and hides nothing", () => {
  assert.deepEqual(names(filtered(ROWS, COLUMNS, "charm>2 AA")), ["design-10", "design-1"]);
  assert.deepEqual(unknownColumns(COLUMNS, "charm > 2 ptm>0.1 AA"), ["charm"]);
});

test("a missing figure is a dash, others have the digits of their column", () => {
  const texts = [null, 0.5].map((value) => written(value, COLUMNS[1]));
  texts.push(written(92.66, number("plddt", "pLDDT", 1)), written(3, number("seed", "seed", 0)));
  assert.deepEqual(texts, ["–", "0.50", "92.7", "3"]);
});

test("a share is filtered by the number on screen, or as a percentage", () => {
  const columns = [number("recovery", "recovery")];
  const rows = [{ recovery: 0.214 }, { recovery: 0.8 }, { recovery: null }];
  assert.deepEqual(filtered(rows, columns, "recovery>0.5"), [rows[1]]);
  assert.deepEqual(filtered(rows, columns, "recovery < 50%"), [rows[0]]);
});

test("a column in which no design has a value is left out, one with a single value stays", () => {
  const rows = ROWS.map((row) => ({ ...row, tm_score: null }));
  const kept = columnsWithValues(COLUMNS, rows).map(({ key }) => key);
  assert.deepEqual(kept, ["design", "ptm", "sequence"]);
});
