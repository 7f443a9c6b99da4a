// The chain as a line on a flat canvas over the 3D view, seen by the same camera: what steps that fly by
// look like where a processor draws, in a small part of the time that ribbons take.

import { scaleOf, towardsEye } from "./picking.js";

const BROKEN = 7;
const WIDE = { c: 1.1, h: 2.4, s: 2.4 };
const THIN = 0.7;
const FAINT = 0.55;
const OUTLINE = 1.5;
const HAZE = 0.45;

// For each CA atom the neighbours it is joined to, itself at an end: a chain may be loose, but not broken.
export function joints(alphas) {
  const joined = (a, b) =>
    b !== undefined && a.chain === b.chain && Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z) < BROKEN;
  return alphas.map((atom, i) => [
    joined(atom, alphas[i - 1]) ? i - 1 : i,
    joined(atom, alphas[i + 1]) ? i + 1 : i,
  ]);
}

// A colour (0xrrggbb) that fades into the paper (three numbers) by a share of 0 to 1.
export function hazed(color, paper, share) {
  const channel = (at, c) => Math.round((1 - share) * ((color >> at) & 255) + share * paper[c]);
  return `rgb(${channel(16, 0)},${channel(8, 1)},${channel(0, 2)})`;
}

export class ChainTrace {
  constructor(stage) {
    this.stage = stage;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "esm-trace";
    this.canvas.hidden = true;
    stage.firstElementChild.after(this.canvas);
  }

  // ``chains`` are {alphas, color(atom), thin}, ``marked`` an atom to point at; ``paper`` is the background.
  show(viewer, chains, marked, paper) {
    this.drawing = { viewer, chains, marked, paper };
    this.canvas.hidden = false;
    viewer.show = () => this.draw();
    this.draw();
  }

  hide() {
    if (this.canvas.hidden) return;
    delete this.drawing.viewer.show;
    this.canvas.hidden = true;
  }

  draw() {
    const { viewer, chains, marked, paper } = this.drawing;
    const pen = this.blank(paper);
    viewer.scene.updateMatrixWorld();
    const eye = towardsEye(viewer.getView().slice(4));
    const depth = (atom) => eye[0] * atom.x + eye[1] * atom.y + eye[2] * atom.z;
    const place = this.placing(viewer);
    const pieces = chains.flatMap((chain) => piecesOf(chain, place(chain.alphas), chain.alphas.map(depth)));
    pieces.sort((a, b) => a.depth - b.depth);
    const [far, near] = [pieces[0]?.depth, pieces.at(-1)?.depth];
    for (const piece of pieces) {
      const away = HAZE * (1 - (piece.depth - far) / Math.max(1, near - far));
      const share = piece.thin ? 1 - (1 - away) * (1 - FAINT) : away;
      pen.beginPath();
      pen.moveTo(...piece.from);
      pen.quadraticCurveTo(...piece.over, ...piece.to);
      if (!piece.thin) stroke(pen, hazed(0, paper, 1), piece.wide + 2 * OUTLINE, "butt");
      stroke(pen, hazed(piece.color, paper, share), piece.wide, "round");
    }
    if (marked) ring(pen, place([marked])[0], hazed(0xffffff, paper.map((one) => 255 - one), 0.6));
  }

  blank(paper) {
    const { clientWidth, clientHeight } = this.stage;
    const fine = globalThis.devicePixelRatio ?? 1;
    const [wide, high] = [Math.round(clientWidth * fine), Math.round(clientHeight * fine)];
    if (this.canvas.width !== wide || this.canvas.height !== high) Object.assign(this.canvas, { width: wide, height: high });
    const pen = this.canvas.getContext("2d");
    pen.setTransform(fine, 0, 0, fine, 0, 0);
    pen.fillStyle = hazed(0, paper, 1);
    pen.fillRect(0, 0, clientWidth, clientHeight);
    return pen;
  }

  // Places on this canvas, of atoms.
  placing(viewer) {
    const corner = viewer.canvasOffset();
    return (atoms) => viewer.modelToScreen(atoms).map(({ x, y }) => [x - corner.left, y - corner.top]);
  }
}

function piecesOf({ alphas, color, thin }, spots, depths) {
  const scale = scaleOf(spots.map(([x, y]) => ({ x, y })), alphas, depths);
  const middle = (i, j) => [(spots[i][0] + spots[j][0]) / 2, (spots[i][1] + spots[j][1]) / 2];
  return joints(alphas).map(([before, after], i) => ({
    from: middle(before, i), over: spots[i], to: middle(i, after), depth: depths[i],
    wide: Math.max(thin ? 1 : 2, scale * (thin ? THIN : (WIDE[alphas[i].ss] ?? WIDE.c))), color: color(alphas[i]), thin,
  }));
}

function stroke(pen, color, wide, cap = "butt") {
  pen.lineCap = cap;
  pen.strokeStyle = color;
  pen.lineWidth = wide;
  pen.stroke();
}

function ring(pen, [x, y], color) {
  pen.beginPath();
  pen.arc(x, y, 9, 0, 2 * Math.PI);
  stroke(pen, color, 2);
}
