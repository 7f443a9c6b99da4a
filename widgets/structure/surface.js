// The molecular surface of what is on view, coloured as its ribbon. Made anew only when atoms have moved:
// it takes a second or so on a processor.

/**
 * @import { Atom, Viewer } from "./types"
 * @import { DrawnScene } from "./scene.js"
 */

const KIND = "SES";

export class Surface {
  /** @type {number | undefined} */
  number = undefined;
  /** What it was made of. */
  of = "";

  /** @param {Viewer} viewer */
  constructor(viewer) {
    this.viewer = viewer;
  }

  // Atoms have moved: it is of another structure.
  forget() {
    this.of = "";
  }

  /**
   * An opacity of 0 takes the surface away.
   * @param {DrawnScene} scene @param {number} opacity @param {(atom: Atom) => number} color
   * @param {Set<number>} hidden residues that are not drawn
   */
  draw(scene, opacity, color, hidden) {
    const of = opacity && scene.atoms.length ? `all but ${[...hidden]}` : "";
    if (this.number !== undefined && of !== this.of) {
      this.viewer.removeSurface(this.number);
      this.number = undefined;
    }
    if (!of) return;
    const style = { opacity, colorfunc: color };
    if (this.number === undefined) {
      const atoms = new Set(scene.atoms.filter(({ position = -1 }) => !hidden.has(position)));
      this.number = this.viewer.addSurface(KIND, style, { model: 0, predicate: (atom) => atoms.has(atom) }).surfid;
    } else this.viewer.setSurfaceMaterialStyle(this.number, style);
    this.of = of;
  }
}
