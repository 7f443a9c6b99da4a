import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../load.mjs";

const { history, isOurs } = await load("files/shortcuts.js");

test("single keys and those the bench uses are its own, Ctrl and S the notebook's", () => {
  for (const event of [
    { key: "d" },
    { key: "Enter", shiftKey: true },
    { key: "Enter", ctrlKey: true },
    { key: "Z", ctrlKey: true },
    { key: "Delete", metaKey: true },
  ]) {
    assert.equal(isOurs(event), true, JSON.stringify(event));
  }
  for (const key of ["s", "b", "S", "f"]) assert.equal(isOurs({ key, ctrlKey: true }), false, key);
});

test("undo and redo have the keys they have everywhere", () => {
  assert.equal(history({ key: "z", ctrlKey: true }), "undo");
  assert.equal(history({ key: "Z", metaKey: true, shiftKey: true }), "redo");
  assert.equal(history({ key: "y", ctrlKey: true }), "redo");
  for (const event of [{ key: "z" }, { key: "z", ctrlKey: true, altKey: true }, { key: "a", ctrlKey: true }])
    assert.equal(history(event), "");
});
