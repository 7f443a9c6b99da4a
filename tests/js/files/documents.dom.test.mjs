import assert from "node:assert/strict";
import test from "node:test";
import { place, settled, window } from "../dom.mjs";
import { load } from "../load.mjs";

const header = (await load("files/header.js")).default;

const FASTA = ">one|Chain H\nMKTAY\nIAKQR\n>two|Chain L\nGSHML\n";

function made() {
  return place(header, {
    live: true,
    name: "1ubq",
    about: "76 residues",
    chains: [
      ["A", 76],
      ["B", 20],
    ],
    notes: [],
    model: "toy",
    selection: "",
    nearby: [],
    undo: "",
    redo: "",
    drafts: { save: "1ubq.design", share: "1ubq.html" },
    accepts: [".pdb"],
    earlier: "",
  });
}

function press(field, key, more = {}) {
  const event = new window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  field.dispatchEvent(event);
  return event.defaultPrevented;
}

test("what is pasted to be opened keeps its lines; Enter opens it, with Shift it makes a line", async () => {
  const { el, model } = made();
  const field = el.querySelector('[data-field="open"]');
  field.value = FASTA;
  assert.equal(press(field, "Enter", { shiftKey: true }), false);
  assert.deepEqual(model.heard(), []);
  assert.equal(press(field, "Enter"), true);
  await settled();
  assert.deepEqual(model.heard(), [{ type: "open", name: FASTA.trim() }]);
});

test("a name to save under is one line, proposed, and Enter saves", async () => {
  const { el, model } = made();
  const field = el.querySelector('[data-field="save"]');
  field.value = "mine";
  press(field, "Enter");
  await settled();
  assert.deepEqual(model.heard(), [{ type: "save", name: "mine" }]);
});

test("chains are chosen on opening, selected by their name, and what was opened is there again", async () => {
  globalThis.localStorage = window.localStorage;
  window.localStorage.clear();
  const { el, model } = made();
  el.querySelector('[data-field="open-chain"]').value = "A,B";
  const field = el.querySelector('[data-field="open"]');
  field.value = "3sgb";
  press(field, "Enter");
  await settled();
  model.tell("msg:custom", { type: "done", act: "open", text: "3sgb is open", wrong: false });
  el.querySelector('[data-recent="3sgb"]').click();
  el.querySelector('[data-chain="B"]').click();
  assert.deepEqual(model.heard(), [
    { type: "open", name: "3sgb", chain: "A,B" },
    { type: "open", name: "3sgb" },
    { type: "select", text: "chain B" },
  ]);
});
