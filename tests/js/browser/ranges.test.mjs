import assert from "node:assert/strict";
import test from "node:test";
import { spec } from "../contract/spec.mjs";
import { load } from "../load.mjs";

const { between, contains, count, others, toPositions, toRanges } = await load("browser/ranges.js");
const { barred, remainingText, stepText } = await load("running/progress_text.js");
const { asF32, asU8 } = await load("browser/bytes.js");
const { isDark } = await load("browser/theme.js");
const { RULER, TrackLayout } = await load("tracks/layout.js");
const { eachRun } = await load("tracks/canvas.js");

test("ranges are sorted, joined and half-open", () => {
  assert.deepEqual(toRanges([7, 1, 2, 3, 2]), [
    [1, 4],
    [7, 8],
  ]);
  assert.deepEqual(
    toPositions([
      [1, 4],
      [7, 8],
    ]),
    [1, 2, 3, 7],
  );
  assert.deepEqual(between(5, 2), [2, 6]);
  assert.equal(
    count([
      [1, 4],
      [7, 8],
    ]),
    4,
  );
  assert.ok(contains([[1, 4]], 3) && !contains([[1, 4]], 4));
});

test("the others are what no range holds", () => {
  assert.deepEqual(
    others(
      [
        [1, 4],
        [7, 8],
      ],
      9,
    ),
    [
      [0, 1],
      [4, 7],
      [8, 9],
    ],
  );
  assert.deepEqual(others([[0, 3]], 3), []);
  assert.deepEqual(others([], 2), [[0, 2]]);
});

test("buffers are read from views with an offset, as copies", () => {
  const whole = new Uint8Array(12);
  new DataView(whole.buffer).setFloat32(5, 1.5, true);
  const view = new DataView(whole.buffer, 5, 4);
  assert.equal(asF32(view)[0], 1.5);
  const copy = asU8(view);
  copy[0] = 99;
  assert.notEqual(whole[5], 99);
  assert.equal(asU8(undefined).length, 0);
});

test("progress is said in words", () => {
  assert.equal(remainingText(0.2), "under 1 s left");
  assert.equal(remainingText(42.4), "42 s left");
  assert.equal(remainingText(600), "10 min left");
  assert.equal(remainingText(null), "");
  assert.equal(stepText({ shown: 3, taken: 5, total: 8 }), "step 3 of 5/8");
  assert.equal(stepText({ shown: 0, taken: 0, total: 0 }), "no run yet");
});

test("buttons answer in the phases where they mean something, and a grey one says why", () => {
  const grey = (run) => Object.keys(barred(run)).filter((name) => barred(run)[name]);
  assert.deepEqual(grey({ phase: "running", shown: 2, taken: 2 }), ["run", "step", "rewind"]);
  assert.deepEqual(grey({ phase: "paused", shown: 2, taken: 2 }), ["pause"]);
  assert.deepEqual(grey({ phase: "idle", shown: 0, taken: 0 }), ["pause", "stop", "rewind", "branch", "scrub"]);
});

test("dark is told from light in every way a colour is written", () => {
  assert.ok(isDark("#111"));
  assert.ok(isDark("rgb(30, 30, 30)"));
  assert.ok(!isDark("#ffffff"));
  assert.ok(!isDark("white"));
});

test("every row is found at its own height, however many lanes it has", () => {
  for (const layout of [new TrackLayout(spec), new TrackLayout(spec, { 4: 3, 5: 2 })]) {
    layout.rows.forEach((row, index) => assert.equal(layout.zoneAt(row.y + row.h / 2), index));
    assert.equal(layout.zoneAt(RULER.y + 2), "ruler");
    assert.equal(layout.zoneAt(3), "overview");
    assert.equal(layout.nearestRow(layout.height), 5);
  }
});

test("equal cells are drawn as one run", () => {
  const runs = [];
  eachRun([1, 1, 0, 0, 2], 0, 1, 5, (...run) => runs.push(run));
  assert.deepEqual(runs, [
    [1, 1, 2],
    [0, 2, 4],
    [2, 4, 5],
  ]);
});
