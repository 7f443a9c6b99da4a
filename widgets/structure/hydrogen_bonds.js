// Hydrogen bonds as dashed lines: those of the selection, or all of them.

import { toPositions } from "../browser/ranges.js";
import { Dashes } from "./dashes.js";

/**
 * @import { Range } from "../browser/types"
 * @import { DrawnScene } from "./scene.js"
 */

const MOST = 1500;
const THICK = 0.05;

export class HydrogenBonds extends Dashes {
  /**
   * ``pairs`` are numbers of atoms, two for each bond.
   * @param {DrawnScene} scene @param {ArrayLike<number>} pairs @param {Range[]} selection
   * @param {Set<number>} hidden residues that are not drawn @param {string} color
   */
  draw(scene, pairs, selection, hidden, color) {
    this.clear();
    const selected = new Set(toPositions(selection));
    for (let k = 0; k + 1 < pairs.length && this.lines.length < MOST; k += 2) {
      const ends = [scene.atoms[pairs[k]], scene.atoms[pairs[k + 1]]];
      if (ends.some((atom) => !atom || hidden.has(atom.position ?? -1))) continue;
      if (selected.size && !ends.some(({ position = -1 }) => selected.has(position))) continue;
      this.line(ends[0], ends[1], color, THICK);
    }
  }
}
