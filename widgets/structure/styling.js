// Colours and styles of the models on view.

import { toPositions } from "../browser/ranges.js";

/**
 * @import { Range, Theme } from "../browser/types"
 * @import { Atom, Rgb } from "./types"
 * @import { DrawnScene } from "./scene.js"
 */

/** Residues of a selection, and of a motif, that are drawn as sticks; of more none is. */
export const SELECTED_STICKS = 60;
const MOTIF_STICKS = 120;
const WHITE = 255;
/** @type {OffscreenCanvasRenderingContext2D | null} */
let pen = null;

/**
 * The colour of an atom: selected, or that of its residue, faded where the model is unsure.
 * @param {Uint8Array} colors three for each residue @param {Uint8Array} fade one for each residue, or none
 * @param {Range[]} selection @param {Theme} theme
 */
export function coloring(colors, fade, selection, theme) {
  const positions = new Set(toPositions(selection));
  const paper = rgbOf(theme.bg);
  const selected = numberOf(theme.select);
  /** @param {Atom} atom */
  return ({ position = -1 }) => {
    if (positions.has(position)) return selected;
    const share = (fade[position] ?? WHITE) / WHITE;
    let value = 0;
    for (let c = 0; c < 3; c++) {
      value = (value << 8) | Math.round(share * colors[3 * position + c] + (1 - share) * paper[c]);
    }
    return value;
  };
}

/**
 * Residues that are drawn as sticks: those selected, if asked for, and those given, if these are few.
 * @param {Range[]} selection @param {Range[]} motif @param {boolean} sidechains
 */
export function stickPositions(selection, motif, sidechains) {
  return new Set([...(sidechains ? few(selection, SELECTED_STICKS) : []), ...few(motif, MOTIF_STICKS)]);
}

/**
 * The first model as a ribbon, some residues as sticks in which these elements have their own colours; what is
 * hidden is not drawn.
 * @param {DrawnScene} drawn @param {(atom: Atom) => number} color @param {Set<number>} sticks
 * @param {Set<number>} hidden @param {Record<string, string>} elements
 */
export function styleDesign(drawn, color, sticks, hidden, elements) {
  const shape = drawn.viewer.getModel(0);
  shape.setStyle({}, { cartoon: { colorfunc: color, arrows: true } });
  /** @param {Set<number>} these */
  const atomsOf = (these) => drawn.atoms.filter(({ position = -1 }) => these.has(position)).map(({ index }) => index);
  if (sticks.size) {
    const byElement = (/** @type {Atom} */ atom) => (elements[atom.elem] ? numberOf(elements[atom.elem]) : color(atom));
    shape.setStyle({ index: atomsOf(sticks) }, { stick: { radius: 0.14, colorfunc: byElement } }, true);
  }
  if (hidden.size) shape.setStyle({ index: atomsOf(hidden) }, {});
}

/** @param {Range[]} ranges @param {number} most */
function few(ranges, most) {
  const positions = toPositions(ranges);
  return positions.length <= most ? positions : [];
}

// Against a dark ground, what shines through is darker still.
/** @param {Theme} theme */
export function templateOpacity(theme) {
  return theme.dark ? 0.8 : 0.5;
}

/**
 * Red, green and blue (0–255) of a colour as the page writes it.
 * @param {string} color @returns {Rgb}
 */
export function rgbOf(color) {
  pen ??= new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  if (!pen) return [WHITE, WHITE, WHITE];
  pen.fillStyle = color;
  pen.fillRect(0, 0, 1, 1);
  return pen.getImageData(0, 0, 1, 1).data;
}

/**
 * 0xrrggbb of a colour as the page writes it.
 * @param {string} color
 */
export function numberOf(color) {
  const [r, g, b] = Array.from(rgbOf(color));
  return (r << 16) | (g << 8) | b;
}
