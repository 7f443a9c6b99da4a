// What a scatter is made of: marks, rings, the scale of colours and the room of an axis.

import { clamp } from "../browser/numbers.js";
import { mixed } from "../browser/theme.js";

/** @import { Column, Drawn } from "./types" */

// Cividis, dark to yellow, as for all quantities of the bench.
const SCALE = ["#00224e", "#35456c", "#666970", "#948e77", "#c8b866", "#fee838"];

/**
 * From the smallest to the largest, with a little room.
 * @param {number[]} values @returns {[number, number]}
 */
export function span(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (!(low <= high)) return [0, 1];
  const room = (high - low || Math.abs(high) || 1) * 0.04;
  return [low - room, high + room];
}

/** @param {number} value @param {number[]} range */
export const part = (value, [low, high]) => (value - low) / (high - low);

/** @param {Column} column */
export const titled = ({ title, better }) => (better === null ? title : `${title} ${better ? "↑" : "↓"}`);

/** @param {string[]} names */
export const listed = (names) =>
  names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");

/** @param {number} share */
export function scaled(share) {
  const place = clamp(share, 0, 1) * (SCALE.length - 1);
  const low = Math.min(Math.floor(place), SCALE.length - 2);
  return mixed(SCALE[low], SCALE[low + 1], place - low);
}

/** @param {CanvasRenderingContext2D} pen @param {number} left @param {number} top @param {number} size */
export function dot(pen, left, top, size) {
  pen.moveTo(left + size, top);
  pen.arc(left, top, size, 0, 2 * Math.PI);
}

/** @param {CanvasRenderingContext2D} pen @param {number} left @param {number} top @param {number} size */
export function diamond(pen, left, top, size) {
  const out = 1.5 * size;
  pen.moveTo(left, top - out);
  for (const [x, y] of [
    [out, 0],
    [0, out],
    [-out, 0],
  ])
    pen.lineTo(left + x, top + y);
  pen.closePath();
}

/**
 * @param {CanvasRenderingContext2D} pen @param {Drawn} one @param {string} color @param {number} wide
 * @param {number} size
 */
export function ring(pen, { left, top }, color, wide, size, control = false) {
  pen.strokeStyle = color;
  pen.lineWidth = wide;
  pen.beginPath();
  (control ? diamond : dot)(pen, left, top, size);
  pen.stroke();
}

/** @param {CanvasRenderingContext2D} pen @param {number} a @param {number} b @param {number} c @param {number} d */
export function line(pen, a, b, c, d) {
  pen.beginPath();
  pen.moveTo(a, b);
  pen.lineTo(c, d);
  pen.stroke();
}
