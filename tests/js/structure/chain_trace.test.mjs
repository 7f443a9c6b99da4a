import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { load } from "../load.mjs";

const { joints, hazed } = await load("structure/chain_trace.js");
const { Motion } = await load("structure/motion.js");

const alpha = (x, chain = "A") => ({ x, y: 0, z: 0, chain });

test("neighbours are joined, also while a loose structure stretches them, but not across a gap or chains", () => {
  const alphas = [alpha(0), alpha(3.8), alpha(9.5), alpha(20), alpha(23.8), alpha(27.6, "B")];
  assert.deepEqual(joints(alphas), [
    [0, 1],
    [0, 2],
    [1, 2],
    [3, 4],
    [3, 4],
    [5, 5],
  ]);
});

test("a colour fades into the paper", () => {
  assert.equal(hazed(0xff8000, [0, 0, 0], 0), "rgb(255,128,0)");
  assert.equal(hazed(0xff8000, [11, 22, 33], 1), "rgb(11,22,33)");
  assert.equal(hazed(0x000000, [255, 255, 255], 0.2), "rgb(51,51,51)");
});

test("a single movement is drawn in full, the next ones in the cheap way until they rest", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let rested = 0;
  const motion = new Motion(() => (rested += 1));
  assert.equal(motion.moved(false, 0), false);
  assert.equal(motion.moved(false, 300), true);
  mock.timers.tick(400);
  assert.equal(motion.moved(false, 700), true);
  mock.timers.tick(500);
  assert.equal(rested, 0);
  assert.equal(motion.fast, true);
  mock.timers.tick(200);
  assert.equal(rested, 1);
  assert.equal(motion.fast, false);
  assert.equal(motion.moved(false, 5000), false);
  mock.timers.reset();
});

test("a run is drawn in the cheap way from its first step, and its last picture at once in full", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let rested = 0;
  const motion = new Motion(() => (rested += 1));
  assert.equal(motion.moved(true, 0), true);
  assert.equal(motion.moved(true, 100), true);
  motion.over();
  assert.equal(rested, 1);
  assert.equal(motion.moved(false, 110), false);
  mock.timers.tick(10_000);
  assert.equal(rested, 1);
  mock.timers.reset();
});

test("where pictures are slow, a run waits longer before it spends one", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let rested = 0;
  const motion = new Motion(() => (rested += 1));
  motion.cost = 400;
  motion.moved(true, 0);
  mock.timers.tick(3000);
  assert.equal(rested, 0);
  mock.timers.tick(300);
  assert.equal(rested, 1);
  mock.timers.reset();
});
