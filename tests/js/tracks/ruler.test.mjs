import assert from "node:assert/strict";
import test from "node:test";
import { spec } from "../contract/spec.mjs";
import { load } from "../load.mjs";

const { drawRuler } = await load("tracks/ruler.js");
const { TrackLayout } = await load("tracks/layout.js");
const { Viewport } = await load("tracks/viewport.js");

const CHAINS = [
  ["A", 2, 266],
  ["B", 2, 244],
  ["D", 169, 4],
  ["E", 178, 4],
];

function axisOf(chains) {
  const axis = { numbers: [], chains: [] };
  for (const [name, first, length] of chains) {
    const start = axis.numbers.length;
    for (let i = 0; i < length; i++) axis.numbers.push(String(first + i));
    axis.chains.push({ name, start, stop: start + length });
  }
  return axis;
}

// What is written and drawn, with the place of each text.
function drawn(axis, viewport) {
  const [texts, dashed] = [[], []];
  const ctx = {
    fillText: (text, x) => texts.push({ text, left: x - 3 * text.length, right: x + 3 * text.length }),
    measureText: (text) => ({ width: 6 * text.length }),
    setLineDash: (dash) => (ctx.dash = dash.length > 0),
    moveTo: (x) => ctx.dash && dashed.push(x),
    fillRect() {},
    beginPath() {},
    lineTo() {},
    stroke() {},
  };
  const [first, stop] = viewport.visible();
  drawRuler(ctx, { theme: {}, viewport, axis, selection: [], layout: new TrackLayout(spec) }, first, stop);
  return { texts, dashed };
}

test("numbers keep clear of each other, and each chain in sight is named once", () => {
  const axis = axisOf(CHAINS);
  for (const [cell, scroll] of [
    [11, 0],
    [11, 2750],
    [11, 5500],
    [1.05, 0],
    [24, 6300],
    [3, 700],
  ]) {
    const viewport = new Viewport(axis.numbers.length, 540);
    [viewport.fitted, viewport.cell] = [false, cell];
    viewport.scrollTo(scroll);
    const { texts } = drawn(axis, viewport);
    assert.ok(texts.length > 1);
    for (let i = 1; i < texts.length; i++) assert.ok(texts[i].left >= texts[i - 1].right, texts[i].text);
    const names = texts
      .map(({ text }) => text.split(":"))
      .filter((parts) => parts.length > 1)
      .map(([name]) => name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(texts[0].text.includes(":"));
  }
});

test("the only chain needs no name, and a gap in its numbers is a dashed line", () => {
  const axis = axisOf([["A", 1, 40]]);
  for (let i = 12; i < 40; i++) axis.numbers[i] = String(Number(axis.numbers[i]) + 30);
  const viewport = new Viewport(40, 540);
  const { texts, dashed } = drawn(axis, viewport);
  assert.ok(texts.every(({ text }) => !text.includes(":")));
  assert.deepEqual(dashed, [viewport.xOf(12)]);
  assert.deepEqual(drawn(axisOf([["A", 1, 40]]), viewport).dashed, []);
});
