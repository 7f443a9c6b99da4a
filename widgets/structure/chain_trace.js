// The chain as a line on a flat canvas over the 3D view, seen by the same camera: what steps that fly by
// look like where a processor draws, in a small part of the time that ribbons take.

import { element } from "../browser/dom.js";
import { scaleOf, towardsEye } from "./picking.js";

/** @import { Atom, Line, Rgb, Viewer } from "./types" */

/** @typedef {[x: number, y: number]} Dot */

const BROKEN = 7;
/** @type {Record<string, number>} */
const WIDE = { c: 1.1, h: 2.4, s: 2.4 };
const THIN = 0.7;
const FAINT = 0.55;
const OUTLINE = 1.5;
const HAZE = 0.45;

/**
 * For each CA atom the neighbours it is joined to, itself at an end: a chain may be loose, but not broken.
 * @param {Pick<Atom, "x" | "y" | "z" | "chain">[]} alphas
 */
export function joints(alphas) {
  /** @param {Pick<Atom, "x" | "y" | "z" | "chain">} a @param {Pick<Atom, "x" | "y" | "z" | "chain">} [b] */
  const joined = (a, b) =>
    b !== undefined && a.chain === b.chain && Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z) < BROKEN;
  return alphas.map((atom, i) => [joined(atom, alphas[i - 1]) ? i - 1 : i, joined(atom, alphas[i + 1]) ? i + 1 : i]);
}

/**
 * A colour (0xrrggbb) that fades into the paper (three numbers) by a share of 0 to 1.
 * @param {number} color @param {Rgb} paper @param {number} share
 */
export function hazed(color, paper, share) {
  /** @param {number} at @param {number} c */
  const channel = (at, c) => Math.round((1 - share) * ((color >> at) & 255) + share * paper[c]);
  return `rgb(${channel(16, 0)},${channel(8, 1)},${channel(0, 2)})`;
}

export class ChainTrace {
  canvas = element("canvas", "esm-trace");
  /** What is on view. @type {{viewer: Viewer, chains: Line[], marked?: Atom, paper: Rgb} | null} */
  drawing = null;

  /** @param {HTMLElement} stage */
  constructor(stage) {
    this.stage = stage;
    this.canvas.hidden = true;
    stage.firstElementChild?.after(this.canvas);
  }

  /**
   * ``marked`` is an atom to point at, ``paper`` the background.
   * @param {Viewer} viewer @param {Line[]} chains @param {Atom | undefined} marked @param {Rgb} paper
   */
  show(viewer, chains, marked, paper) {
    this.drawing = { viewer, chains, marked, paper };
    this.canvas.hidden = false;
    viewer.show = () => this.draw();
    this.draw();
  }

  hide() {
    if (!this.drawing) return;
    Reflect.deleteProperty(this.drawing.viewer, "show");
    this.drawing = null;
    this.canvas.hidden = true;
  }

  draw() {
    if (!this.drawing) return;
    const { viewer, chains, marked, paper } = this.drawing;
    const pen = this.blank(paper);
    if (!pen) return;
    viewer.scene.updateMatrixWorld();
    const eye = towardsEye(viewer.getView().slice(4));
    /** @param {Atom} atom */
    const depth = (atom) => eye[0] * atom.x + eye[1] * atom.y + eye[2] * atom.z;
    const place = this.placing(viewer);
    const pieces = chains.flatMap((chain) => piecesOf(chain, place(chain.alphas), chain.alphas.map(depth)));
    pieces.sort((a, b) => a.depth - b.depth);
    const [far, near] = [pieces[0]?.depth ?? 0, pieces.at(-1)?.depth ?? 0];
    for (const piece of pieces) {
      const away = HAZE * (1 - (piece.depth - far) / Math.max(1, near - far));
      const share = piece.thin ? 1 - (1 - away) * (1 - FAINT) : away;
      pen.beginPath();
      pen.moveTo(...piece.from);
      pen.quadraticCurveTo(...piece.over, ...piece.to);
      if (!piece.thin) stroke(pen, hazed(0, paper, 1), piece.wide + 2 * OUTLINE, "butt");
      stroke(pen, hazed(piece.color, paper, share), piece.wide, "round");
    }
    if (marked)
      ring(
        pen,
        place([marked])[0],
        hazed(
          0xffffff,
          Array.from(paper, (channel) => 255 - channel),
          0.6,
        ),
      );
  }

  /** @param {Rgb} paper */
  blank(paper) {
    const { clientWidth, clientHeight } = this.stage;
    const fine = globalThis.devicePixelRatio ?? 1;
    const [wide, high] = [Math.round(clientWidth * fine), Math.round(clientHeight * fine)];
    if (this.canvas.width !== wide || this.canvas.height !== high)
      Object.assign(this.canvas, { width: wide, height: high });
    const pen = this.canvas.getContext("2d");
    if (!pen) return null;
    pen.setTransform(fine, 0, 0, fine, 0, 0);
    pen.fillStyle = hazed(0, paper, 1);
    pen.fillRect(0, 0, clientWidth, clientHeight);
    return pen;
  }

  /**
   * Places on this canvas, of atoms.
   * @param {Viewer} viewer @returns {(atoms: Atom[]) => Dot[]}
   */
  placing(viewer) {
    const corner = viewer.canvasOffset();
    return (atoms) => viewer.modelToScreen(atoms).map(({ x, y }) => [x - corner.left, y - corner.top]);
  }
}

/** @param {Line} line @param {Dot[]} spots @param {number[]} depths */
function piecesOf({ alphas, color, thin = false }, spots, depths) {
  const scale = scaleOf(
    spots.map(([x, y]) => ({ x, y })),
    alphas,
    depths,
  );
  /** @param {number} i @param {number} j @returns {Dot} */
  const middle = (i, j) => [(spots[i][0] + spots[j][0]) / 2, (spots[i][1] + spots[j][1]) / 2];
  return joints(alphas).map(([before, after], i) => ({
    from: middle(before, i),
    over: spots[i],
    to: middle(i, after),
    depth: depths[i],
    wide: Math.max(thin ? 1 : 2, scale * (thin ? THIN : (WIDE[alphas[i].ss ?? "c"] ?? WIDE.c))),
    color: color(alphas[i]),
    thin,
  }));
}

/**
 * @param {CanvasRenderingContext2D} pen @param {string} color @param {number} wide
 * @param {CanvasLineCap} cap
 */
function stroke(pen, color, wide, cap = "butt") {
  pen.lineCap = cap;
  pen.strokeStyle = color;
  pen.lineWidth = wide;
  pen.stroke();
}

/** @param {CanvasRenderingContext2D} pen @param {Dot} at @param {string} color */
function ring(pen, [x, y], color) {
  pen.beginPath();
  pen.arc(x, y, 9, 0, 2 * Math.PI);
  stroke(pen, color, 2);
}
