import assert from "node:assert/strict";
import test from "node:test";
import { place, settled, window } from "../dom.mjs";
import { load } from "../load.mjs";

const view = (await load("whatif/view.js")).default;
const { strongest } = await load("whatif/pairs.js");
const { shade } = await load("whatif/scale.js");

const LETTERS = "AVW";
const buffer = (values) => new DataView(new Float32Array(values).buffer);
const MUTATIONS = { labels: ["A:11", "A:12"], letters: "AW", method: "masked-marginal", stale: false, fits: true };

function mount(traits = {}) {
  return place(view, {
    tab: "mutations",
    live: true,
    letters: LETTERS,
    methods: ["masked-marginal", "wild-type-marginal"],
    answering: {},
    mutations: MUTATIONS,
    odds: buffer([0, 1.5, -2, -3, -1, 0]),
    entropy: buffer([0.5, 2.5]),
    why: { reasons: ["sequence", "structure"] },
    pairs: {},
    ramachandran: {},
    torsions: buffer([]),
    regions: [[-180, -35, -90, 180]],
    selection: [],
    hovered: -1,
    bus: "test",
    ...traits,
  });
}

const key = (el, name) => {
  el.querySelector(".esm-landscape canvas").dispatchEvent(new window.KeyboardEvent("keydown", { key: name }));
};
const spoken = (el) => el.querySelector(".esm-spoken").textContent;
const names = (el, act) => !el.querySelector(`[data-act="${act}"]`).hidden;

test("the arrows say each mutation, a letter goes to its row, Enter paints", async () => {
  const { el, model } = mount();
  key(el, "ArrowDown");
  assert.equal(spoken(el), "A:11 A to V: log-odds +1.50, entropy 0.50 nats");
  key(el, "ArrowRight");
  assert.equal(spoken(el), "A:12 W to V: log-odds -1.00, entropy 2.50 nats");
  key(el, "a");
  assert.equal(spoken(el), "A:12 W to A: log-odds -3.00, entropy 2.50 nats");
  key(el, "Enter");
  await settled();
  assert.deepEqual(
    model.heard().filter(({ type }) => type === "paint"),
    [{ type: "paint", position: 1, letter: "A" }],
  );
});

test("a landscape of other residues is looked at and not painted", () => {
  const { el, model } = mount({ mutations: { ...MUTATIONS, fits: false, stale: true } });
  key(el, "Enter");
  assert.deepEqual(model.heard(), []);
  assert.match(el.querySelector(".esm-whatif-words").textContent, /^of an earlier prompt/);
});

test("while the model is asked there is Stop and how far it is, and else Compute", () => {
  const { el, model } = mount();
  assert.deepEqual([names(el, "ask"), names(el, "stop-asking")], [true, false]);
  model.push({ answering: { kind: "mutations", done: 3, rows: 12 } });
  assert.deepEqual([names(el, "ask"), names(el, "stop-asking")], [false, true]);
  assert.equal(el.querySelector(".esm-whatif-words").textContent, "asking the model, 25 %");
  el.querySelector('[data-act="stop-asking"]').click();
  assert.deepEqual(model.heard(), [{ type: "stop" }]);
});

test("on a page without a kernel nothing is asked, saved or painted", () => {
  const { el, model } = mount({ live: false });
  assert.deepEqual([names(el, "ask"), names(el, "stop-asking"), names(el, "save-landscape")], [false, false, false]);
  key(el, "Enter");
  assert.deepEqual(model.heard(), []);
});

test("bars say what speaks for the residues, and a click asks what one changes along the chain", () => {
  const why = {
    reasons: ["sequence", "structure"],
    labels: ["A:11", "A:12"],
    letters: "AW",
    drops: [
      ["sequence", [1, 2]],
      ["structure", [-0.5, 0.1]],
    ],
  };
  const { el, model } = mount({ tab: "why", why });
  const bars = [...el.querySelectorAll(".esm-why-bar")];
  assert.deepEqual(
    bars.map((bar) => bar.querySelector(".esm-why-number").textContent),
    ["+1.50", "-0.20"],
  );
  assert.ok(bars[1].querySelector(".esm-why-against"));
  bars[1].click();
  assert.deepEqual(model.heard(), [{ type: "ask", kind: "influence", reason: "structure" }]);
});

test("the strongest couplings are those of residues apart in sequence", () => {
  const n = 9;
  const couplings = new Float32Array(n * n);
  for (const [i, j, strength] of [
    [8, 1, 0.7],
    [7, 0, 0.9],
    [3, 2, 5],
  ])
    couplings[i * n + j] = strength;
  const pairs = strongest(couplings, n);
  assert.deepEqual(
    pairs.slice(0, 2).map(({ i, j }) => [i, j]),
    [
      [7, 0],
      [8, 1],
    ],
  );
  assert.ok(pairs.every(({ i, j }) => i - j >= 6));
});

test("no odds are the page's background in either theme", () => {
  const light = { bg: "#ffffff", given: "#0072b2", against: "#d55e00" };
  assert.equal(shade(0, light), "rgb(255 255 255)");
  assert.equal(shade(0, { ...light, bg: "#111111" }), "rgb(17 17 17)");
  assert.equal(shade(1, light), "rgb(0 114 178)");
  assert.equal(shade(-1, light), "rgb(213 94 0)");
});

const TORSIONS = {
  tab: "ramachandran",
  ramachandran: { labels: ["A:11", "A:12", "A:13", "A:14"], letters: "AWGK", outliers: [1] },
  torsions: buffer([Number.NaN, 120, 60, -100, 80, 170, -60, -40]),
};

test("a Ramachandran plot says its outliers, names each in a button, and is walked by the arrows", () => {
  const { el, model } = mount(TORSIONS);
  const canvas = el.querySelector(".esm-ramachandran canvas");
  const press = (name) => canvas.dispatchEvent(new window.KeyboardEvent("keydown", { key: name }));
  assert.match(canvas.getAttribute("aria-label"), /^Ramachandran plot: φ and ψ of 3 residues, 1 outlier \(33\.3 %\)/);
  assert.deepEqual([names(el, "ask"), names(el, "stop-asking"), names(el, "save-landscape")], [false, false, false]);
  press("ArrowRight");
  assert.equal(spoken(el), "A:12 W: φ 60°, ψ -100°, outlier");
  press("End");
  assert.equal(spoken(el), "A:14 K: φ -60°, ψ -40°");
  press("Enter");
  const [button] = el.querySelectorAll(".esm-outliers button");
  assert.equal(button.textContent, "A:12 W");
  button.click();
  assert.deepEqual(
    model.heard().filter(({ type }) => type === "select"),
    [
      { type: "select", ranges: [[3, 4]] },
      { type: "select", ranges: [[1, 2]] },
    ],
  );
});

test("without coordinates a Ramachandran plot says that there is nothing to plot", () => {
  const { el } = mount({ tab: "ramachandran" });
  assert.match(el.querySelector(".esm-whatif-words").textContent, /no backbone torsions without coordinates/);
});
