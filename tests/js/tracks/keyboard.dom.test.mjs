import assert from "node:assert/strict";
import test from "node:test";
import { settled, window } from "../dom.mjs";
import { load } from "../load.mjs";

const { Keyboard } = await load("tracks/keyboard.js");

// A bench with tracks, a button and a name, beside another cell, in a notebook.
function mount() {
  document.body.innerHTML = `<div id="notebook" tabindex="-1"><div class="esm-bench"><p>name</p><button>Run</button>
    <div id="tracks"><canvas tabindex="0"></canvas></div></div><input><button id="other">other</button></div>`;
  const find = (selector) => document.querySelector(selector);
  const messages = [];
  const canvas = find("canvas");
  const view = { el: find("#tracks"), canvas, focus: () => canvas.focus(), say: (text) => messages.push(text) };
  const leaving = new AbortController();
  new Keyboard(view, leaving.signal);
  const keys = [];
  canvas.addEventListener("keydown", ({ key }) => keys.push(key));
  const press = (el) => el.dispatchEvent(new window.PointerEvent("pointerdown", { bubbles: true }));
  const over = (el) => el.dispatchEvent(new window.PointerEvent("pointerover", { bubbles: true }));
  const key = (name, more = {}) =>
    (document.activeElement ?? document.body).dispatchEvent(
      new window.KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }),
    );
  return { find, said: messages, heard: keys, press, over, key, canvas, leave: () => leaving.abort() };
}

test("a press on what takes no focus gives the keyboard to the tracks", async () => {
  const { find, press, canvas, leave } = mount();
  find("#notebook").focus();
  press(find("p"));
  await settled();
  assert.equal(document.activeElement, canvas);
  leave();
});

test("a key comes to the tracks where the button pressed last has gone, and Enter paints nothing", () => {
  const { find, press, key, heard, leave } = mount();
  press(find("button"));
  find("button").focus();
  find("button").remove();
  find("#notebook").focus();
  key("Enter");
  assert.deepEqual(heard, []);
  key("z", { ctrlKey: true });
  assert.deepEqual(heard, ["z"]);
  leave();
});

test("who has gone on to the notebook keeps its keys, and over the bench is told so", () => {
  const { find, press, over, key, heard, said, leave } = mount();
  press(find("button"));
  press(find("#other"));
  find("#notebook").focus();
  key("m");
  assert.deepEqual([heard, said], [[], []]);
  over(find("p"));
  key("m");
  assert.deepEqual(heard, []);
  assert.match(said.join(), /keys go to the notebook now: click the bench/);
  find("input").focus();
  key("m");
  assert.equal(said.length, 1);
  leave();
});

test("a letter on a button says where it would be written, and Escape goes there", () => {
  const { find, press, key, said, canvas, leave } = mount();
  press(find("button"));
  find("button").focus();
  key("A");
  assert.match(said.join(), /press Escape to write on the tracks/);
  key("Escape");
  assert.equal(document.activeElement, canvas);
  leave();
});
