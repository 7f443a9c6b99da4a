import assert from "node:assert/strict";
import test from "node:test";
import { place } from "../dom.mjs";
import { load } from "../load.mjs";

const { DrawnBox } = await load("structure/drawn_box.js");
const { Measure } = await load("structure/measure.js");
const { HydrogenBonds } = await load("structure/hydrogen_bonds.js");
const { DrawnScene } = await load("structure/scene.js");
const { stickPositions } = await load("structure/styling.js");

// What 3Dmol would be asked to draw.
function viewer() {
  const shapes = new Set();
  const added = (shape) => {
    shapes.add(shape);
    return shape;
  };
  const removed = (shape) => shapes.delete(shape);
  return {
    shapes,
    addCylinder: added,
    addSphere: added,
    addLabel: (text, looks) => added({ text, ...looks }),
    removeShape: removed,
    removeLabel: removed,
  };
}

const atom = (position, x, y = 0, z = 0) => ({ position, index: position, atom: "CA", x, y, z });
const THEME = { fg: "#000", bg: "#fff", accent: "#00f" };

test("two atoms picked are measured, a third begins anew, and atoms that moved are forgotten", () => {
  const drawn = viewer();
  const messages = [];
  const measure = new Measure(
    drawn,
    ({ position }) => `A:${position} CA`,
    (text) => messages.push(text),
  );
  measure.toggle([]);
  measure.pick(atom(1, 0));
  measure.pick(atom(5, 3, 4));
  measure.draw(THEME);
  assert.deepEqual(messages, [
    "pick two atoms to measure between",
    "A:1 CA: pick a second atom",
    "A:1 CA to A:5 CA: 5.00 Å",
  ]);
  assert.deepEqual(
    [...drawn.shapes].filter(({ text }) => text).map(({ text, position }) => [text, position]),
    [["5.00 Å", { x: 1.5, y: 2, z: 0 }]],
  );
  measure.pick(atom(7, 0));
  assert.equal(measure.text, "");
  measure.forget();
  measure.draw(THEME);
  assert.equal(drawn.shapes.size, 0);
});

test("two selected residues are measured as the ruler is taken", () => {
  const messages = [];
  const measure = new Measure(
    viewer(),
    ({ position }) => `A:${position}`,
    (text) => messages.push(text),
  );
  measure.toggle([atom(1, 0), atom(2, 3.8)]);
  assert.deepEqual(messages, ["A:1 to A:2: 3.80 Å"]);
});

test("bonds are those of the selection, all where nothing is selected, and none with a chain that is hidden", () => {
  const drawn = viewer();
  const bonds = new HydrogenBonds(drawn);
  const scene = { atoms: [0, 1, 2, 3].map((i) => atom(i, i)) };
  const count = (selection, hidden = []) => {
    bonds.draw(scene, [0, 2, 1, 3, 0, 9], selection, new Set(hidden), "#000");
    return drawn.shapes.size;
  };
  assert.equal(count([]), 2);
  assert.equal(count([[3, 4]]), 1);
  assert.equal(count([[2, 4]]), 2);
  assert.equal(count([], [1]), 1);
});

test("residues of a chain go by its name, also where that has a colon or is part of another", () => {
  const scene = new DrawnScene({});
  scene.labels = ["A:1", "AA:1", "A:2A", "x:y:7"];
  assert.deepEqual([...scene.positionsOf(["A"])], [0, 2]);
  assert.deepEqual([...scene.positionsOf(["x:y"])], [3]);
  assert.deepEqual([...scene.positionsOf([])], []);
});

test("side chains are drawn of a selection that is small, and not where they are switched off", () => {
  assert.deepEqual([...stickPositions([[3, 5]], [[8, 9]], true)], [3, 4, 8]);
  assert.deepEqual([...stickPositions([[3, 5]], [[8, 9]], false)], [8]);
  assert.equal(stickPositions([[0, 61]], [], true).size, 0);
});

test("the box sends what is ticked, the opacity in parts of one and the chains that are hidden", () => {
  const view = {
    render({ model, el, signal }) {
      el.append(new DrawnBox(model, signal).el);
    },
  };
  const traits = { template: true, sidechains: true, bonds: false, surface: 0, chains: ["A", "B"], hidden: [] };
  const { el, model } = place(view, traits);
  el.querySelector('[data-field="bonds"]').click();
  const surface = el.querySelector('[data-field="surface"]');
  surface.value = "40";
  surface.dispatchEvent(new Event("change"));
  el.querySelector('[data-chain="B"]').click();
  assert.deepEqual(model.heard(), [
    { type: "bonds", on: true },
    { type: "surface", opacity: 0.4 },
    { type: "hidden", chains: ["B"] },
  ]);
  model.push({ hidden: ["B"] });
  assert.deepEqual(
    [...el.querySelectorAll("[data-chain]")].map((box) => box.checked),
    [true, false],
  );
  model.push({ chains: ["A"] });
  assert.ok(el.querySelector(".esm-drawn-chains").hidden);
});
