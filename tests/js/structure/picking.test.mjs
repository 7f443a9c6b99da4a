import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../load.mjs";

const { pointUnder, scaleOf, towardsEye, watchPointer } = await load("structure/picking.js");

test("of two residues behind each other the one in front is picked", () => {
  const spots = [
    { x: 100, y: 100 },
    { x: 102, y: 100 },
  ];
  assert.equal(pointUnder(spots, [0, 8], 10, 100, 100), 1);
  assert.equal(pointUnder(spots, [8, 0], 10, 102, 100), 0);
});

test("side by side the nearest is picked, and nothing beside the protein", () => {
  const spots = [
    { x: 100, y: 100 },
    { x: 138, y: 100 },
  ];
  assert.equal(pointUnder(spots, [0, 0], 10, 110, 104), 0);
  assert.equal(pointUnder(spots, [0, 0], 10, 130, 96), 1);
  assert.equal(pointUnder(spots, [0, 0], 10, 300, 100), -1);
});

test("in a protein far away a click a few pixels beside a residue still counts", () => {
  assert.equal(pointUnder([{ x: 50, y: 50 }], [0], 1, 56, 50), 0);
});

test("a turned camera has another side in front", () => {
  const half = Math.SQRT1_2;
  assert.deepEqual(towardsEye([0, 0, 0, 1]), [0, 0, 1]);
  const [x, y, z] = towardsEye([0, half, 0, half]);
  assert.ok(Math.abs(x + 1) < 1e-9 && Math.abs(y) < 1e-9 && Math.abs(z) < 1e-9);
});

test("the scale is that of points across the line of sight", () => {
  const points = [
    { x: 0, y: 0, z: 0 },
    { x: 0, y: 0, z: 9 },
    { x: 6, y: 8, z: 0 },
  ];
  const spots = [
    { x: 0, y: 0 },
    { x: 0, y: 0 },
    { x: 30, y: 40 },
  ];
  assert.equal(scaleOf(spots, points, [0, 9, 0]), 5);
});

test("a trembling hand clicks, a drag turns the protein and picks nothing", () => {
  const stage = new EventTarget();
  const clicks = [];
  const listeners = { click: (event) => clicks.push(event.clientX), move() {}, leave() {} };
  watchPointer(stage, listeners, new AbortController().signal);
  const send = (type, clientX, clientY) =>
    stage.dispatchEvent(Object.assign(new Event(type), { button: 0, clientX, clientY }));
  send("pointerdown", 10, 10);
  send("pointerup", 12, 11);
  send("pointerdown", 50, 10);
  send("pointerup", 90, 10);
  assert.deepEqual(clicks, [12]);
});
