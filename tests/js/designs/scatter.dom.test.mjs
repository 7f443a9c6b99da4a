import assert from "node:assert/strict";
import test from "node:test";
import { settled, type, window } from "../dom.mjs";
import { load } from "../load.mjs";
import { placed } from "./placed.mjs";

const { paretoFront, inside, ticks } = await load("designs/pareto.js");

// Every pair compared, in no order: what the fast way must come to.
function unbeaten(points, betterX, betterY) {
  const [a, b] = [betterX ? 1 : -1, betterY ? 1 : -1];
  return points.filter(
    (one) =>
      !points.some(
        (other) =>
          a * other.x >= a * one.x && b * other.y >= b * one.y && (a * other.x > a * one.x || b * other.y > b * one.y),
      ),
  );
}

test("the front has every design that no other beats in both metrics, whichever way is better", () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return (seed % 12) / 3;
  };
  for (let turn = 0; turn < 40; turn++) {
    const points = Array.from({ length: 25 }, (_, i) => ({ name: `d${i}`, x: random(), y: random() }));
    for (const x of [true, false])
      for (const y of [true, false]) {
        const expected = unbeaten(points, x, y).map(({ name }) => name);
        assert.deepEqual([...paretoFront(points, x, y)].sort(), expected.sort());
      }
  }
});

test("where it is not known which way is better there is no front", () => {
  assert.deepEqual(paretoFront([{ name: "a", x: 1, y: 1 }], null, true), []);
});

test("a lasso holds what is inside it, also where it turns in", () => {
  const shape = [
    [0, 0],
    [10, 0],
    [10, 10],
    [5, 2],
    [0, 10],
  ];
  assert.ok(inside(shape, 1, 5));
  assert.ok(!inside(shape, 5, 6));
  assert.ok(!inside(shape, 11, 5));
});

test("an axis has round numbers", () => {
  assert.deepEqual(ticks(0.13, 0.94), [0.2, 0.4, 0.6, 0.8]);
  assert.deepEqual(ticks(52, 91), [60, 70, 80, 90]);
  assert.deepEqual(ticks(3, 3), [3]);
});

const number = (key, better) => ({ key, title: key, help: "", kind: "number", digits: 2, better });
const COLUMNS = [
  { key: "design", title: "design", help: "", kind: "text", digits: 0, better: null },
  number("plddt", true),
  number("rmsd", false),
];
const ROWS = [
  { design: "design-1", plddt: 60, rmsd: 1 },
  { design: "design-2", plddt: 80, rmsd: 3 },
  { design: "design-3", plddt: 55, rmsd: 4 },
  { design: "design-4", plddt: null, rmsd: 2 },
];

function made(traits = {}) {
  const view = placed({ columns: COLUMNS, rows: ROWS, ...traits });
  view.el.querySelector('[data-act="scatter"]').click();
  const canvas = view.el.querySelector(".esm-scatter canvas");
  const press = (key) => canvas.dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true }));
  return { ...view, canvas, press, readout: () => view.el.querySelector(".esm-scatter-readout").textContent };
}

test("a plot of two metrics says how many designs it has and which none beats", () => {
  const { canvas } = made();
  assert.match(
    canvas.getAttribute("aria-label"),
    /^3 designs by plddt and rmsd; none is better in both than design-2, design-1/,
  );
});

test("the keys go from design to design, show one and tick it", () => {
  const { model, press, readout } = made();
  press("ArrowRight");
  assert.equal(readout(), "design-3 · plddt 55.00 · rmsd 4.00");
  press("ArrowRight");
  press("Enter");
  press(" ");
  assert.deepEqual(model.heard(), [
    { type: "show", name: "design-1" },
    { type: "choose", names: ["design-1"] },
  ]);
});

test("a click shows a design, a drag around some ticks them beside those ticked", async () => {
  const { model, canvas } = made({ chosen: ["design-3"] });
  const at = (kind, clientX, clientY) => {
    canvas.dispatchEvent(new window.PointerEvent(kind, { clientX, clientY, pointerId: 1, bubbles: true }));
  };
  for (const [x, y] of [
    [60, 5],
    [880, 5],
    [880, 290],
    [60, 290],
  ])
    at(x === 60 && y === 5 ? "pointerdown" : "pointermove", x, y);
  at("pointerup", 60, 6);
  await settled();
  const [{ type: kind, names }] = model.heard();
  assert.equal(kind, "choose");
  assert.deepEqual([...names].sort(), ["design-1", "design-2", "design-3"]);
});

test("only what the filter lists is plotted", () => {
  const { el, canvas } = made();
  type(el.querySelector("input[type=search]"), "plddt>58");
  assert.match(canvas.getAttribute("aria-label"), /^2 designs/);
});

test("a control is plotted beside the designs and is never on their front", () => {
  const { canvas, press, readout } = made({ controls: ["design-2"] });
  assert.match(
    canvas.getAttribute("aria-label"),
    /^2 designs and 1 control by plddt and rmsd; none is better in both than design-1\./,
  );
  for (let i = 0; i < 3; i++) press("ArrowRight");
  assert.equal(readout(), "design-2 · control · plddt 80.00 · rmsd 3.00");
});

test("without a kernel a plot shows designs and ticks none", () => {
  const { model, press } = made({ live: false });
  press("ArrowRight");
  press(" ");
  press("Enter");
  assert.deepEqual(model.heard(), [{ type: "show", name: "design-3" }]);
});
