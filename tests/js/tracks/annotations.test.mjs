import assert from "node:assert/strict";
import test from "node:test";
import { spec } from "../contract/spec.mjs";
import { load } from "../load.mjs";

const { MOST_LANES, cutOut, labelsAt, lanesOf } = await load("tracks/annotations.js");
const { describe, spokenCell } = await load("tracks/readout.js");

const range = (start, stop, label = "kinase", row = 4) => ({ row, label, start, stop });

test("annotations that overlap lie in lanes of their own, those that follow share one", () => {
  const [a, b, c] = [range(0, 10), range(5, 15), range(10, 20)];
  const { lane, lanes } = lanesOf([a, b, c, range(0, 20, "zinc", 5)], 4);
  assert.deepEqual([lane.get(a), lane.get(b), lane.get(c), lanes], [0, 1, 0, 2]);
});

test("many annotations on one residue stay within a few lanes", () => {
  const many = Array.from({ length: 9 }, (_, i) => range(i, 30 + i));
  assert.equal(lanesOf(many, 4).lanes, MOST_LANES);
  assert.equal(lanesOf([], 5).lanes, 1);
});

test("a hole leaves both sides", () => {
  assert.deepEqual(cutOut([range(0, 9)], 3, 5), [range(0, 3), range(5, 9)]);
  assert.deepEqual(cutOut([range(3, 5)], 0, 9), []);
});

const AXIS = {
  length: 3,
  numbers: ["11", "12", "12A"],
  chains: [
    { name: "A", start: 0, stop: 2 },
    { name: "B", start: 2, stop: 3 },
  ],
  sequence: "M__",
};

function cells() {
  const states = new Uint8Array(18);
  states[0] = states[13] = 1;
  states[14] = 2;
  return {
    spec,
    beside: {},
    length: 3,
    states,
    letters: new TextEncoder().encode("M_____"),
    areas: new Float32Array([NaN, 42.4, NaN]),
    annotations: [range(1, 2), range(1, 2, "ligase")],
    limits: [{ start: 1, stop: 3, label: "only AVL", letters: "" }],
  };
}

test("the cell under the cursor is said with its residue, row, value, state and limit", () => {
  assert.equal(spokenCell(0, 0, AXIS, cells()), "A:11, Sequence, M, given");
  assert.equal(spokenCell(1, 0, AXIS, cells()), "A:12, Sequence, masked, only AVL");
  assert.equal(spokenCell(1, 4, AXIS, cells()), "A:12, Function, kinase and ligase, given");
  assert.equal(spokenCell(2, 4, AXIS, cells()), "B:12A, Function, none");
  assert.deepEqual(labelsAt(cells().annotations, 4, 0), []);
});

test("the readout tells everything about a residue", () => {
  const results = new Float32Array(6).fill(NaN);
  results[1] = 0.876;
  assert.equal(
    describe(1, AXIS, cells(), results),
    "A:12  ·  sequence masked  ·  pLDDT 88  ·  structure masked  ·  SS8 masked  ·  SASA 42 Å²  ·  kinase and ligase  ·  only AVL",
  );
  assert.match(describe(2, AXIS, cells(), results), /no function/);
});

test("the readout names the letters of the template and of the design laid over where they differ", () => {
  const shown = { ...cells(), beside: { name: "design-2", letters: "MW " } };
  const axis = { ...AXIS, sequence: "KTV" };
  const text = (at) => describe(at, axis, shown, new Float32Array(6).fill(NaN)).split("  ·  ")[1];
  assert.deepEqual([0, 1, 2].map(text), [
    "sequence M (template K)",
    "sequence masked (template T, design-2 W)",
    "sequence masked (template V)",
  ]);
});
