import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../load.mjs";

const { columnsWithValues, filtered, sortedBy, written } = await load("designs/sort_and_filter.js");

const COLUMNS = [
  ["design", "design", "text"],
  ["ptm", "pTM", "two"],
  ["tm_score", "TM-score", "two"],
  ["sequence", "sequence", "sequence"],
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

test("a missing figure is a dash, a share a percentage", () => {
  const said = [written(null, "two"), written(66.6, "percent"), written(41.24, "hundred"), written(0.5, "two")];
  assert.deepEqual(said, ["–", "67%", "41.2", "0.50"]);
});

test("a share is filtered by the number on screen, with or without its sign", () => {
  const columns = [["recovery", "recovery", "percent"]];
  const rows = [{ recovery: 21.4 }, { recovery: 80 }, { recovery: null }];
  assert.deepEqual(filtered(rows, columns, "recovery>50"), [rows[1]]);
  assert.deepEqual(filtered(rows, columns, "recovery<50%"), [rows[0]]);
});

test("a column in which no design has a value is left out, one with a single value stays", () => {
  const rows = ROWS.map((row) => ({ ...row, tm_score: null }));
  const kept = columnsWithValues(COLUMNS, rows).map(([key]) => key);
  assert.deepEqual(kept, ["design", "ptm", "sequence"]);
});
