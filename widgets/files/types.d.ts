// What the header's model holds and says.

import type { Hello, LiveTraits, Model } from "../browser/types";

export interface HeaderTraits extends LiveTraits {
  name: string;
  about: string;
  /** Names of the chains, where there are several, with how many residues each has. */
  chains: [name: string, residues: number][];
  /** Numbers of the models of the file, where it has several, and of the one that is open. */
  models: number[];
  conformer: number;
  notes: string[];
  model: string;
  selection: string;
  unreadable: string;
  refusals: number;
  undo: string;
  redo: boolean;
  snapshot: string;
  live: boolean;
  nearby: string[];
  /** Å within which a residue is near another. */
  near: number;
  /** Residues that a model takes at most. */
  most_residues: number;
  accepts: string[];
  earlier: string;
  asks: boolean;
  proposed: string;
  drafts: Record<string, string>;
}

export type FileAct = "open" | "save" | "share";

export type HeaderMessage =
  | Hello
  | { type: "undo" | "redo" | "bring" | "leave" | "keep" | "accept" | "reject" }
  | { type: "select"; text: string }
  | { type: "open"; name: string; chain?: string; conformer?: string; control?: boolean }
  | { type: "conformer"; number: number }
  | { type: "save" | "share"; name: string };

/** What came of an act. */
export interface Done {
  type: "done";
  act: FileAct | "bring";
  text: string;
  wrong: boolean;
}

export type HeaderModel = Model<HeaderTraits, HeaderMessage, Done>;
