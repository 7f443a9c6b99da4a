import assert from "node:assert/strict";
import test from "node:test";
import { type, window } from "../dom.mjs";
import { placed } from "./placed.mjs";

const number = (key, title, better) => ({ key, title, help: `What ${title} is.`, kind: "number", digits: 2, better });
const text = (key, kind = "text") => ({ key, title: key, help: `Its ${key}.`, kind, digits: 2, better: null });
const COLUMNS = [
  text("design"),
  number("ptm", "pTM", true),
  number("ca_rmsd", "CA RMSD Å", false),
  number("recovery", "recovery", true),
  text("sequence", "sequence"),
];
const ROWS = [
  { design: "design-1", ptm: 0.8, ca_rmsd: 2, recovery: null, sequence: "GGGAA" },
  { design: "design-2", ptm: 0.4, ca_rmsd: 1, recovery: 0.3, sequence: "MKTWW" },
  { design: "design-10", ptm: null, ca_rmsd: 3, recovery: 0.7, sequence: "MKTAA" },
];

const FORMATS = [
  ["pdb", "PDB"],
  ["csv", "CSV"],
];

const table = (traits = {}) => placed({ columns: COLUMNS, rows: ROWS, formats: FORMATS, ...traits });

const names = (el) => [...el.querySelectorAll("tbody .esm-link")].map((link) => link.dataset.design);
const heading = (el, key) => el.querySelector(`.esm-sort[data-key="${key}"]`);
const act = (el, name) => el.querySelector(`[data-act="${name}"]`);

test("a click on a heading sorts from the best value, names from the first, and again the other way", () => {
  const { el } = table();
  heading(el, "ptm").click();
  assert.deepEqual(names(el), ["design-1", "design-2", "design-10"]);
  assert.equal(heading(el, "ptm").closest("th").getAttribute("aria-sort"), "descending");
  heading(el, "ptm").click();
  assert.deepEqual(names(el), ["design-2", "design-1", "design-10"]);
  heading(el, "ca_rmsd").click();
  assert.deepEqual(names(el), ["design-2", "design-1", "design-10"]);
  heading(el, "design").click();
  assert.deepEqual(names(el), ["design-1", "design-2", "design-10"]);
});

test("a heading's tooltip says what is measured, and a filter names a column that there is not", () => {
  const { el } = table();
  assert.match(heading(el, "ca_rmsd").title, /^What CA RMSD Å is\./);
  type(el.querySelector("input[type=search]"), "charm > 2");
  assert.match(el.querySelector(".esm-gallery-bar").textContent, /3; there is no column charm/);
});

test("only what meets the filter is listed, counted and saved", () => {
  const { el, model } = table();
  type(el.querySelector("input[type=search]"), "MKT recovery > 0.5");
  assert.deepEqual(names(el), ["design-10"]);
  assert.match(el.querySelector(".esm-gallery-bar").textContent, /1 of 3/);
  act(el, "save-csv").click();
  assert.deepEqual(model.heard(), [{ type: "export", names: ["design-10"], format: "csv" }]);
});

test("ticked designs are saved or discarded, and what was discarded can come back", () => {
  const { el, model } = table();
  assert.equal(act(el, "discard").hidden, true);
  const box = el.querySelector('[data-key="tick-design-2"]');
  box.checked = true;
  type(box, "on");
  assert.deepEqual(model.heard(), [{ type: "choose", names: ["design-2"] }]);
  act(el, "save-pdb").click();
  act(el, "discard").click();
  assert.deepEqual(model.heard(), [
    { type: "export", names: ["design-2"], format: "pdb" },
    { type: "discard", names: ["design-2"] },
  ]);
  model.push({ rows: ROWS.filter(({ design }) => design !== "design-2"), discarded: 1 });
  assert.deepEqual(names(el), ["design-1", "design-10"]);
  act(el, "bring-back").click();
  assert.deepEqual(model.heard(), [{ type: "bring_back" }]);
});

test("the design on view is marked, and a row shows, compares or takes its design as the prompt", () => {
  const { el, model } = table({ shown: "design-2" });
  const row = el.querySelector("[aria-current=true]");
  assert.equal(row.querySelector(".esm-link").dataset.design, "design-2");
  for (const name of ["compare", "to-prompt"]) row.querySelector(`[data-act="${name}"]`).click();
  row.querySelector(".esm-link").click();
  assert.deepEqual(
    model.heard(),
    ["compare", "prompt", "show"].map((type) => ({ type, name: "design-2" })),
  );
});

test("a table on a page without a kernel can only be looked at", () => {
  const { el } = table({ live: false });
  assert.equal(el.querySelectorAll("[type=checkbox], [data-act=compare]").length, 0);
  assert.equal(act(el, "discard").hidden, true);
  assert.deepEqual(names(el), ["design-1", "design-2", "design-10"]);
});

test("text of a design is text, whatever it looks like", () => {
  const { el } = table({ rows: [{ ...ROWS[0], sequence: "<b>x</b>" }] });
  assert.equal(el.querySelector("tbody b"), null);
  assert.match(el.querySelector("tbody").textContent, /<b>x<\/b>/);
});

test("a campaign's table begins with the best, is ticked without a bench, and draws the first rows of many", () => {
  const rows = Array.from({ length: 1000 }, (_, i) => ({ ...ROWS[0], design: `design-${i}`, ptm: i / 1000 }));
  const { el, model } = table({ rows, live: false, choosing: true, best: "ptm", upwards: false });
  assert.equal(names(el)[0], "design-999");
  assert.equal(names(el).length, 300);
  assert.match(el.textContent, /… and 700 more; filter or sort/);
  el.querySelector('[data-key="tick-design-999"]').click();
  assert.deepEqual(model.heard(), [{ type: "choose", names: ["design-999"] }]);
  assert.ok(act(el, "discard").hidden);
});

const REMARKED = [
  COLUMNS[0],
  { ...text("stars", "stars"), digits: 0, better: true },
  text("note", "note"),
  ...COLUMNS.slice(1),
];
const STARRED = ROWS.map((row, i) => ({ ...row, stars: i, note: i === 1 ? "to order" : "" }));
const field = (el, key) => el.querySelector(`[data-key="${key}"]`);
const key = (el, name) => el.dispatchEvent(new window.KeyboardEvent("keydown", { key: name, bubbles: true }));

test("stars are given by a press or a number, and rows are found and sorted by them", () => {
  const { el, model } = table({ columns: REMARKED, rows: STARRED });
  assert.equal(field(el, "stars-design-10").textContent, "★★☆");
  field(el, "stars-design-10").click();
  key(field(el, "stars-design-1"), "3");
  assert.deepEqual(model.heard(), [
    { type: "remark", name: "design-10", stars: 3 },
    { type: "remark", name: "design-1", stars: 3 },
  ]);
  heading(el, "stars").click();
  assert.deepEqual(names(el), ["design-10", "design-2", "design-1"]);
  type(el.querySelector("input[type=search]"), "stars>0 order");
  assert.deepEqual(names(el), ["design-2"]);
});

test("a note is typed in its cell; Enter keeps it, Escape does not, and a design that comes meanwhile takes no letter", () => {
  const { el, model } = table({ columns: REMARKED, rows: STARRED });
  field(el, "note-design-1").click();
  type(field(el, "note-design-1"), "binds zi");
  model.push({ rows: [...STARRED, { ...STARRED[0], design: "design-11" }] });
  assert.equal(document.activeElement, field(el, "note-design-1"));
  assert.equal(field(el, "note-design-1").value, "binds zi");
  key(field(el, "note-design-1"), "Enter");
  assert.deepEqual(model.heard(), [{ type: "remark", name: "design-1", note: "binds zi" }]);
  field(el, "note-design-2").click();
  type(field(el, "note-design-2"), "other");
  key(field(el, "note-design-2"), "Escape");
  assert.deepEqual(model.heard(), []);
  assert.equal(field(el, "note-design-2").textContent, "to order");
});

test("on a page stars and notes are read, and columns without any are left out", () => {
  const { el } = table({ columns: REMARKED, rows: STARRED, live: false });
  assert.deepEqual(
    [...el.querySelectorAll(".esm-stars")].map((button) => button.getAttribute("aria-label")),
    ["0 stars", "1 star", "2 stars"],
  );
  const bare = STARRED.map((row) => ({ ...row, stars: 0, note: "" }));
  const { el: still } = table({ columns: REMARKED, rows: bare, live: false });
  assert.equal(still.querySelector('[data-key="stars"], [data-key="note"]'), null);
});

test("a press puts the template beside the designs, and a control's row is marked", () => {
  const { el, model } = table({ controls: ["design-2"] });
  act(el, "control").click();
  assert.deepEqual(model.heard(), [{ type: "control" }]);
  assert.equal(el.querySelector(".esm-control .esm-link").textContent, "design-2");
});
