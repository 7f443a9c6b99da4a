import assert from "node:assert/strict";
import test from "node:test";
import { spec } from "../contract/spec.mjs";
import { load } from "../load.mjs";

const { choices } = await load("tracks/vocabulary_search.js");
const { typedLimit } = await load("tracks/toolbar.js");

const KINASE = { label: "IPR000719", name: "Protein kinase domain", kind: "Domain", row: 4 };

test("what was found comes first, and the text can be used as it is written", () => {
  assert.deepEqual(choices(spec, " kinase ", [KINASE]), [
    KINASE,
    { label: "kinase", name: "kinase", kind: "as written", row: 4 },
    { label: "kinase", name: "kinase", kind: "as written", row: 5 },
  ]);
});

test("a label that is known is not offered twice", () => {
  assert.deepEqual(
    choices(spec, "ipr000719", [KINASE]).map(({ row }) => row),
    [4, 5],
  );
  assert.deepEqual(choices(spec, "  ", []), []);
});

test("limits are typed as letters", () => {
  assert.deepEqual(typedLimit(spec, "avl"), { op: "allow", value: "AVL" });
  assert.deepEqual(typedLimit(spec, "not C, P"), { op: "forbid", value: "CP" });
  assert.deepEqual(typedLimit(spec, "-cc"), { op: "forbid", value: "C" });
  assert.equal(typedLimit(spec, "XYZ"), null);
  assert.equal(typedLimit(spec, ""), null);
});
