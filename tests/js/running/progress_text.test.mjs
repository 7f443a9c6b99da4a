import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../load.mjs";

const { barred, stepText } = await load("running/progress_text.js");

test("the timeline says whose steps it goes through", () => {
  assert.equal(stepText({ shown: 3, taken: 8, total: 8, design: "" }), "step 3 of 8/8");
  assert.equal(stepText({ shown: 3, taken: 8, total: 8, design: "design-2" }), "design-2 · step 3/8");
  assert.equal(stepText({ shown: 0, taken: 0, total: 0, design: "design-2" }), "design-2 · no steps kept");
});

test("a finished design is branched from, also while a run goes on, and not rewound", () => {
  const viewed = { phase: "done", shown: 3, taken: 8, design: "design-2" };
  assert.match(barred(viewed).rewind, /finished design/);
  assert.equal(barred(viewed).branch, "");
  assert.equal(barred({ ...viewed, design: "" }).rewind, "");
  assert.equal(barred({ ...viewed, phase: "running" }).branch, "");
});
