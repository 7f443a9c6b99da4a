// The distance between two atoms: picked one after the other while the ruler is in hand, or those of two
// selected residues.

import { Dashes } from "./dashes.js";
import { apart } from "./picking.js";

/**
 * @import { Atom, Viewer } from "./types"
 * @import { Theme } from "../browser/types"
 */

export class Measure {
  /** Whether a click picks an atom. */
  on = false;
  /** The atoms picked so far, two at most. @type {Atom[]} */
  picked = [];

  /** @param {Viewer} viewer @param {(atom: Atom) => string} nameOf @param {(text: string) => void} say */
  constructor(viewer, nameOf, say) {
    this.dashes = new Dashes(viewer);
    this.nameOf = nameOf;
    this.say = say;
  }

  /** @param {Atom[]} chosen CA atoms of the residues selected */
  toggle(chosen) {
    this.on = !this.on;
    this.picked = this.on && chosen.length === 2 ? chosen : [];
    this.tell();
  }

  /** @param {Atom} atom */
  pick(atom) {
    this.picked = this.picked.length === 1 && this.picked[0] !== atom ? [this.picked[0], atom] : [atom];
    this.tell();
  }

  // Atoms have gone or moved.
  forget() {
    this.picked = [];
  }

  get text() {
    const [first, second] = this.picked;
    return second ? `${apart(first, second).toFixed(2)} Å` : "";
  }

  tell() {
    const names = this.picked.map((atom) => this.nameOf(atom)).join(" to ");
    if (this.picked.length === 2) this.say(`${names}: ${this.text}`);
    else if (this.on) this.say(names ? `${names}: pick a second atom` : "pick two atoms to measure between");
    else this.say("");
  }

  /** @param {Theme} theme */
  draw(theme) {
    this.dashes.clear();
    for (const atom of this.picked) this.dashes.ball(atom, theme.accent);
    const [first, second] = this.picked;
    if (!second) return;
    const middle = { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2, z: (first.z + second.z) / 2 };
    this.dashes.line(first, second, theme.accent, 0.12);
    this.dashes.label(this.text, middle, theme.fg, theme.bg);
  }
}
