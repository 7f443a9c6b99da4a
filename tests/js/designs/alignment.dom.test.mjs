import assert from "node:assert/strict";
import test from "node:test";
import { window } from "../dom.mjs";
import { load } from "../load.mjs";
import { placed } from "./placed.mjs";

const { bits, shares } = await load("designs/logo.js");
const { written } = await load("designs/alignment.js");

const ALIGNMENT = {
  names: ["wild type", "design-1", "design-2"],
  rows: ["MKT-A", "MKWGA", "M-W-A"],
  labels: ["A:45", "A:46", "A:47", "A:47A", "A:48"],
  positions: [0, 1, 2, -1, 3],
};

function mount(traits = {}) {
  const column = { key: "design", title: "design", help: "", kind: "text", digits: 0, better: null };
  const rows = [{ design: "design-1" }, { design: "design-2" }];
  const view = placed({ columns: [column], rows, alignment: ALIGNMENT, live: false, choosing: true, ...traits });
  view.el.querySelector('[data-act="align"]').click();
  const canvas = view.el.querySelector(".esm-alignment canvas");
  const press = (key) => canvas.dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true }));
  const names = () => [...view.el.querySelectorAll(".esm-alignment-names div")].map((cell) => cell.textContent);
  return { ...view, press, names, readout: () => view.el.querySelector(".esm-alignment-bar .esm-muted").textContent };
}

test("a column tells log2(20) bits less its entropy and 19 / (2 ln 2 n)", () => {
  const expected = (entropy, n) => Math.log2(20) - entropy - 19 / (2 * Math.LN2 * n);
  const column = (text) => [...text];
  assert.ok(Math.abs(bits(column("A".repeat(40))) - expected(0, 40)) < 1e-9);
  assert.ok(Math.abs(bits(column("A".repeat(20) + "W".repeat(20))) - expected(1, 40)) < 1e-9);
  assert.equal(bits(column("AW")), 0);
  assert.equal(bits(column("--")), 0);
  assert.deepEqual(shares(column("AAW-"))[0], ["A", 2 / 3]);
});

test("where a logo of bits must be empty it is said why, and what to choose", () => {
  const { el, readout } = mount();
  assert.match(readout(), /^2 designs under wild type, too few for bits: choose frequencies/);
  const kind = el.querySelector(".esm-alignment-bar select");
  kind.value = "shares";
  kind.dispatchEvent(new window.Event("change"));
  assert.equal(readout(), "2 designs under wild type");
});

test("the keys say what stands in a column, and Enter selects its residue", () => {
  const { model, press, readout } = mount();
  press("ArrowRight");
  press("ArrowRight");
  assert.equal(readout(), "A:47: template T; designs W 2; 0.00 bits");
  press("Enter");
  assert.deepEqual(model.heard(), [{ type: "select", ranges: [[2, 3]] }]);
  press("ArrowRight");
  assert.equal(readout(), "A:47A: not in the template; designs G 1, gap 1; 0.00 bits");
  press("Enter");
  assert.deepEqual(model.heard(), []);
  press("End");
  press("Enter");
  assert.deepEqual(model.heard(), [{ type: "select", ranges: [[3, 4]] }]);
});

test("what is selected is said in its column, and nothing of columns that the template has not", () => {
  const { model, press, readout } = mount({ selection: [[1, 3]] });
  press("ArrowRight");
  assert.match(readout(), /^A:46 \(selected\): template K/);
  press("ArrowRight");
  press("ArrowRight");
  assert.match(readout(), /^A:47A: not in the template/);
  model.push({ selection: [] });
  press("ArrowLeft");
  assert.match(readout(), /^A:47: template T/);
});

test("the designs ticked are aligned, or all where none is", () => {
  assert.deepEqual(mount().names(), ["wild type", "design-1", "design-2"]);
  assert.deepEqual(mount({ chosen: ["design-2"] }).names(), ["wild type", "design-2"]);
});

test("what the template has not is in lower case in A3M, without gaps", () => {
  const { names, rows, positions } = ALIGNMENT;
  assert.equal(written(names, rows, positions, "a3m"), ">wild type\nMKTA\n>design-1\nMKWgA\n>design-2\nM-WA\n");
  assert.match(written(names, rows, positions, "fasta"), />design-1\nMKWGA\n/);
});

test("a page without anything aligned has no button for it; a kernel aligns when the panel opens, and only then", () => {
  assert.ok(mount({ alignment: {} }).el.querySelector('[data-act="align"]').hidden);
  const { el, model, names } = mount({ alignment: {}, live: true });
  assert.deepEqual(model.heard(), [{ type: "align", on: true }]);
  model.push({ alignment: ALIGNMENT });
  assert.equal(names().length, 3);
  el.querySelector('[data-act="align"]').click();
  assert.deepEqual(model.heard(), [{ type: "align", on: false }]);
  const again = mount({ live: true, aligning: true });
  assert.ok(again.el.querySelector(".esm-alignment").hidden, "opened by the kernel's word, closed by the click");
});

test("a control is a row of the alignment, and counts in no logo", () => {
  const { press, readout } = mount({ controls: ["design-2"] });
  assert.match(readout(), /^1 design and 1 control under wild type/);
  press("End");
  press("ArrowLeft");
  assert.equal(readout(), "A:47A: not in the template; designs G 1; 0.00 bits");
});
