import assert from "node:assert/strict";
import test from "node:test";
import { window } from "../dom.mjs";
import { load } from "../load.mjs";
import { placed } from "./placed.mjs";

const { fitting } = await load("designs/columns.js");

const column = (key, minor = false, kind = "number") => ({
  key,
  title: key,
  help: "",
  kind,
  digits: 2,
  better: null,
  minor,
});
const COLUMNS = [
  column("design", false, "text"),
  column("stars", false, "stars"),
  column("seed", true),
  column("ptm"),
  column("breaks"),
  column("plddt"),
  column("sequence", true, "sequence"),
];
const ROWS = [0, 1].map((i) => ({
  design: `design-${i}`,
  stars: 0,
  seed: i,
  ptm: i,
  breaks: 0,
  plddt: i,
  sequence: `MKT${i}`,
}));
const WIDTHS = new Map(COLUMNS.map(({ key }) => [key, 100]));
const fit = (room, kept) => fitting(COLUMNS, WIDTHS, room, kept).map(({ key }) => key);

test("without room minor columns leave first, then the others from the last on; the name stays", () => {
  assert.deepEqual(fit(700), ["design", "stars", "seed", "ptm", "breaks", "plddt", "sequence"]);
  assert.deepEqual(fit(699), ["design", "stars", "seed", "ptm", "breaks", "plddt"]);
  assert.deepEqual(fit(520), ["design", "stars", "ptm", "breaks", "plddt"]);
  assert.deepEqual(fit(410), ["design", "stars", "ptm", "breaks"]);
  assert.deepEqual(fit(10), ["design"]);
});

test("the column that sorts stays", () => {
  assert.deepEqual(fit(310, "seed"), ["design", "stars", "seed"]);
});

const headings = (el) => [...el.querySelectorAll(".esm-sort")].map((button) => button.dataset.key);
const box = (el, key) => el.querySelector(`[data-column="${key}"]`);
const tick = (el, key, on) => {
  box(el, key).checked = on;
  box(el, key).dispatchEvent(new window.Event("change", { bubbles: true }));
};

test("a person ticks the columns that are on view, and goes back to as many as fit", () => {
  const { el, model } = placed({ columns: COLUMNS, rows: ROWS });
  const all = headings(el);
  el.querySelector('[data-act="columns"]').click();
  tick(el, "breaks", false);
  assert.deepEqual(
    headings(el),
    all.filter((key) => key !== "breaks"),
  );
  assert.match(el.querySelector('[data-act="columns"]').textContent, /Columns 6 of 7/);
  tick(el, "", true);
  assert.deepEqual(headings(el), all);
  assert.deepEqual(model.heard(), [
    { type: "columns", keys: all.filter((key) => key !== "breaks") },
    { type: "columns", keys: [] },
  ]);
});

test("the columns chosen stay on a page that is loaded again", () => {
  const { el } = placed({ columns: COLUMNS, rows: ROWS, visible: ["design", "ptm"] });
  assert.deepEqual(headings(el), ["design", "ptm"]);
});
