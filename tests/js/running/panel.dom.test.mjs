import assert from "node:assert/strict";
import test from "node:test";
import { place, settled, type, window } from "../dom.mjs";
import { load } from "../load.mjs";

const panel = (await load("running/panel.js")).default;

const IDLE = { phase: "idle", shown: 0, taken: 0, total: 0, remaining: null, design: "", goes_on: false };
const PAUSED = { phase: "paused", shown: 2, taken: 3, total: 8, remaining: null, design: "", goes_on: true };

const text = { choices: [], least: null, most: null, example: "ptm>0.6", default: "", group: "" };
const OPTIONS = [
  { ...text, name: "strategy", title: "order", about: "Which first.", kind: "choice", choices: ["entropy", "random"] },
  {
    ...text,
    name: "temperature",
    title: "temperature",
    about: "How freely.",
    kind: "number",
    least: 0,
    default: "1.0",
  },
  { ...text, name: "gate", title: "gate", about: "What must be reached.", kind: "text", group: "Gate" },
];
const TWO = [
  { track: "structure", steps: 8, options: {} },
  { track: "sequence", steps: 4, options: { temperature: "0.5", gate: "ptm>0.6" } },
];

function mount(traits = {}) {
  return place(panel, {
    options: {
      presets: [["fold", "structure:8"]],
      bounds: { seed: [0, 100], designs: [1, 10] },
      schedules: ["cosine"],
      strategies: ["entropy", "random"],
      stage: {
        tracks: [
          ["sequence", "sequence"],
          ["structure", "structure"],
        ],
        most_steps: 100,
        options: OPTIONS,
      },
    },
    stages: [{ track: "sequence", steps: 8, options: {} }],
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
  const { el, model } = mount();
  const able = () =>
    [...el.querySelectorAll("[data-act]")].filter((button) => !button.disabled).map((button) => button.dataset.act);
  assert.deepEqual(
    able().filter((name) => !/^(dice|dismiss|settings|add-stage|stage-.*)$/.test(name)),
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
  const { el, model } = mount({ run_state: PAUSED });
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
  const { el, model } = mount({ run_state: PAUSED });
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
  const { el, model } = mount();
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
  const { el, model } = mount();
  model.push({
    guidance: [
      ["sequence", "sequence", 0],
      ["kinase", "kinase", 1.5],
    ],
  });
  await settled();
  const sliders = [...el.querySelectorAll(".esm-guide")];
  assert.deepEqual(
    sliders.map((slider) => [slider.dataset.name, slider.value]),
    [
      ["sequence", "0"],
      ["kinase", "1.5"],
    ],
  );
  type(sliders[1], "2");
  assert.deepEqual(model.heard(), [{ type: "guide", name: "kinase", weight: 2 }]);
});

const recipes = (model) =>
  model
    .heard()
    .filter(({ changes }) => changes?.recipe)
    .map(({ changes }) => changes.recipe);
const chips = (el) => [...el.querySelectorAll(".esm-stage-chip")];
const pressed = (target, key, more = {}) =>
  target.dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));

test("each stage is a chip that says what is special about it, in the order of the recipe", () => {
  const { el } = mount({ stages: TWO });
  assert.deepEqual(
    chips(el).map((chip) => chip.textContent),
    ["structure 8", "sequence 4T 0.5 · gate ptm>0.6"],
  );
});

test("stages are added, moved and taken out by keys; the text is all that the kernel hears", async () => {
  const { el, model } = mount({ stages: TWO });
  pressed(chips(el)[0], "ArrowRight", { altKey: true });
  pressed(chips(el)[0], "Delete");
  act(el, "add-stage").click();
  assert.deepEqual(recipes(model), [
    "sequence:4(temperature=0.5;gate=ptm>0.6),structure:8",
    "sequence:4(temperature=0.5;gate=ptm>0.6)",
    "structure:8,sequence:4(temperature=0.5;gate=ptm>0.6),structure:4",
  ]);
});

test("a new stage opens its form; every option has a field with a sentence", async () => {
  const { el, model } = mount();
  act(el, "add-stage").click();
  model.push({ stages: [...model.get("stages"), { track: "structure", steps: 8, options: {} }] });
  await settled();
  const form = el.querySelector(".esm-stage-form");
  assert.equal(form.hidden, false);
  assert.equal(form.querySelector(".esm-title").textContent, "Stage 2 of 2");
  for (const { name, about } of OPTIONS) {
    const field = form.querySelector(`[data-option="${name}"]`);
    assert.equal(document.getElementById(field.getAttribute("aria-describedby")).textContent, about);
  }
  model.heard();
  type(form.querySelector('[data-option="gate"]'), "ptm>0.7");
  assert.deepEqual(recipes(model), ["sequence:8,structure:8(gate=ptm>0.7)"]);
});

test("options that few stages have are folded away unless this one has some; the field in hand says what it does", () => {
  const { el } = mount({ stages: TWO });
  const form = el.querySelector(".esm-stage-form");
  const folded = form.querySelector(".esm-stage-fields + .esm-stage-fields");
  const unfolding = act(el, "stage-more");
  chips(el)[0].click();
  assert.ok(folded.hidden);
  assert.equal(unfolding.getAttribute("aria-expanded"), "false");
  assert.deepEqual(
    [...folded.querySelectorAll("[data-option]")].map((one) => one.dataset.option),
    ["gate"],
  );
  unfolding.click();
  assert.ok(!folded.hidden);
  unfolding.click();
  chips(el)[1].click();
  assert.ok(!folded.hidden);
  form.querySelector('[data-option="gate"]').dispatchEvent(new window.Event("focusin", { bubbles: true }));
  assert.equal(form.querySelector(".esm-stage-help").textContent, "gate: What must be reached.");
});

test("what the form is refused stays in it, with the reason beside it", async () => {
  const { el, model } = mount();
  chips(el)[0].click();
  const gate = el.querySelector('[data-option="gate"]');
  type(gate, "ptm>high");
  model.push({ rejected: { recipe: "sequence:8(gate=ptm>high)" }, error: "cannot read the goal 'ptm>high'" });
  await settled();
  assert.equal(gate.value, "ptm>high");
  assert.match(el.querySelector(".esm-stage-form .esm-wrong").textContent, /cannot read the goal/);
  model.push({ rejected: {}, error: "" });
  await settled();
  assert.equal(gate.value, "");
});

test("a chip that is dragged goes where it is dropped", () => {
  const { el, model } = mount({ stages: TWO });
  const [first, second] = chips(el);
  const drag = (chip, name, clientX = 0) =>
    chip.dispatchEvent(Object.assign(new window.Event(name, { bubbles: true, cancelable: true }), { clientX }));
  first.getBoundingClientRect = () => ({ left: 0, width: 80 });
  second.getBoundingClientRect = () => ({ left: 100, width: 80 });
  drag(first, "dragstart");
  drag(second, "dragover", 170);
  assert.ok(second.classList.contains("esm-after"));
  drag(second, "drop", 170);
  assert.deepEqual(recipes(model), ["sequence:4(temperature=0.5;gate=ptm>0.6),structure:8"]);
});
