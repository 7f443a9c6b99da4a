import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../load.mjs";

const { orientation } = await load("structure/orientation.js");
const { towardsEye } = await load("structure/picking.js");

function turned([x, y, z, w], point) {
  const rows = [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    towardsEye([x, y, z, w]),
  ];
  return rows.map((row) => row[0] * point.x + row[1] * point.y + row[2] * point.z);
}

function chance(seed) {
  let state = seed;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647 - 0.5;
  };
}

function cloud(seed, sizes = [40, 20, 6]) {
  const next = chance(seed);
  const [a, b, c] = [next() * 6, next() * 6, next() * 6];
  const spin = (p, angle, i, j) => {
    const q = [...p];
    q[i] = Math.cos(angle) * p[i] - Math.sin(angle) * p[j];
    q[j] = Math.sin(angle) * p[i] + Math.cos(angle) * p[j];
    return q;
  };
  return Array.from({ length: 300 }, () => {
    const [x, y, z] = spin(
      spin(
        spin(
          sizes.map((size) => size * next()),
          a,
          0,
          1,
        ),
        b,
        1,
        2,
      ),
      c,
      0,
      2,
    );
    return { x: x + 5, y: y - 9, z: z + 30 };
  });
}

function spreads(points) {
  return [0, 1, 2].map((c) => {
    const mean = points.reduce((sum, point) => sum + point[c], 0) / points.length;
    return points.reduce((sum, point) => sum + (point[c] - mean) ** 2, 0);
  });
}

test("a protein lies across, its short axis towards the eye, and is not mirrored", () => {
  for (let seed = 1; seed < 40; seed++) {
    const points = cloud(seed * 7919);
    const turn = orientation(points);
    assert.ok(Math.abs(Math.hypot(...turn) - 1) < 1e-9);
    const seen = points.map((point) => turned(turn, point));
    const [wide, high, deep] = spreads(seen);
    assert.ok(wide > high && high > deep);
    assert.ok(wide > ((0.95 * (300 * 40 ** 2)) / 12) * 0.8);
    assert.ok(seen.at(-1)[0] >= seen[0][0]);
  }
});

test("what lies well stays as it is, also a straight line and two points", () => {
  const line = Array.from({ length: 9 }, (_, i) => ({ x: 3.8 * i, y: 0, z: 0 }));
  for (const points of [line, line.slice(0, 2)]) {
    const seen = points.map((point) => turned(orientation(points), point));
    assert.ok(seen.at(-1)[0] - seen[0][0] > 3.7 * (points.length - 1));
    assert.ok(seen.every(([, y]) => Math.abs(y - seen[0][1]) < 1e-9));
  }
});
