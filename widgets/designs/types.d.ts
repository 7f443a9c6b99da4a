// What the designs table holds and says.

import type { Hello, LiveTraits, Model } from "../browser/types";

/** Key of a row's value, its heading and how it is written. */
export type Column = [key: string, title: string, form: string];

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
}

export type TableMessage =
  | Hello
  | { type: "show"; name: string }
  | { type: "compare"; name: string }
  | { type: "prompt"; name: string }
  | { type: "choose"; names: string[] }
  | { type: "discard"; names: string[] }
  | { type: "bring_back" }
  | { type: "export"; names: string[]; format: string };

export type TableAnswer = { type: "file"; name: string };

export type TableModel = Model<TableTraits, TableMessage, TableAnswer>;
