import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../load.mjs";

const { boxOf, pointsWithin } = await load("structure/rubber_band.js");

test("a box drawn from any corner holds the residues inside it, edges too", () => {
  const spots = [
    { x: 10, y: 10 },
    { x: 30, y: 20 },
    { x: 31, y: 20 },
    { x: 20, y: 5 },
  ];
  for (const [from, to] of [
    [
      [10, 10],
      [30, 20],
    ],
    [
      [30, 20],
      [10, 10],
    ],
    [
      [10, 20],
      [30, 10],
    ],
  ]) {
    const box = boxOf({ x: from[0], y: from[1] }, { x: to[0], y: to[1] });
    assert.deepEqual(pointsWithin(spots, box), [0, 1]);
  }
});

test("a box beside the protein holds nothing", () => {
  assert.deepEqual(pointsWithin([{ x: 10, y: 10 }], boxOf({ x: 40, y: 40 }, { x: 60, y: 60 })), []);
});
