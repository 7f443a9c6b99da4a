// What the designs table holds and says.

import type { Hello, LiveTraits, Model } from "../browser/types";

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
