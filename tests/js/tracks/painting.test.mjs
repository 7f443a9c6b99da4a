import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../load.mjs";

const paint = await load("tracks/painting.js");
const { AMINO_ACIDS, brushRows, keyIntent, painted, pastedLetters, strokeCommand } = paint;

function cells() {
  const length = 4;
  const looks = new Uint8Array(6 * length);
  looks.fill(paint.GIVEN, 0, 2 * length);
  const letters = new TextEncoder().encode("MKTA____");
  return { length, looks, letters, areas: new Float32Array(length).fill(NaN), annotations: [], limits: [] };
}

const TEMPLATE = { sequence: "MKTA", ss8: "CHH_", structure: "1110" };

test("a drag to mask clears letters and states under it, in a copy", () => {
  const before = cells();
  const after = painted(before, [{ op: "mask", tracks: ["sequence"], start: 1, stop: 3 }], TEMPLATE);
  assert.equal(new TextDecoder().decode(after.letters.slice(0, 4)), "M__A");
  assert.deepEqual([...after.looks.slice(0, 4)], [1, 0, 0, 1]);
  assert.equal(new TextDecoder().decode(before.letters.slice(0, 4)), "MKTA");
});

test("restoring shows the template and leaves unknown cells masked", () => {
  const masked = painted(cells(), [{ op: "mask", tracks: ["sequence", "structure"], start: 0, stop: 4 }], TEMPLATE);
  const after = painted(masked, [{ op: "restore", tracks: ["sequence", "structure", "ss8"], start: 0, stop: 4 }], TEMPLATE);
  assert.equal(new TextDecoder().decode(after.letters), "MKTACHH_");
  assert.deepEqual([...after.looks.slice(4, 8)], [1, 1, 1, 0]);
  assert.deepEqual([...after.looks.slice(8, 12)], [1, 1, 1, 0]);
});

test("writing a letter, a text and an area", () => {
  const after = painted(
    cells(),
    [
      { op: "write", tracks: ["ss8"], start: 0, stop: 2, value: "E" },
      { op: "write", tracks: ["sequence"], start: 1, stop: 3, value: "W_" },
      { op: "write", tracks: ["sasa"], start: 3, stop: 4, value: 40 },
    ],
    TEMPLATE,
  );
  assert.equal(new TextDecoder().decode(after.letters), "MW_AEE__");
  assert.deepEqual([...after.looks.slice(0, 4)], [1, 1, 0, 1]);
  assert.equal(after.areas[3], 40);
});

test("a stroke backwards is the same command as forwards", () => {
  const brush = { op: "mask" };
  assert.deepEqual(strokeCommand(brush, [0], 7, 3), { op: "mask", tracks: ["sequence"], start: 3, stop: 8 });
  assert.deepEqual(strokeCommand(brush, [0], 3, 7), strokeCommand(brush, [0], 7, 3));
});

test("a letter brush paints its own row, none only where there are annotations", () => {
  assert.deepEqual(brushRows({ op: "write", row: 2, value: "H" }, 0, 4), [2]);
  assert.deepEqual(brushRows({ op: "mask" }, 3, 1), [1, 2, 3]);
  assert.deepEqual(brushRows({ op: "none" }, 0, 0), []);
  assert.deepEqual(brushRows({ op: "none" }, 3, 5), [4, 5]);
});

const key = (name, more = {}) => ({ key: name, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more });

test("letters write where the row has them, and only there", () => {
  assert.deepEqual(keyIntent(key("k"), 0), { do: "write", letter: "K" });
  assert.deepEqual(keyIntent(key("h"), 2), { do: "write", letter: "H" });
  assert.equal(keyIntent(key("k"), 2), null);
  assert.equal(keyIntent(key("k"), 1), null);
  assert.equal(keyIntent(key("j"), 0), null);
});

test("underscore, Delete and Backspace mask; Control C copies; undo is left to the bench", () => {
  for (const name of ["_", "Delete", "Backspace"]) assert.equal(keyIntent(key(name), 0).do, "mask");
  assert.equal(keyIntent(key("c", { ctrlKey: true }), 0).do, "copy");
  for (const one of ["z", "Z", "y"]) assert.equal(keyIntent(key(one, { ctrlKey: true }), 0), null);
  assert.equal(keyIntent(key("s", { ctrlKey: true }), 0), null);
});

test("Shift and arrows extend", () => {
  assert.deepEqual(keyIntent(key("ArrowRight", { shiftKey: true }), 0), { do: "move", rows: 0, residues: 1, extend: true });
});

test("pasted FASTA loses header, breaks and what is no residue", () => {
  assert.equal(pastedLetters(">a name\nmkt\nA_ 1", 0), "MKTA_");
  assert.equal(pastedLetters("HHQE", 2), "HHE");
});

test("an annotation is drawn at once, and a mask cuts it in two", () => {
  const said = { op: "annotate", tracks: ["function"], start: 0, stop: 4, value: "kinase" };
  const after = painted(cells(), [said, { op: "mask", tracks: ["function"], start: 1, stop: 2 }], TEMPLATE);
  assert.deepEqual(after.annotations.map(({ row, label, start, stop }) => [row, label, start, stop]), [
    [4, "kinase", 0, 1],
    [4, "kinase", 2, 4],
  ]);
  assert.deepEqual([...after.looks.slice(16, 20)], [1, 0, 1, 1]);
});

test("masking sites leaves the functions of the same residues", () => {
  const said = { op: "annotate", tracks: ["function"], start: 0, stop: 4, value: "kinase" };
  const after = painted(cells(), [said, { op: "mask", tracks: ["residue"], start: 1, stop: 2 }], TEMPLATE);
  assert.equal(after.annotations.length, 1);
});

test("to allow replaces a limit, to forbid takes away from it, and all residues take it back", () => {
  const only = { op: "allow", tracks: ["sequence"], start: 0, stop: 2, value: "AV" };
  const never = { op: "forbid", tracks: ["sequence"], start: 1, stop: 4, value: "VC" };
  const said = (...commands) =>
    painted(cells(), commands, TEMPLATE).limits.map(({ start, stop, said }) => [start, stop, said]);
  assert.deepEqual(said(only, never), [[0, 1, "only AV"], [1, 2, "only A"], [2, 4, "not CV"]]);
  assert.deepEqual(said(never, only), [[2, 4, "not CV"], [0, 2, "only AV"]]);
  assert.deepEqual(said({ ...never, value: "C" }, { ...never, value: "P" }), [[1, 4, "not CP"]]);
  assert.deepEqual(said(only, { ...only, value: AMINO_ACIDS }), []);
});

test("keys change residues, find functions and paint the selection", () => {
  assert.deepEqual(keyIntent(key("Delete", { ctrlKey: true }), 0), { do: "delete" });
  assert.deepEqual(keyIntent(key("d", { ctrlKey: true }), 0), { do: "duplicate" });
  assert.deepEqual(keyIntent(key("g", { metaKey: true }), 0), { do: "near" });
  assert.deepEqual(keyIntent(key("Insert", { shiftKey: true }), 0), { do: "insert", before: true });
  assert.deepEqual(keyIntent(key("ArrowLeft", { altKey: true, shiftKey: true }), 0), { do: "shift", offset: -10 });
  assert.equal(keyIntent(key("Enter"), 0).do, "apply");
  assert.deepEqual(keyIntent(key("k"), 4), { do: "search", text: "k" });
  assert.deepEqual(keyIntent(key("/"), 0), { do: "search", text: "" });
});
