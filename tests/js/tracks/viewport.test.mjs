import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../load.mjs";

const { LEAST_CELL, READABLE_CELL, Viewport, labelStep } = await load("tracks/viewport.js");

test("a short protein fits, a long one keeps readable cells", () => {
  assert.ok(new Viewport(76, 740).cell >= LEAST_CELL);
  assert.ok(76 * new Viewport(76, 740).cell <= 740);
  assert.equal(new Viewport(1000, 740).cell, READABLE_CELL);
});

test("only what is visible is drawn", () => {
  const view = new Viewport(1000, 550);
  view.scrollTo(110);
  const [first, stop] = view.visible();
  assert.equal(first, 10);
  assert.equal(stop, 60);
});

test("zooming keeps the residue under the pointer where it is", () => {
  const view = new Viewport(1000, 600);
  view.scrollTo(2000);
  const before = view.at(300);
  view.zoom(1.7, 300);
  assert.equal(view.at(300), before);
});

test("scrolling stops at both ends", () => {
  const view = new Viewport(100, 300);
  view.scrollTo(-50);
  assert.equal(view.scroll, 0);
  view.scrollTo(1e9);
  assert.equal(view.scroll, 100 * view.cell - 300);
  assert.equal(view.at(299), 99);
});

test("revealing a residue scrolls just as far as needed", () => {
  const view = new Viewport(500, 300);
  view.reveal(250);
  assert.ok(view.xOf(250) >= 0 && view.xOf(250) + view.cell <= 300);
  const scroll = view.scroll;
  view.reveal(249);
  assert.equal(view.scroll, scroll);
});

test("ranges are revealed from their beginning", () => {
  const view = new Viewport(1000, 550);
  const far = [
    [400, 420],
    [600, 605],
  ];
  assert.ok(!view.sees(far));
  view.revealAll(far);
  assert.ok(view.sees(far));
  assert.ok(view.visible()[0] <= 400 && view.visible()[1] >= 420);
  assert.ok(!view.sees([]));
});

test("showing all of 2,000 residues works", () => {
  const view = new Viewport(2000, 700);
  view.fitAll();
  assert.deepEqual(view.visible(), [0, 2000]);
});

test("ruler labels keep clear of each other", () => {
  assert.equal(labelStep(11), 5);
  assert.ok(labelStep(0.5) * 0.5 >= 46);
});
