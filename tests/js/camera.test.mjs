import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const { Camera, reachOf } = await load("camera.js");

function chain(length, step = 3.8) {
  return Array.from({ length }, (_, i) => ({ x: step * i, y: 0.1 * (i % 2), z: 0 }));
}

function made() {
  const calls = [];
  const viewer = {
    getView: () => [1, 2, 3, -90, 0, 0, 0, 1],
    setView: (view) => calls.push(["turned", view]),
    zoomTo: ({ predicate }) => calls.push(["zoomed", predicate]),
  };
  const listeners = {};
  const stage = { addEventListener: (name, run) => (listeners[name] = run) };
  return { calls, listeners, camera: new Camera(viewer, stage, undefined) };
}

test("the camera follows what outgrows the view or shrinks, in a run less closely, until somebody takes it", () => {
  const { calls, listeners, camera } = made();
  camera.follow(chain(100), false);
  assert.equal(calls.length, 0);
  for (const [length, moving, moves] of [[105, false, 0], [115, false, 1], [90, true, 0], [90, false, 1], [50, true, 1]]) {
    calls.length = 0;
    camera.follow(chain(length), moving);
    assert.equal(calls.length, moves, `${length}`);
  }
  listeners.pointerdown();
  calls.length = 0;
  camera.follow(chain(500), false);
  assert.equal(calls.length, 0);
  camera.free();
  camera.follow(chain(500), false);
  camera.follow(chain(600), false);
  assert.equal(calls.length, 1);
});

test("the button goes to the selection, then to the whole protein, whose place is kept when it is turned", () => {
  const { calls, camera } = made();
  const all = chain(50);
  const chosen = all.slice(10, 12);
  camera.centre(chosen, all, "10,12");
  assert.deepEqual(all.filter(calls[0][1]), chosen);
  assert.equal(camera.held, true);
  camera.centre(chosen, all, "10,12");
  assert.deepEqual(all.filter(calls[1][1]), all);
  assert.deepEqual(calls[2][1].slice(0, 4), [1, 2, 3, -90]);
  assert.equal(camera.held, false);
  camera.centre(chosen, all, "10,12");
  assert.deepEqual(all.filter(calls[3][1]), chosen);
});

test("the reach is that of the outermost atom from the middle", () => {
  assert.ok(Math.abs(reachOf(chain(11, 1)) - 5) < 0.01);
});
