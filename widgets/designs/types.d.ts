// What the designs table holds and says.

import type { Hello, LiveTraits, Model, Range, Theme } from "../browser/types";

/** What stands over a column, its tooltip, how values are written and which are better (null: none). */
export type Column = {
  key: string;
  title: string;
  help: string;
  kind: "text" | "number" | "sequence" | "stars" | "note";
  digits: number;
  better: boolean | null;
  /** Whether it goes first where room is short. */
  minor: boolean;
};

export type Value = string | number | null | undefined;

export type Row = Record<string, Value> & { design: string };

export interface TableTraits extends LiveTraits {
  columns: Column[];
  formats: [key: string, title: string][];
  rows: Row[];
  discarded: number;
  shown: string;
  compared: string;
  chosen: string[];
  live: boolean;
  controls: string[];
  most_stars: number;
  most_letters: number;
  aligning: boolean;
  alignment: Partial<Alignment>;
  /** Keys of the columns that a person chose; none: as many as there is room for. */
  visible: string[];
  selection: Range[];
  /** Whether rows can be ticked. */
  choosing: boolean;
  /** What is sorted by at first, and which way. */
  best: string;
  upwards: boolean;
}

export type TableMessage =
  | Hello
  | { type: "show"; name: string }
  | { type: "compare"; name: string }
  | { type: "prompt"; name: string }
  | { type: "choose"; names: string[] }
  | { type: "columns"; keys: string[] }
  | { type: "discard"; names: string[] }
  | { type: "bring_back" | "control" | "plotly" }
  | { type: "align"; on: boolean }
  | ({ type: "remark" } & RemarkChange)
  | { type: "select"; ranges: Range[] }
  | { type: "export"; names: string[]; format: string };

/** Designs under their template; its ``positions`` are -1 in columns that it has not. */
export interface Alignment {
  names: string[];
  rows: string[];
  labels: string[];
  positions: number[];
}

/** Stars or a note for a design. */
export type RemarkChange = { name: string; stars?: number; note?: string };

/** What stars and notes ask of the table they stand in. */
export interface RemarkHost {
  /** How many stars a design may have, and letters a note. */
  most: { stars: number; letters: number };
  remark(change: RemarkChange): void;
  /** Draws the table anew and goes to the field or button of this key. */
  draw(key: string): void;
}

/** What the choice of columns asks of the table it is for. */
export interface ColumnHost {
  choose(keys: string[]): void;
}

/** What the alignment asks of the table beside it. */
export interface AlignmentHost {
  alignment(): Partial<Alignment>;
  /** Names of the designs ticked, or of all that are listed. */
  wanted(): string[];
  /** Names of proteins to compare with, which no logo counts. */
  controls(): Set<string>;
  /** Residues of the template that are selected. */
  selection(): Range[];
  select(ranges: Range[]): void;
}

/** A design in a scatter; its colour and size are NaN where they are not known or not chosen. */
export interface Plotted {
  row: Row;
  name: string;
  x: number;
  y: number;
  color: number;
  size: number;
}

/** All that a picture of a scatter shows. */
export interface ScatterPicture {
  points: Plotted[];
  front: string[];
  controls: Set<string>;
  ticked: Set<string>;
  shown: string;
  /** Of the axes and the colours; no colour is chosen where it is empty. */
  titles: { x: string; y: string; color: string };
  theme: Theme;
  webgl: boolean;
  wide: number;
  high: number;
  /** How many pictures there were: the lasso of an earlier one is gone. */
  turn: number;
}

/** What the scatter asks of the table beside it. */
export interface ScatterHost {
  columns(): Column[];
  rows(): Row[];
  shown(): string;
  controls(): Set<string>;
  ticked(name: string): boolean;
  tick(names: string[]): void;
  toggle(name: string): void;
  show(name: string): void;
  /** Asks for plotly's script; the scatter is drawn once it is here. */
  needPlotly(): void;
}

export type TableAnswer = { type: "file"; name: string } | { type: "plotly" };

export type TableModel = Model<TableTraits, TableMessage, TableAnswer>;
