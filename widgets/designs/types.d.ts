// What the designs table holds and says.

import type { Hello, LiveTraits, Model, Range } from "../browser/types";

/** What stands over a column, its tooltip, how values are written and which are better (null: none). */
export type Column = {
  key: string;
  title: string;
  help: string;
  kind: "text" | "number" | "sequence";
  digits: number;
  better: boolean | null;
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
  alignment: Partial<Alignment>;
  bus: string;
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
  | { type: "discard"; names: string[] }
  | { type: "bring_back" }
  | { type: "select"; ranges: Range[] }
  | { type: "export"; names: string[]; format: string };

/** Designs under their template; its ``positions`` are -1 in columns that it has not. */
export interface Alignment {
  names: string[];
  rows: string[];
  labels: string[];
  positions: number[];
}

/** What the alignment asks of the table beside it. */
export interface AlignmentHost {
  alignment(): Partial<Alignment>;
  /** Names of the designs ticked, or of all that are listed. */
  wanted(): string[];
  select(ranges: Range[]): void;
}

/** What the scatter asks of the table beside it. */
export interface ScatterHost {
  columns(): Column[];
  rows(): Row[];
  shown(): string;
  ticked(name: string): boolean;
  tick(names: string[]): void;
  toggle(name: string): void;
  show(name: string): void;
  written(row: Row, column: Column): string;
}

export type TableAnswer = { type: "file"; name: string };

export type TableModel = Model<TableTraits, TableMessage, TableAnswer>;
