import assert from "node:assert/strict";
import test from "node:test";
import { spec } from "../contract/spec.mjs";
import { load } from "../load.mjs";

const { brushRows, painted, strokeCommand } = await load("tracks/painting.js");
const { keyIntent, pastedLetters } = await load("tracks/key_intents.js");

test("a stroke backwards is the same command as forwards", () => {
  const brush = { op: "mask" };
  assert.deepEqual(strokeCommand(spec, brush, [0], 7, 3), { op: "mask", tracks: ["sequence"], start: 3, stop: 8 });
  assert.deepEqual(strokeCommand(spec, brush, [0], 3, 7), strokeCommand(spec, brush, [0], 7, 3));
});

test("painting leaves the cells as they were", () => {
  const cells = {
    spec,
    length: 2,
    states: new Uint8Array(12).fill(1),
    letters: new TextEncoder().encode("MKHH"),
    areas: new Float32Array(2),
    annotations: [],
    limits: [],
    beside: {},
  };
  const after = painted(cells, [{ op: "mask", tracks: ["sequence"], start: 0, stop: 2 }], { sequence: "MK" });
  assert.deepEqual([cells.states[0], after.states[0]], [1, 0]);
  assert.equal(new TextDecoder().decode(cells.letters), "MKHH");
});

test("a letter brush paints its own row, none only where there are annotations", () => {
  assert.deepEqual(brushRows(spec, { op: "write", row: 2, value: "H" }, 0, 4), [2]);
  assert.deepEqual(brushRows(spec, { op: "mask" }, 3, 1), [1, 2, 3]);
  assert.deepEqual(brushRows(spec, { op: "none" }, 0, 0), []);
  assert.deepEqual(brushRows(spec, { op: "none" }, 3, 5), [4, 5]);
});

const key = (name, more = {}) => ({
  key: name,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

test("letters write where the row has them, and only there", () => {
  assert.deepEqual(keyIntent(spec, key("k"), 0), { do: "write", letter: "K" });
  assert.deepEqual(keyIntent(spec, key("h"), 2), { do: "write", letter: "H" });
  assert.equal(keyIntent(spec, key("k"), 2), null);
  assert.equal(keyIntent(spec, key("k"), 1), null);
  assert.equal(keyIntent(spec, key("j"), 0), null);
});

test("underscore, Delete and Backspace mask; Control C copies; undo is left to the bench", () => {
  for (const name of ["_", "Delete", "Backspace"]) assert.equal(keyIntent(spec, key(name), 0).do, "mask");
  assert.equal(keyIntent(spec, key("c", { ctrlKey: true }), 0).do, "copy");
  for (const letter of ["z", "Z", "y"]) assert.equal(keyIntent(spec, key(letter, { ctrlKey: true }), 0), null);
  assert.equal(keyIntent(spec, key("s", { ctrlKey: true }), 0), null);
});

test("Shift and arrows extend", () => {
  assert.deepEqual(keyIntent(spec, key("ArrowRight", { shiftKey: true }), 0), {
    do: "move",
    rows: 0,
    residues: 1,
    extend: true,
  });
});

test("pasted FASTA loses header, breaks and what is no residue", () => {
  assert.equal(pastedLetters(spec, ">a name\nmkt\nA_ 1", 0), "MKTA_");
  assert.equal(pastedLetters(spec, "HHQE", 2), "HHE");
});

test("keys change residues, find functions and paint the selection", () => {
  assert.deepEqual(keyIntent(spec, key("Delete", { ctrlKey: true }), 0), { do: "delete" });
  assert.deepEqual(keyIntent(spec, key("d", { ctrlKey: true }), 0), { do: "duplicate" });
  assert.deepEqual(keyIntent(spec, key("g", { metaKey: true }), 0), { do: "near" });
  assert.deepEqual(keyIntent(spec, key("Insert", { shiftKey: true }), 0), { do: "insert", before: true });
  assert.deepEqual(keyIntent(spec, key("ArrowLeft", { altKey: true, shiftKey: true }), 0), {
    do: "shift",
    offset: -10,
  });
  assert.equal(keyIntent(spec, key("Enter"), 0).do, "apply");
  assert.deepEqual(keyIntent(spec, key("k"), 4), { do: "search", text: "k" });
  assert.deepEqual(keyIntent(spec, key("/"), 0), { do: "search", text: "" });
});
