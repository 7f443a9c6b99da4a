import assert from "node:assert/strict";
import test from "node:test";
import { contract, spec } from "../contract/spec.mjs";
import { place, settled, window } from "../dom.mjs";
import { load } from "../load.mjs";

const editor = (await load("tracks/editor.js")).default;

const { axis, before } = contract("painting");
const [SEQUENCE, STRUCTURE, SS8, , FUNCTION] = spec.rows.keys();
const bytes = (array) => new DataView(array.buffer);

function mount() {
  const { el, model } = place(editor, {
    axis,
    spec,
    on_view: { result: false, title: "", origin: "", ready: false, sampled: 0, live: true },
    question: {},
    rules: { motifs: ["N-X-S/T"], biased: 0, wrong: "" },
    states: bytes(Uint8Array.from(before.states)),
    letters: bytes(new TextEncoder().encode(before.letters)),
    areas: bytes(Float32Array.from(before.areas, (area) => area ?? NaN)),
    results: bytes(new Float32Array(2 * axis.length).fill(NaN)),
    achieved: [],
    entropy_top: 3,
    annotations: [],
    limits: [],
    beside: {},
    findings: [],
    fresh: {},
    selection: [],
    hovered: -1,
    bus: `dom-${Math.random()}`,
    seq: 0,
    ack: 0,
    select_ack: "",
  });
  const view = el.trackView;
  // A place on the canvas, and what a hand does there.
  const at = (row, position) => {
    const { y, h } = view.rowBox(row);
    return { clientX: view.cellsLeft + view.viewport.xOf(position) + 2, clientY: y + h / 2, button: 0, bubbles: true };
  };
  const send = (name, where) => view.canvas.dispatchEvent(new window.PointerEvent(name, where));
  const drag = (row, from, to, more = {}) => {
    send("pointerdown", { ...at(row, from), ...more });
    send("pointermove", { ...at(more.toRow ?? row, to), ...more });
    send("pointerup", { ...at(more.toRow ?? row, to), ...more });
  };
  const press = (key, more = {}) =>
    view.canvas.dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
  const brush = (name) => el.querySelector(`.esm-toolbar [data-brush="${name}"]`).click();
  return { el, model, view, drag, press, brush };
}

const MASK = { op: "mask", tracks: ["sequence"], start: 2, stop: 6 };

test("a drag with the mask brush is one stroke, seen before the kernel has answered", () => {
  const { model, view, drag } = mount();
  drag(SEQUENCE, 2, 5);
  assert.deepEqual(model.heard(), [{ type: "paint", id: 1, commands: [MASK] }]);
  assert.equal(view.cells.shown.states[2], spec.states.masked);
});

test("what a result got lies in a strip of its own below the row, and is read out", () => {
  const { el, model, view } = mount();
  const below = () => view.layout.rows[SS8 + 1].y;
  const before = below();
  const letters = `H${spec.mask.repeat(axis.length - 1)}`;
  model.push({ achieved: [{ row: SS8, label: "50%", letters }] });
  view.draw();
  const { y, h } = view.layout.rows[SS8].achieved;
  assert.equal(below() - before, h + 1);
  assert.equal(view.layout.zoneAt(y + h / 2), SS8);
  view.pointing.at(0);
  view.draw();
  assert.match(el.querySelector(".esm-readout").textContent, /\(got H\)/);
});

test("a drag backwards, over several tracks with Shift, masks the same residues on all of them", () => {
  const { model, view, drag } = mount();
  view.cursor.anchor = 5;
  drag(SEQUENCE, 5, 2, { shiftKey: true, toRow: SS8 });
  assert.deepEqual(model.heard()[0].commands, [{ ...MASK, tracks: ["sequence", "structure", "ss8"] }]);
});

test("with Alt any brush masks; none paints only where there are annotations", () => {
  const { model, drag, brush } = mount();
  brush("none");
  drag(SEQUENCE, 2, 5);
  assert.deepEqual(model.heard(), []);
  drag(FUNCTION, 2, 5);
  drag(SEQUENCE, 2, 5, { altKey: true });
  const strokes = model.heard().map(({ commands }) => commands[0]);
  assert.deepEqual(strokes, [{ ...MASK, op: "none", tracks: ["function"] }, MASK]);
});

test("a drag on the ruler selects, and what the kernel says meanwhile is old news until it has heard", () => {
  const { model, view, drag } = mount();
  drag(-1, 2, 5);
  const [{ type, ranges, id }] = model.heard();
  assert.deepEqual([type, ranges], ["select", [[2, 6]]]);
  model.push({ selection: [[0, 1]] });
  assert.deepEqual(view.selection, [[2, 6]]);
  model.push({ select_ack: id, selection: [[2, 6]] });
  model.push({ selection: [[7, 8]] });
  assert.deepEqual(view.selection, [[7, 8]]);
});

test("letters are written one after the other, and a letter that the row lacks is not taken", () => {
  const { model, view, press } = mount();
  view.focus();
  for (const key of ["w", "j", "_"]) press(key);
  const commands = model
    .heard()
    .filter(({ type }) => type === "paint")
    .flatMap((message) => message.commands);
  assert.deepEqual(commands, [
    { op: "write", value: "W", tracks: ["sequence"], start: 0, stop: 1 },
    { op: "mask", tracks: ["sequence"], start: 1, stop: 2 },
  ]);
  assert.equal(view.cursor.position, 2);
});

test("keys edit the residues selected, or the one under the cursor", () => {
  const { model, view, press } = mount();
  press("Insert");
  view.setSelection([[2, 4]]);
  press("Delete", { ctrlKey: true });
  press("ArrowRight", { altKey: true });
  assert.deepEqual(model.heard(), [
    { type: "insert", count: 1, before: false, ranges: [[0, 1]] },
    { type: "delete", ranges: [[2, 4]] },
    { type: "move", offset: 1, ranges: [[2, 4]] },
  ]);
});

test("the menu masks what is selected, or all the rest", () => {
  const { el, model, view } = mount();
  view.setSelection([[2, 4]]);
  el.querySelector('[data-act="keep-selection"]').click();
  const tracks = ["sequence", "structure"];
  assert.deepEqual(model.heard(), [
    {
      type: "paint",
      id: 1,
      commands: [
        { op: "mask", tracks, start: 0, stop: 2 },
        { op: "mask", tracks, start: 4, stop: axis.length },
      ],
    },
  ]);
});

test("a finding selects its residues and takes the cursor to its row", () => {
  const { el, model, view } = mount();
  model.push({ findings: [{ severity: "warning", message: "<i>odd</i>", row: STRUCTURE, ranges: [[3, 5]] }] });
  const finding = el.querySelector(".esm-finding");
  assert.equal(finding.querySelector("i"), null);
  finding.click();
  assert.deepEqual([model.heard()[0].ranges, view.cursor.row], [[[3, 5]], STRUCTURE]);
});

test("another protein moves the cursor onto it", async () => {
  const { model, view } = mount();
  view.cursor.position = 9;
  const short = { ...axis, length: 4, numbers: axis.numbers.slice(0, 4), chains: [{ name: "A", start: 0, stop: 4 }] };
  const cells = (size) => bytes(new Uint8Array(size));
  model.push({
    axis: short,
    states: cells(24),
    letters: cells(8),
    areas: bytes(new Float32Array(4)),
    results: bytes(new Float32Array(8)),
  });
  await settled();
  assert.equal(view.cursor.position, 3);
});

test("motifs are forbidden and permitted, and preferences set on what is selected, in one box", () => {
  const { el, model, view } = mount();
  const act = (name) => el.querySelector(`[data-act="${name}"]`);
  act("rules").click();
  act("permit-motif").click();
  el.querySelector('[data-field="motif"]').value = "C-C";
  act("forbid-motif").click();
  view.select([[2, 4]], false);
  el.querySelector('[data-field="bias"]').value = "A 1";
  act("set-bias").click();
  assert.deepEqual(model.heard(), [
    { type: "motif", motif: "N-X-S/T", forbidden: false },
    { type: "motif", motif: "C-C", forbidden: true },
    { type: "bias", ranges: [[2, 4]], text: "A 1", factor: 1 },
  ]);
  model.push({ rules: { motifs: [], biased: 2, wrong: "cannot read 'C'" } });
  assert.match(el.querySelector(".esm-rules").textContent, /set on 2 residues.*cannot read 'C'/);
});

test("Escape leaves a question wherever the keys have gone meanwhile", async () => {
  const { model, view } = mount();
  for (const at of [window.document.body, view.canvas]) {
    model.push({ question: { text: "Step 1 is a result.", choices: [["prompt", "Edit the prompt"]] } });
    await settled();
    model.heard();
    at.dispatchEvent(new window.KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
    assert.deepEqual(model.heard(), [{ type: "answer", choice: "" }]);
    model.push({ question: {} });
    await settled();
  }
});
