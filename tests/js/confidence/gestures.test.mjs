import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../load.mjs";

const { draggedOver, listenTo } = await load("confidence/gestures.js");

// What is heard of a figure over twelve residues, and a way to have plotly say something.
function figure() {
  const listeners = {};
  const heard = [];
  const hearing = (kind) => (value) => heard.push([kind, value]);
  const plot = { data: [{ x: Array(12) }], on: (event, listener) => Object.assign(listeners, { [event]: listener }) };
  listenTo(plot, hearing("hover"), hearing("select"));
  return { heard, happens: (event, detail) => listeners[`plotly_${event}`](detail) };
}

test("a drag selects the residues whose columns it touches, within the protein", () => {
  assert.deepEqual(draggedOver({ x: [3.6, 7.2] }, 12), [[4, 8]]);
  assert.deepEqual(draggedOver({ x2: [7.2, 3.6] }, 12), [[4, 8]]);
  assert.deepEqual(draggedOver({ x: [-3, 40] }, 12), [[0, 12]]);
  assert.deepEqual(draggedOver({ x: [40, 50] }, 12), []);
});

test("pointing at a residue right after a drag loses nothing of it", () => {
  const { heard, happens } = figure();
  happens("selected", { range: { x: [3.6, 7.2], y: [0, 100] } });
  happens("hover", { points: [{ curveNumber: 0, pointNumber: 7 }] });
  happens("unhover");
  assert.deepEqual(heard, [
    ["select", [[4, 8]]],
    ["hover", 7],
    ["hover", -1],
  ]);
});

test("a click selects a residue, in the matrix of errors a pair, on the curve of a run nothing", () => {
  const { heard, happens } = figure();
  happens("click", { points: [{ curveNumber: 1, pointNumber: 3 }] });
  happens("click", { points: [{ curveNumber: 2, x: 11, y: 2 }] });
  happens("click", { points: [{ curveNumber: 2, x: 5, y: 5 }] });
  happens("click", { points: [{ curveNumber: 4, pointNumber: 1, x: 2, y: 0.5 }] });
  assert.deepEqual(heard, [
    ["select", [[3, 4]]],
    [
      "select",
      [
        [2, 3],
        [11, 12],
      ],
    ],
    ["select", [[5, 6]]],
  ]);
});
