// Which residue is under the pointer in the 3D view.
//
// 3Dmol's own clicks need a hit on a triangle of the ribbon and a mouse that does not move by one pixel,
// and its triangles stay where the atoms were first drawn; this looks for the nearest atom instead.

export const STILL = 4;
/** @import { Point, Spot } from "./types" */

const REACH = { angstrom: 2.4, pixels: 9 };
const DEPTH_WORTH = 0.5;

// Third row of the rotation matrix of a quaternion: how near to the eye a point is.
/** @param {number[]} quaternion */
export function towardsEye([x, y, z, w]) {
  return [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)];
}

// Place of the point under (x, y), or -1: the nearest, where what lies in front counts more.
// ``spots`` are {x, y} in pixels, ``depths`` in Å towards the eye, ``scale`` in pixels per Å.
/** @param {Spot[]} spots @param {number[]} depths @param {number} scale @param {number} x @param {number} y */
export function pointUnder(spots, depths, scale, x, y) {
  const reach = Math.max(REACH.angstrom, REACH.pixels / scale);
  let best = -1;
  let least = Infinity;
  for (let i = 0; i < spots.length; i++) {
    const away = Math.hypot(spots[i].x - x, spots[i].y - y) / scale;
    if (!(away <= reach)) continue;
    const worth = away * away - DEPTH_WORTH * depths[i];
    if (worth < least) [best, least] = [i, worth];
  }
  return best;
}

// Å between two points.
/** @param {Point} a @param {Point} b */
export const apart = (a, b) => Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);

// Pixels per Å, from two points of the model that lie across the line of sight.
/** @param {Spot[]} spots @param {Point[]} points @param {number[]} depths */
export function scaleOf(spots, points, depths) {
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[0], points[i]];
    const across = Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z) ** 2 - (depths[0] - depths[i]) ** 2;
    if (across < 9) continue;
    return Math.hypot(spots[0].x - spots[i].x, spots[0].y - spots[i].y) / Math.sqrt(across);
  }
  return 6;
}

/**
 * A press and release in one place, told from a drag.
 * @param {HTMLElement} stage
 * @param {{click(event: PointerEvent): void, move(event: PointerEvent): void, leave(): void}} listeners
 * @param {AbortSignal} signal
 */
export function watchPointer(stage, listeners, signal) {
  /** @type {Spot | null} */
  let press = null;
  /** @type {PointerEvent | null} */
  let latest = null;
  const options = { signal, passive: true, capture: true };
  /**
   * @param {"pointerdown" | "pointerup" | "pointercancel" | "pointermove" | "pointerleave"} name
   * @param {(event: PointerEvent) => void} act
   */
  const on = (name, act) => stage.addEventListener(name, act, options);
  on("pointerdown", (event) => {
    press = event.button === 0 ? { x: event.clientX, y: event.clientY } : null;
  });
  on("pointerup", (event) => {
    if (press && Math.hypot(event.clientX - press.x, event.clientY - press.y) <= STILL) listeners.click(event);
    press = null;
  });
  on("pointercancel", () => (press = null));
  on("pointermove", (event) => {
    if (event.buttons) return;
    const waiting = latest;
    latest = event;
    if (!waiting) {
      requestAnimationFrame(() => {
        const newest = latest;
        latest = null;
        if (newest && !signal.aborted) listeners.move(newest);
      });
    }
  });
  on("pointerleave", () => {
    latest = null;
    listeners.leave();
  });
}
