import assert from "node:assert/strict";
import test from "node:test";
import { place, settled, window } from "../dom.mjs";
import { load } from "../load.mjs";

const card = (await load("whatif/card.js")).default;
const { keyIntent } = await load("tracks/key_intents.js");

const bar = (name, chance, more = {}) => ({
  name,
  chance,
  given: false,
  native: false,
  barred: false,
  value: name,
  ...more,
});
const cardOf = (position) => ({
  position,
  label: `A:${position + 1}`,
  masked: position > 2,
  entropy: 1.25,
  bars: [bar("L", 0.62), bar("V", 0.3, { given: true }), bar("W", 0.08, { native: true, barred: true })],
});
let buses = 0;

function mount(traits = {}) {
  buses += 1;
  const bus = `cards-${buses}`;
  const all = {
    rows: [0, 1, 2, 3, -1, -1],
    titles: ["sequence"],
    epoch: 3,
    on_hover: true,
    ready: true,
    bus,
    ...traits,
  };
  const { el, model } = place(card, all);
  const line = globalThis[Symbol.for("esm-bench.bus")].get(bus);
  const over = (value) => line.dispatchEvent(new window.CustomEvent("cell", { detail: { value, from: null } }));
  return { el, model, over };
}

const at = (position, more = {}) => ({ row: 0, position, label: `A:${position + 1}`, left: 10, bottom: 20, ...more });
const answer = (...positions) => ({ type: "cards", row: 0, epoch: 3, cards: positions.map(cardOf) });

test("where the mouse rests the kernel is asked once, and what it told of neighbours is shown at once", async () => {
  const { el, model, over } = mount();
  over(at(1));
  over(at(4));
  await settled();
  assert.deepEqual(model.heard(), [{ type: "ask", row: 0, position: 4, epoch: 3 }]);
  model.tell("msg:custom", answer(4, 5));
  assert.equal(el.hidden, false);
  assert.match(el.textContent, /A:5 sequence/);
  assert.match(el.textContent, /masked · entropy 1.25 nats/);
  over(at(5));
  await settled();
  assert.match(el.textContent, /A:6 sequence/);
  assert.deepEqual(model.heard(), []);
});

test("the kernel is asked ahead of the card, once for a cell, and not where the mouse only passes", async () => {
  const { el, model, over } = mount();
  const { setTimeout } = globalThis;
  const due = [];
  globalThis.setTimeout = (act, after) => due.push({ act, after });
  over(at(1));
  globalThis.setTimeout = setTimeout;
  const [first, later] = due;
  assert.ok(first.after < later.after);
  first.act();
  assert.deepEqual(model.heard(), [{ type: "ask", row: 0, position: 1, epoch: 3 }]);
  model.tell("msg:custom", answer(1));
  assert.equal(el.hidden, true);
  later.act();
  assert.equal(el.hidden, false);
  assert.deepEqual(model.heard(), []);
});

test("a question that failed is asked again", async () => {
  const { el, model, over } = mount();
  over(at(4));
  await settled();
  model.tell("msg:custom", { type: "failed", row: 0, position: 4, text: "no memory" });
  assert.match(el.textContent, /A:5 sequence.*no memory/);
  over(null);
  over(at(4, { called: true }));
  assert.equal(model.heard().length, 2);
});

test("a card that waits for the model says for which cell, and has no letters of another to click", () => {
  const { el, model, over } = mount();
  over(at(1, { called: true }));
  model.tell("msg:custom", answer(1));
  over(at(9, { called: true }));
  assert.match(el.textContent, /A:2 sequence/);
  document.body.dispatchEvent(new window.Event("pointerdown", { bubbles: true }));
  over(at(9, { called: true }));
  model.tell("msg:custom", { type: "failed", row: 0, position: 9, text: "no memory" });
  assert.match(el.textContent, /A:10 sequence.*no memory/);
  assert.equal(el.querySelectorAll(".esm-card-bar").length, 0);
});

test("a given cell says that it is read as masked, and marks are spoken", () => {
  const { el, model, over } = mount();
  over(at(1, { called: true }));
  model.tell("msg:custom", answer(1));
  assert.match(el.textContent, /given; read as masked here/);
  const labels = [...el.querySelectorAll(".esm-card-bar")].map((bar) => bar.getAttribute("aria-label"));
  assert.deepEqual(labels, ["L 62 %", "V 30 %, given", "W 8.0 %, native, not allowed"]);
});

test("a card called by key takes the focus, arrows go through it, a press paints, Escape closes", () => {
  const { el, model, over } = mount({ on_hover: false });
  over(at(4));
  over(at(4, { called: true }));
  model.tell("msg:custom", answer(4));
  model.heard();
  assert.equal(document.activeElement.textContent.slice(0, 1), "L");
  const press = (key) =>
    document.activeElement.dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true }));
  press("ArrowDown");
  document.activeElement.click();
  assert.deepEqual(model.heard(), [{ type: "paint", row: 0, position: 4, value: "V" }]);
  press("Escape");
  assert.equal(el.hidden, true);
});

test("what is told of an earlier prompt is not shown, and a new prompt closes the card", async () => {
  const { el, model, over } = mount();
  over(at(4));
  await settled();
  model.push({ epoch: 4 });
  model.tell("msg:custom", answer(4));
  assert.equal(el.hidden, true);
});

test("a mouse at rest asks nothing where that was put off or the model is not at hand", async () => {
  for (const off of [{ on_hover: false }, { ready: false }]) {
    const { model, over } = mount(off);
    over(at(4));
    await settled();
    assert.deepEqual(model.heard(), []);
  }
});

test("the question mark asks on every row, W where it writes nothing", () => {
  const rows = [
    { name: "sequence", alphabet: "ACW", annotated: false },
    { name: "structure", alphabet: "", annotated: false },
    { name: "function", alphabet: "", annotated: true },
  ];
  const spec = { rows, mask: "_" };
  const does = (row, key, others) => keyIntent(spec, { key, ...others }, row)?.do;
  assert.deepEqual(
    [0, 1, 2].map((row) => does(row, "w")),
    ["write", "what-if", "search"],
  );
  assert.deepEqual(
    [0, 1, 2].map((row) => does(row, "∑", { code: "KeyW", altKey: true })),
    ["what-if", "what-if", "what-if"],
  );
});

test("the key keeps the card that is looked at, wherever the cursor is", async () => {
  const { el, model, over } = mount();
  over(at(4));
  await settled();
  model.tell("msg:custom", answer(4, 7));
  assert.equal(el.classList.contains("esm-kept"), false);
  over(at(7, { called: true }));
  assert.equal(el.classList.contains("esm-kept"), true);
  assert.match(el.textContent, /A:5 sequence/);
  over(at(7));
  over(null);
  await settled();
  assert.match(el.textContent, /A:5 sequence/);
});

test("a card that is only looked at goes as soon as the mouse is over another cell", async () => {
  const { el, model, over } = mount();
  over(at(4));
  await settled();
  model.tell("msg:custom", answer(4));
  over(at(5));
  assert.equal(el.hidden, true);
});

test("a card that comes after somebody has scrolled lies at its cell, and a press elsewhere closes it", () => {
  const { el, model, over } = mount();
  let scrolled = 0;
  document.body.getBoundingClientRect = () => ({ left: 0, top: -scrolled, width: 900, height: 600 });
  over(at(4, { called: true }));
  scrolled = 300;
  model.tell("msg:custom", answer(4));
  assert.equal(el.style.top, "26px");
  document.body.dispatchEvent(new window.Event("pointerdown", { bubbles: true }));
  assert.equal(el.hidden, true);
});
