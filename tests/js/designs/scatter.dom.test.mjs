import assert from "node:assert/strict";
import test from "node:test";
import { type, window } from "../dom.mjs";
import { load } from "../load.mjs";
import { placed } from "./placed.mjs";

const { paretoFront } = await load("designs/pareto.js");
const { figureOf } = await load("designs/scatter_figure.js");

// Every pair compared, in no order: what the fast way must come to.
function unbeaten(points, betterX, betterY) {
  const [a, b] = [betterX ? 1 : -1, betterY ? 1 : -1];
  return points.filter(
    (point) =>
      !points.some(
        (other) =>
          a * other.x >= a * point.x &&
          b * other.y >= b * point.y &&
          (a * other.x > a * point.x || b * other.y > b * point.y),
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

function mount(traits = {}) {
  const view = placed({ columns: COLUMNS, rows: ROWS, ...traits });
  view.el.querySelector('[data-act="scatter"]').click();
  view.model.heard();
  const stage = view.el.querySelector(".esm-scatter-stage");
  const press = (key) => stage.dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true }));
  return { ...view, stage, press, readout: () => view.el.querySelector(".esm-scatter-readout").textContent };
}

test("a plot of two metrics says how many designs it has and which none beats", () => {
  const { stage } = mount();
  assert.match(
    stage.getAttribute("aria-label"),
    /^3 designs by plddt and rmsd; none is better in both than design-2, design-1/,
  );
});

test("a plot begins with metrics that at least half of the designs have", () => {
  const rows = ["a", "b", "c"].map((design, i) => ({ design, few: i ? null : 1, plddt: i, rmsd: i }));
  const { stage } = mount({ columns: [COLUMNS[0], number("few", true), ...COLUMNS.slice(1)], rows });
  assert.match(stage.getAttribute("aria-label"), /^3 designs by plddt and rmsd/);
});

test("the keys go from design to design, show one and tick it", () => {
  const { model, press, readout } = mount();
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

const point = (name, more = {}) => ({ name, x: 1, y: 2, color: NaN, size: NaN, ...more });
const picture = (points, more = {}) => ({
  points,
  front: [],
  controls: new Set(),
  ticked: new Set(),
  shown: "",
  titles: { x: "x", y: "y", color: "" },
  theme: { given: "blue", line: "grey", accent: "red", select: "green", muted: "silver" },
  webgl: true,
  wide: 800,
  high: 300,
  turn: 1,
  ...more,
});

test("thousands of points are WebGL's where the browser has it, a few are never", () => {
  const many = Array.from({ length: 2000 }, (_, i) => point(`d${i}`));
  const types = (points, webgl) => new Set(figureOf(picture(points, { webgl })).data.map(({ type }) => type));
  assert.deepEqual([...types(many, true)], ["scattergl"]);
  assert.deepEqual([...types(many, false)], ["scatter"]);
  assert.deepEqual([...types(many.slice(0, 50), true)], ["scatter"]);
});

test("every design is one point under its own name, rings and front lie on points and have none", () => {
  const points = ["a", "b", "wild"].map((name, i) => point(name, { x: i, y: 2 * i, color: i === 1 ? NaN : i }));
  const { data } = figureOf(
    picture(points, {
      front: ["b", "a"],
      controls: new Set(["wild"]),
      ticked: new Set(["a"]),
      shown: "wild",
      titles: { x: "x", y: "y", color: "c" },
    }),
  );
  const named = data.flatMap(({ customdata = [], x, y }) => customdata.map((name, i) => [name, x[i], y[i]]));
  assert.deepEqual(named, [
    ["a", 0, 0],
    ["b", 1, 2],
    ["wild", 2, 4],
  ]);
  const unnamed = data.filter(({ customdata }) => !customdata).map(({ x, mode, hoverinfo }) => [x, mode, hoverinfo]);
  assert.deepEqual(unnamed, [
    [[1, 0], "lines+markers", "skip"],
    [[0], "markers", "skip"],
    [[2], "markers", "skip"],
  ]);
});

test("the largest value has the widest point, and a name is text and no markup", () => {
  const { data, layout } = figureOf(
    picture([point("<a href='x'>", { size: 1 }), point("b", { size: 5 }), point("c")], {
      titles: { x: "<b>", y: "y", color: "" },
    }),
  );
  const [{ marker, text }] = data;
  assert.deepEqual(marker.size, [6, 16, 9]);
  assert.equal(text[0], "&lt;a href='x'>");
  assert.equal(layout.xaxis.title.text, "&lt;b>");
});

test("plotly's script is asked for when a plot is first opened, once", () => {
  const { model, el } = placed({ columns: COLUMNS, rows: ROWS });
  assert.deepEqual(model.heard(), []);
  const open = el.querySelector('[data-act="scatter"]');
  for (let i = 0; i < 3; i++) open.click();
  assert.deepEqual(model.heard(), [{ type: "plotly" }]);
});

test("only what the filter lists is plotted", () => {
  const { el, stage } = mount();
  type(el.querySelector("input[type=search]"), "plddt>58");
  assert.match(stage.getAttribute("aria-label"), /^2 designs/);
});

test("a control is plotted beside the designs and is never on their front", () => {
  const { stage, press, readout } = mount({ controls: ["design-2"] });
  assert.match(
    stage.getAttribute("aria-label"),
    /^2 designs and 1 control by plddt and rmsd; none is better in both than design-1\./,
  );
  for (let i = 0; i < 3; i++) press("ArrowRight");
  assert.equal(readout(), "design-2 · control · plddt 80.00 · rmsd 3.00");
});

test("without a kernel a plot shows designs and ticks none", () => {
  const { model, press } = mount({ live: false });
  press("ArrowRight");
  press(" ");
  press("Enter");
  assert.deepEqual(model.heard(), [{ type: "show", name: "design-3" }]);
});
