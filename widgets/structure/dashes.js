// Dashed lines between atoms: hydrogen bonds, and distances between two atoms that were picked.

/**
 * @import { Point, Viewer } from "./types"
 */

const LINE = { dashed: true, dashLength: 0.28, gapLength: 0.2 };

export class Dashes {
  /** @type {object[]} */
  lines = [];
  /** @type {object[]} */
  labels = [];

  /** @param {Viewer} viewer */
  constructor(viewer) {
    this.viewer = viewer;
  }

  clear() {
    for (const line of this.lines) this.viewer.removeShape(line);
    for (const label of this.labels) this.viewer.removeLabel(label);
    [this.lines, this.labels] = [[], []];
  }

  /** @param {Point} start @param {Point} end @param {string} color @param {number} radius */
  line(start, end, color, radius) {
    const ends = { start: spot(start), end: spot(end) };
    this.lines.push(this.viewer.addCylinder({ ...LINE, ...ends, radius, color, fromCap: 1, toCap: 1 }));
  }

  /** @param {string} text @param {Point} at @param {string} ink @param {string} paper */
  label(text, at, ink, paper) {
    const looks = { fontSize: 13, fontColor: ink, backgroundColor: paper, backgroundOpacity: 0.85, inFront: true };
    this.labels.push(this.viewer.addLabel(text, { ...looks, position: spot(at), alignment: "center" }));
  }

  /** @param {Point} at @param {string} color */
  ball(at, color) {
    this.lines.push(this.viewer.addSphere({ center: spot(at), radius: 0.55, color, opacity: 0.7 }));
  }
}

/** @param {Point} atom */
const spot = ({ x, y, z }) => ({ x, y, z });
