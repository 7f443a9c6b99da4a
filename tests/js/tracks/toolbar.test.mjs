import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../load.mjs";

const { choices } = await load("tracks/vocabulary_search.js");
const { typedLimit } = await load("tracks/toolbar.js");

const KINASE = { label: "IPR000719", name: "Protein kinase domain", kind: "Domain", row: 4 };

test("what was found comes first, and the text can be used as it is written", () => {
  assert.deepEqual(choices(" kinase ", [KINASE]), [
    KINASE,
    { label: "kinase", name: "kinase", kind: "as written", row: 4 },
    { label: "kinase", name: "kinase", kind: "as written", row: 5 },
  ]);
});

test("a label that is known is not offered twice", () => {
  assert.deepEqual(choices("ipr000719", [KINASE]).map(({ row }) => row), [4, 5]);
  assert.deepEqual(choices("  ", []), []);
});

test("limits are typed as letters", () => {
  assert.deepEqual(typedLimit("avl"), { op: "allow", value: "AVL" });
  assert.deepEqual(typedLimit("not C, P"), { op: "forbid", value: "CP" });
  assert.deepEqual(typedLimit("-cc"), { op: "forbid", value: "C" });
  assert.equal(typedLimit("XYZ"), null);
  assert.equal(typedLimit(""), null);
});
