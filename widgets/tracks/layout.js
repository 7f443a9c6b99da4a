// Where the rows of the track editor lie: y in CSS pixels from the top of the canvas. The annotation
// rows grow with the number of lanes that overlapping annotations need.

import { labelsOf } from "./spec.js";

/** @import { Spec, Zone } from "./types" */

export const GUTTER = 76;
export const OVERVIEW = { y: 3, h: 10 };
export const RULER = { y: 16, h: 21 };

/** Heights of a row of letters or bars, and of one without. */
const ROOMY = { high: 24, low: 16 };
const TIGHT = { high: 20, low: 14 };
const LOW = new Set(["structure", "function", "residue"]);
/** Windows lower than this have tight rows, so that the first designs are in sight. */
const LOW_WINDOW = 800;
const LANE = 14;
const STRIP = 12;
const GAP = 3;

export class TrackLayout {
  /** @type {{y: number, h: number, label: string, achieved?: {y: number, h: number}}[]} */
  rows = [];

  /**
   * ``lanes`` says how many lanes each row of labels needs, by its number; ``striped`` rows have a strip
   * below them for what a result achieved.
   * @param {Spec} spec @param {Record<number, number>} [lanes] @param {number[]} [striped]
   */
  constructor(spec, lanes = {}, striped = []) {
    const { high, low } = globalThis.innerHeight < LOW_WINDOW ? TIGHT : ROOMY;
    this.key = JSON.stringify([lanes, striped, high]);
    this.paintable = spec.rows.length;
    let top = RULER.y + RULER.h + 4;
    for (const [row, label] of labelsOf(spec).entries()) {
      if (row === this.paintable) top += 2 * GAP;
      const more = lanes[row] ?? 1;
      const h = more > 1 ? more * LANE + 2 : LOW.has(spec.rows[row]?.name) ? low : high;
      const achieved = striped.includes(row) ? { y: top + h + 1, h: STRIP } : undefined;
      this.rows.push({ y: top, h, label, achieved });
      top += h + GAP + (achieved ? STRIP + 1 : 0);
    }
    this.height = top - GAP + 6;
  }

  /**
   * What lies at a height: "overview", "ruler", a row index, or null between them.
   * @param {number} y @returns {Zone}
   */
  zoneAt(y) {
    if (y < RULER.y) return "overview";
    if (y < RULER.y + RULER.h + 2) return "ruler";
    const row = this.rows.findIndex(({ y: top, h, achieved }) => {
      const end = achieved ? achieved.y + achieved.h : top + h;
      return y >= top - GAP / 2 && y < end + GAP / 2 + 1;
    });
    return row < 0 ? null : row;
  }

  /**
   * The paintable row nearest to a height, for drags that leave their row.
   * @param {number} y
   */
  nearestRow(y) {
    let best = 0;
    for (let row = 0; row < this.paintable; row++) if (y >= this.rows[row].y - GAP / 2) best = row;
    return best;
  }
}
