import assert from "node:assert/strict";
import test from "node:test";
import { place, settled, type } from "../dom.mjs";
import { load } from "../load.mjs";

const panel = (await load("running/panel.js")).default;

const IDLE = { phase: "idle", shown: 0, taken: 0, total: 0, remaining: null, design: "", goes_on: false };
const PAUSED = { phase: "paused", shown: 2, taken: 3, total: 8, remaining: null, design: "", goes_on: true };

function made(traits = {}) {
  return place(panel, {
    options: { presets: [["fold", "structure:8"]], schedules: ["cosine"], strategies: ["entropy", "random"] },
    settings: { recipe: "sequence:8", seed: 1, designs: 1, steps: 8, strategy: "entropy", schedule: "cosine" },
    run_state: IDLE,
    status: "",
    error: "",
    plan: [
      ["sequence", 4],
      ["sequence", 2],
    ],
    estimate: "2 steps",
    notes: [],
    guidance: [["sequence", "sequence", 0]],
    rejected: {},
    ...traits,
  });
}

const act = (el, name) => el.querySelector(`[data-act="${name}"]`);

test("before a run only Run and Step answer; while it runs, Pause and Stop", async () => {
  const { el, model } = made();
  const able = () =>
    [...el.querySelectorAll("[data-act]")].filter((one) => !one.disabled).map((one) => one.dataset.act);
  assert.deepEqual(
    able().filter((name) => name !== "dice" && name !== "dismiss"),
    ["run", "step"],
  );
  act(el, "run").click();
  assert.deepEqual(model.heard(), [{ type: "run" }]);
  model.push({ run_state: { ...PAUSED, phase: "running", remaining: 42 }, status: "filled 4 of sequence" });
  await settled();
  assert.deepEqual(
    able().filter((name) => ["run", "step", "pause", "stop", "rewind"].includes(name)),
    ["pause", "stop"],
  );
  assert.equal(el.querySelector(".esm-status").textContent, "42 s left  ·  filled 4 of sequence");
});

test("a paused run goes on, and is rewound to the step on view", async () => {
  const { el, model } = made({ run_state: PAUSED });
  assert.equal(act(el, "run").textContent, "Go on");
  assert.equal(act(el, "rewind").textContent, "Rewind to 2");
  act(el, "rewind").click();
  model.push({ run_state: { ...PAUSED, shown: 3 } });
  await settled();
  assert.equal(act(el, "rewind").textContent, "Rewind");
  act(el, "rewind").click();
  assert.deepEqual(model.heard(), [
    { type: "rewind", index: 2 },
    { type: "rewind", index: 0 },
  ]);
});

test("moving the timeline asks for one step, the newest; its end follows the run", async () => {
  const { el, model } = made({ run_state: PAUSED });
  const slider = el.querySelector(".esm-timeline input");
  type(slider, "0");
  type(slider, "1");
  await settled();
  assert.deepEqual(model.heard(), [{ type: "show", index: 1 }]);
  assert.equal(el.querySelector(".esm-timeline output").textContent, "step 1 of 3/8");
  type(slider, "7");
  await settled();
  assert.deepEqual(model.heard(), [{ type: "show", index: 8 }]);
  assert.equal(slider.value, "3");
});

test("what was refused stays as it was typed, is marked, and its reason is an alert that can be put away", async () => {
  const { el, model } = made();
  type(el.querySelector("[aria-label=temperature]"), "-3");
  assert.deepEqual(model.heard(), [{ type: "settings", changes: { temperature: "-3" } }]);
  model.push({ rejected: { temperature: "-3" }, error: "a temperature is at least 0" });
  await settled();
  const field = el.querySelector("[aria-label=temperature]");
  assert.deepEqual([field.value, field.getAttribute("aria-invalid")], ["-3", "true"]);
  const alert = el.querySelector("[role=alert]");
  assert.deepEqual([alert.hidden, alert.textContent.trim()], [false, "a temperature is at least 0"]);
  act(el, "dismiss").click();
  assert.deepEqual(model.heard(), [{ type: "dismiss" }]);
});

test("each thing the prompt gives has a slider to follow it more closely", async () => {
  const { el, model } = made();
  model.push({
    guidance: [
      ["sequence", "sequence", 0],
      ["kinase", "kinase", 1.5],
    ],
  });
  await settled();
  const sliders = [...el.querySelectorAll(".esm-guide")];
  assert.deepEqual(
    sliders.map((one) => [one.dataset.name, one.value]),
    [
      ["sequence", "0"],
      ["kinase", "1.5"],
    ],
  );
  type(sliders[1], "2");
  assert.deepEqual(model.heard(), [{ type: "guide", name: "kinase", weight: 2 }]);
});
