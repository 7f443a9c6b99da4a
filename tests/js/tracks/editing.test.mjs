import assert from "node:assert/strict";
import test from "node:test";
import { spec } from "../contract/spec.mjs";
import { load } from "../load.mjs";

const { Pointing } = await load("browser/pointing.js");
const { TrackCells } = await load("tracks/cells.js");
const { busOf } = await load("browser/bus.js");

class Model {
  constructor(state) {
    this.state = state;
    this.sent = [];
    this.listeners = new Map();
  }
  get(name) {
    return this.state[name];
  }
  on(name, run) {
    this.listeners.set(name, run);
  }
  send(message) {
    this.sent.push(message);
  }
}

const bytes = (values) => new DataView(Uint8Array.from(values).buffer);

function cells() {
  return new Model({
    ack: 0,
    spec,
    axis: { length: 3, sequence: "MKT", ss8: "HHH", structure: "111", sasa: [null, null, null], annotations: [] },
    states: bytes([1, 1, 1, ...Array(15).fill(0)]),
    letters: bytes([77, 75, 84, 95, 95, 95]),
    areas: new DataView(new Float32Array([NaN, NaN, NaN]).buffer),
    results: new DataView(new Float32Array(6).buffer),
    annotations: [],
    limits: [],
  });
}

const MASK = { op: "mask", tracks: ["sequence"], start: 1, stop: 2 };

test("a stroke is seen at once and stays until the kernel has it", () => {
  const model = cells();
  const tracks = new TrackCells(model);
  tracks.commit([MASK]);
  assert.equal(tracks.shown.states[1], 0);
  tracks.read();
  assert.equal(tracks.shown.states[1], 0);
  assert.deepEqual(model.sent, [{ type: "paint", id: 1, commands: [MASK] }]);
  model.state.ack = 1;
  tracks.read();
  assert.equal(tracks.shown.states[1], 1);
});

test("strokes are numbered on from what the kernel has seen", () => {
  const model = cells();
  model.state.ack = 7;
  const tracks = new TrackCells(model);
  tracks.commit([MASK]);
  tracks.commit([MASK]);
  assert.deepEqual(
    model.sent.map(({ id }) => id),
    [8, 9],
  );
});

test("pointing at a residue is seen by every view but told to the kernel once", async () => {
  const bus = busOf("pointing");
  const seen = [[], []];
  const models = [new Model({ hovered: -1 }), new Model({ hovered: -1 })];
  const [first, second] = models.map((model, k) => new Pointing(bus, model, (at) => seen[k].push(at)));
  first.at(4);
  first.at(4);
  first.at(5);
  assert.deepEqual(seen, [
    [4, 5],
    [4, 5],
  ]);
  assert.equal(second.position, 5);
  await new Promise((done) => setTimeout(done, 120));
  assert.deepEqual(models[0].sent, [{ type: "hover", position: 5 }]);
  assert.deepEqual(models[1].sent, []);
});
