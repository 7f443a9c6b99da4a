import assert from "node:assert/strict";
import test from "node:test";
import { place, settled, window } from "../dom.mjs";
import { load } from "../load.mjs";

const header = (await load("files/header.js")).default;

function mount(traits = {}) {
  const base = {
    live: true,
    asks: true,
    name: "example",
    notes: [],
    nearby: [],
    drafts: {},
    near: 5,
    most_residues: 100,
    accepts: [".pdb"],
  };
  return place(header, { ...base, earlier: "", selection: "", undo: "", about: "", model: "toy", ...traits });
}

const press = (el, act) => el.querySelector(`[data-act="${act}"]`).click();

test("a bench of nothing asks what to begin with, until something is open", async () => {
  const { el, model } = mount();
  const line = el.querySelector(".esm-begin");
  assert.equal(line.hidden, false);
  line.querySelector("input").value = "42";
  press(el, "begin-length");
  await settled();
  assert.deepEqual(model.heard(), [{ type: "open", name: "42" }]);
  press(el, "begin-text");
  assert.equal(el.querySelector('[aria-label="Open another protein or a design record"]').hidden, false);
  model.push({ asks: false });
  assert.equal(line.hidden, true);
  assert.equal(mount({ asks: false }).el.querySelector(".esm-begin").hidden, true);
});

test("the tour goes six steps there and back, and is left at any of them", () => {
  const { el } = mount();
  press(el, "begin-tour");
  const tour = el.querySelector(".esm-tour");
  const titles = new Set();
  for (let step = 1; step <= 6; step += 1) {
    assert.equal(tour.hidden, false);
    assert.ok(tour.textContent.includes(`${step} of 6`));
    titles.add(tour.querySelector(".esm-title").textContent);
    press(el, "tour-next");
  }
  assert.equal(titles.size, 6);
  assert.equal(tour.hidden, true);
  press(el, "tour");
  press(el, "tour-next");
  press(el, "tour-back");
  assert.ok(tour.textContent.includes("1 of 6"));
  press(el, "tour-skip");
  assert.equal(tour.hidden, true);
  assert.equal(el.querySelector(".esm-toured"), null);
});

test("the key ? opens the help, from which Enter starts the tour; in a field it is a letter", () => {
  const { el } = mount();
  el.classList.add("esm-bench");
  const help = el.querySelector(".esm-help");
  const key = (at) =>
    at.dispatchEvent(new window.KeyboardEvent("keydown", { key: "?", bubbles: true, cancelable: true }));
  key(el.querySelector(".esm-begin input"));
  key(el.querySelector('[data-field="selection"]'));
  assert.equal(help.hidden, true);
  key(el.querySelector('[data-act="undo"]'));
  assert.equal(help.hidden, false);
  assert.equal(document.activeElement.dataset.act, "tour");
  document.activeElement.click();
  assert.equal(help.hidden, true);
  assert.equal(el.querySelector(".esm-tour").hidden, false);
});
