import assert from "node:assert/strict";
import test from "node:test";
import { place, settled, window } from "../dom.mjs";
import { load } from "../load.mjs";

const header = (await load("files/header.js")).default;

const FASTA = ">one|Chain H\nMKTAY\nIAKQR\n>two|Chain L\nGSHML\n";

function mount() {
  return place(header, {
    live: true,
    name: "1ubq",
    about: "76 residues",
    chains: [
      ["A", 76],
      ["B", 20],
    ],
    models: [1, 2, 5],
    conformer: 2,
    notes: [],
    model: "toy",
    selection: "",
    nearby: [],
    undo: "",
    redo: "",
    drafts: { save: "1ubq.design", share: "1ubq.html" },
    near: 5,
    most_residues: 100,
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
  const { el, model } = mount();
  const field = el.querySelector('[data-field="open"]');
  field.value = FASTA;
  assert.equal(press(field, "Enter", { shiftKey: true }), false);
  assert.deepEqual(model.heard(), []);
  assert.equal(press(field, "Enter"), true);
  await settled();
  assert.deepEqual(model.heard(), [{ type: "open", name: FASTA.trim() }]);
});

test("a name to save under is one line, proposed, and Enter saves", async () => {
  const { el, model } = mount();
  const field = el.querySelector('[data-field="save"]');
  field.value = "mine";
  press(field, "Enter");
  await settled();
  assert.deepEqual(model.heard(), [{ type: "save", name: "mine" }]);
});

test("chains and a model are chosen on opening, selected by their name, and what was opened is there again", async () => {
  globalThis.localStorage = window.localStorage;
  window.localStorage.clear();
  const { el, model } = mount();
  el.querySelector('[data-field="open-chain"]').value = "A,B";
  el.querySelector('[data-field="open-conformer"]').value = "3";
  const field = el.querySelector('[data-field="open"]');
  field.value = "3sgb";
  press(field, "Enter");
  await settled();
  model.tell("msg:custom", { type: "done", act: "open", text: "3sgb is open", wrong: false });
  el.querySelector('[data-recent="3sgb"]').click();
  el.querySelector('[data-chain="B"]').click();
  assert.deepEqual(model.heard(), [
    { type: "open", name: "3sgb", chain: "A,B", conformer: "3" },
    { type: "open", name: "3sgb" },
    { type: "select", text: "chain B" },
  ]);
});

test("a file opened before is named without its folders, a sequence with its chains", async () => {
  globalThis.localStorage = window.localStorage;
  window.localStorage.setItem("esm3-workbench:recent", JSON.stringify(["/far/away/1ake.pdb", "MKT/GSH"]));
  const { el } = mount();
  el.querySelector('[data-act="open"]').click();
  assert.deepEqual(
    [...el.querySelectorAll("[data-recent]")].map((one) => one.textContent),
    ["1ake.pdb", "MKT/GSH"],
  );
});

test("an NMR file's models are offered beside its chains; what is refused is said in the box", async () => {
  const { el, model } = mount();
  const models = el.querySelector('[data-field="conformer"]');
  assert.deepEqual(
    [...models.options].map((option) => option.textContent),
    ["model 1", "model 2", "model 5"],
  );
  assert.equal(models.value, "2");
  models.value = "5";
  models.dispatchEvent(new window.Event("change", { bubbles: true }));
  assert.deepEqual(model.heard(), [{ type: "conformer", number: 5 }]);
  model.tell("msg:custom", { type: "done", act: "open", text: "there is no file", wrong: true });
  await settled();
  const message = [...el.querySelectorAll(".esm-files-message")].find((line) => line.textContent);
  assert.equal(message.textContent, "there is no file");
  assert.equal(message.closest(".esm-popover").hidden, false);
  model.push({ models: [] });
  assert.equal(models.hidden, true);
});
