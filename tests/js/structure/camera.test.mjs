import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../load.mjs";

const { Camera } = await load("structure/camera.js");

const chain = (length) => Array.from({ length }, (_, i) => ({ x: 3.8 * (i - (length - 1) / 2), y: 0, z: 0 }));

// A viewer that looks along z on a stage of 400 × 300 pixels; its zoom is pixels per Å.
function setUp() {
  const calls = [];
  const viewer = {
    scale: 1,
    scene: { updateMatrixWorld() {} },
    camera: { updateMatrixWorld() {} },
    canvasOffset: () => ({ left: 50, top: 20 }),
    modelToScreen: (atoms) => atoms.map(({ x, y }) => ({ x: 250 + viewer.scale * x, y: 170 - viewer.scale * y })),
    getView: () => [1, 2, 3, -90, 0, 0, 0, 1],
    setView: (view) => calls.push(["turned", view]),
    zoomTo: ({ predicate }) => {
      viewer.scale = 20;
      calls.push(["zoomed", predicate]);
    },
    zoom: (factor) => (viewer.scale *= factor),
  };
  const listeners = {};
  const stage = { clientWidth: 400, clientHeight: 300, addEventListener: (name, run) => (listeners[name] = run) };
  return { calls, viewer, listeners, camera: new Camera(viewer, stage, undefined) };
}

test("the camera follows what leaves the view or shrinks, in a run less closely, until somebody takes it", () => {
  const { calls, listeners, camera } = setUp();
  camera.turn(chain(100));
  assert.ok(Math.abs(camera.filled(chain(100)) - 0.86) < 1e-9);
  for (const [length, moving, moves] of [
    [105, false, 0],
    [120, false, 1],
    [70, true, 0],
    [70, false, 1],
    [30, true, 1],
  ]) {
    calls.length = 0;
    camera.follow(chain(length), moving);
    assert.equal(calls.length, moves, `${length}`);
    assert.ok(camera.filled(chain(length)) <= 1);
  }
  listeners.pointerdown();
  calls.length = 0;
  camera.follow(chain(500), false);
  assert.equal(calls.length, 0);
  camera.free();
  camera.follow(chain(500), false);
  assert.equal(calls.length, 1);
});

test("the button goes to the selection, then to the whole protein, whose place is kept when it is turned", () => {
  const { calls, viewer, camera } = setUp();
  const all = chain(50);
  const selected = all.slice(24, 26);
  camera.centre(selected, all, "24,26");
  assert.deepEqual(all.filter(calls[0][1]), selected);
  assert.equal(camera.taken, true);
  assert.ok(Math.abs(camera.filled(selected) - 0.4) < 1e-9);
  calls.length = 0;
  camera.centre(selected, all, "24,26");
  assert.deepEqual(calls[0][1].slice(0, 4), [1, 2, 3, -90]);
  assert.deepEqual(all.filter(calls[1][1]), all);
  assert.equal(camera.taken, false);
  const far = viewer.scale;
  camera.centre(selected, all, "24,26");
  assert.ok(viewer.scale > far);
});
