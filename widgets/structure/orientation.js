// How to turn a protein so that it is seen from its widest side: its long axis lies across, its short one
// points to the eye. The chain begins at the left.

const SWEEPS = 12;
/** @import { Point } from "./types" */

/** @typedef {number[]} Vector */

const AXES = /** @type {const} */ (["x", "y", "z"]);

// Quaternion [x, y, z, w] that takes the points' principal axes to those of the view.
/** @param {Point[]} points */
export function orientation(points) {
  const middle = AXES.map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
  const placed = points.map((point) => AXES.map((axis, c) => point[axis] - middle[c]));
  const [along, over] = principalAxes(placed);
  /** @param {Vector} axis @param {number} at */
  const reach = (axis, at) => axis.reduce((sum, value, c) => sum + value * placed[at][c], 0);
  const e1 = signed(along, reach(along, points.length - 1) - reach(along, 0));
  const e2 = signed(over, reach(over, points.length >> 1));
  return quaternion([e1, e2, cross(e1, e2)]);
}

// Unit vectors of widest and second widest spread.
/** @param {Vector[]} placed */
function principalAxes(placed) {
  const spread = [0, 1, 2].map((i) =>
    [0, 1, 2].map((j) => placed.reduce((sum, point) => sum + point[i] * point[j], 0)),
  );
  const axes = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ])
      rotate(spread, axes, i, j);
  }
  const order = [0, 1, 2].sort((a, b) => spread[b][b] - spread[a][a]);
  return order.map((k) => axes.map((row) => row[k]));
}

// Jacobi's rotation, which takes the spread between two axes to nothing.
/** @param {Vector[]} spread @param {Vector[]} axes @param {number} i @param {number} j */
function rotate(spread, axes, i, j) {
  if (spread[i][j] === 0) return;
  const turn = 0.5 * Math.atan2(2 * spread[i][j], spread[i][i] - spread[j][j]);
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  /** @param {Vector} row */
  const mix = (row) => ([row[i], row[j]] = [c * row[i] + s * row[j], c * row[j] - s * row[i]]);
  for (const row of spread) mix(row);
  for (let k = 0; k < 3; k++)
    [spread[i][k], spread[j][k]] = [c * spread[i][k] + s * spread[j][k], c * spread[j][k] - s * spread[i][k]];
  for (const row of axes) mix(row);
}

/** @param {Vector} axis @param {number} sign */
function signed(axis, sign) {
  return sign < 0 ? axis.map((value) => -value) : axis;
}

/** @param {Vector} a @param {Vector} b */
function cross(a, b) {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

// Of a rotation matrix, by the largest of its four parts.
/** @param {Vector[]} matrix */
function quaternion([[a, b, c], [d, e, f], [g, h, i]]) {
  const parts = [1 + a - e - i, 1 - a + e - i, 1 - a - e + i, 1 + a + e + i];
  const largest = parts.indexOf(Math.max(...parts));
  const rows = [
    [parts[0], b + d, c + g, h - f],
    [b + d, parts[1], f + h, c - g],
    [c + g, f + h, parts[2], d - b],
    [h - f, c - g, d - b, parts[3]],
  ];
  const length = Math.hypot(...rows[largest]);
  return rows[largest].map((value) => value / length);
}
