// What the track editor's model holds and says.

import type { Hello, Hover, LiveTraits, Model, PointingTraits, Range, Theme } from "../browser/types";
import type { TrackLayout } from "./layout.js";
import type { Viewport } from "./viewport.js";

export type Op = "mask" | "restore" | "write" | "none" | "annotate" | "allow" | "forbid";

/** One stroke on one residue range; Python's PaintCommand. */
export interface Command {
  op: Op;
  tracks: string[];
  start: number;
  stop: number;
  value?: string | number;
}

export interface Brush {
  key: string;
  /** What people read of it. */
  label?: string;
  color?: string;
  op?: Op;
  row?: number;
  value?: string | number;
}

/** A brush that paints. */
export type PaintBrush = Brush & { op: Op };

export interface Annotation {
  row: number;
  label: string;
  name?: string;
  start: number;
  stop: number;
  sampled: boolean;
}

export interface Limit {
  start: number;
  stop: number;
  label: string;
  letters: string;
}

export interface Chain {
  name: string;
  start: number;
  stop: number;
}

/** The residue axis: the file's numbers, its chains, and what a restored cell would hold. */
export interface Axis {
  length: number;
  numbers: string[];
  chains: Chain[];
  sequence: string;
  ss8: string;
  structure: string;
  sasa: (number | null)[];
  annotations: Annotation[];
  /** Grows when another protein is opened. */
  opening: number;
}

/** A design laid over the template. */
export interface Beside {
  name?: string;
  letters?: string;
}

export interface Cells {
  spec: Spec;
  length: number;
  states: Uint8Array;
  letters: Uint8Array;
  areas: Float32Array;
  annotations: Annotation[];
  limits: Limit[];
  beside: Beside;
}

/** What a result has on a row that its prompt gives: classes, or areas in Å² or distances in Å. */
export interface Achieved {
  row: number;
  label: string;
  letters?: string;
  values?: (number | null)[];
}

export interface Finding {
  severity: "error" | "warning" | "note";
  message: string;
  row: number;
  ranges: Range[];
}

export interface Term {
  label: string;
  name: string;
  kind: string;
  row: number;
}

export interface Ss8Brush {
  value: string;
  title: string;
  color: string;
}

/** What Python and the page both know; spec.py says it. */
export interface Spec {
  rows: { name: string; label: string; alphabet: string; annotated: boolean }[];
  results: string[];
  states: { masked: number; given: number; none: number; sampled: number };
  mask: string;
  standard: string;
  ss8: Ss8Brush[];
  bands: [edge: number, color: string][];
  exposed: number;
  /** Names of the tracks that Mask masks when it leaves residues to the model. */
  masked_together: string[];
  /** Å within which a residue is near another. */
  near: number;
}

/** Residues that the step on view filled. */
export interface Fresh {
  row: number;
  positions: number[];
  step?: number;
}

export interface Cursor {
  row: number;
  position: number;
  anchor: number;
}

/** Whether the prompt or a result is looked at, and which. */
export interface OnView {
  result: boolean;
  title: string;
  origin: string;
  ready: boolean;
  sampled: number;
  live: boolean;
}

/** A change made on a result that waits for an answer; empty where none does. */
export interface Question {
  text?: string;
  choices?: [answer: string, word: string][];
}

/** What holds for all that is sampled; ``wrong`` is why the last change was refused. */
export interface Rules {
  motifs: string[];
  biased: number;
  wrong: string;
}

export interface TrackTraits extends LiveTraits, PointingTraits {
  on_view: OnView;
  question: Question;
  proposed: [row: number, ...positions: number[]][];
  rules: Rules;
  axis: Axis;
  spec: Spec;
  states: DataView | null;
  letters: DataView | null;
  areas: DataView | null;
  results: DataView | null;
  achieved: Achieved[];
  entropy_top: number;
  annotations: Annotation[];
  limits: Limit[];
  beside: Beside;
  findings: Finding[];
  fresh: Partial<Fresh>;
  selection: Range[];
  bus: string;
  seq: number;
  ack: number;
  select_ack: string;
}

/** Edits of the residues meant. */
export type Edit =
  | { type: "insert"; ranges: Range[]; count: number; before?: boolean }
  | { type: "delete"; ranges: Range[] }
  | { type: "duplicate"; ranges: Range[] }
  | { type: "move"; ranges: Range[]; offset: number }
  | { type: "resize"; length: number }
  | { type: "near"; ranges: Range[]; distance: number };

export type TrackMessage =
  | Hello
  | Hover
  | Edit
  | { type: "paint"; id: number; commands: Command[]; instead?: boolean }
  | { type: "search"; id: number; text: string }
  | { type: "code" }
  | { type: "answer"; choice: string }
  | { type: "look"; what: "prompt" | "result" }
  | { type: "free" }
  | { type: "motif"; motif: string; forbidden: boolean }
  | { type: "bias"; ranges: Range[]; text: string; factor: number }
  | { type: "drawn"; seq: number }
  | { type: "select"; ranges: Range[]; id: string }
  | { type: "theme"; dark: boolean };

export interface Found {
  type: "found";
  id: number;
  terms: Term[];
  notes: string[];
}

export type TrackAnswer = Found | { type: "code"; text: string };

export type TrackModel = Model<TrackTraits, TrackMessage, TrackAnswer>;

/** What the menu and the toolbar have done; the view is who does it. */
export interface Acts {
  changed(brush: Brush): void;
  leave(): void;
  act(name: string): void;
  ask(id: number, text: string): void;
  edit(change: Change): void;
  mark(what: "mask" | "keep" | "invert"): void;
  length(): number;
}

/** An edit before it is known which residues are meant. */
export type Change =
  | { type: "insert"; count: number; before?: boolean }
  | { type: "delete" }
  | { type: "duplicate" }
  | { type: "move"; offset: number }
  | { type: "resize"; length: number }
  | { type: "near"; distance: number };

/** What a key over the tracks means. */
type Plain<Name> = Name extends string ? { do: Name } : never;

export type KeyIntent =
  | Plain<"what-if" | "select-all" | "copy" | "duplicate" | "near" | "delete" | "clear" | "apply">
  | { do: "shift"; offset: number }
  | { do: "move"; rows: number; residues: number; extend: boolean }
  | { do: "mask"; back: boolean }
  | { do: "insert"; before: boolean }
  | { do: "search"; text: string }
  | { do: "write"; letter: string };

/** What lies at a height of the canvas: a row, or null between them. */
export type Zone = "overview" | "ruler" | number | null;

export interface Place {
  x: number;
  y: number;
  zone: Zone;
  position: number;
}

/** A drag under way: over the overview, of a selection, or of a brush. */
export type Stroke = { kind: "scroll" } | { kind: "select"; from: number; to: number; before: Range[] } | PaintStroke;

export interface PaintStroke {
  kind: "paint";
  brush: PaintBrush;
  from: number;
  to: number;
  firstRow: number;
  rows: number[];
}

/** All that a drawing of the tracks shows. */
export interface TrackScene {
  theme: Theme;
  hatch: CanvasPattern | string;
  proposed: [row: number, ...positions: number[]][];
  layout: TrackLayout;
  viewport: Viewport;
  width: number;
  axis: Axis;
  cells: Cells;
  results: Float32Array;
  achieved: Achieved[];
  entropyTop: number;
  selection: Range[];
  hovered: number;
  cursor: Cursor;
  focused: boolean;
  stroke: PaintStroke | null;
  fresh: Fresh;
}

export type Pen = CanvasRenderingContext2D;
