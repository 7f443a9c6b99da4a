// What the views of what-if hold and say.

import type { Hello, Hover, LiveTraits, Model, PointingTraits, Range, Theme } from "../browser/types";

/** Whether a reading is of an earlier prompt, and whether what is on view has the same residues. */
export interface Placed {
  stale: boolean;
  fits: boolean;
}

export interface Mutations extends Placed {
  labels: string[];
  letters: string;
  method: string;
}

export interface Along extends Placed {
  reason: string;
  labels: string[];
  nats: number[];
}

export interface Why extends Partial<Placed> {
  reasons: string[];
  labels?: string[];
  letters?: string;
  /** Of each reason, the nats it gives to each residue's letter. */
  drops?: [reason: string, nats: number[]][];
  along?: Along;
}

export interface Pairs extends Partial<Placed> {
  labels: string[];
  known: boolean;
  /** Steps of an ångström that distances are sent in, and the step that stands for no distance. */
  quarters: number;
  unknown: number;
}

export interface Ramachandran {
  labels: string[];
  letters: string;
  /** Positions of the outliers. */
  outliers: number[];
}

export interface Answering {
  kind?: string;
  done?: number;
  rows?: number;
}

export interface WhatIfTraits extends LiveTraits, PointingTraits {
  tab: string;
  live: boolean;
  letters: string;
  methods: string[];
  answering: Answering;
  mutations: Partial<Mutations>;
  odds: DataView | null;
  entropy: DataView | null;
  why: Why;
  pairs: Partial<Pairs>;
  couplings: DataView | null;
  template_distances: DataView | null;
  distances: DataView | null;
  ramachandran: Partial<Ramachandran>;
  torsions: DataView | null;
  /** Least and greatest phi, least and greatest psi, of what is allowed. */
  regions: [number, number, number, number][];
  selection: Range[];
  bus: string;
}

export type WhatIfMessage =
  | Hello
  | Hover
  | { type: "ask"; kind: string; method?: string; reason?: string }
  | { type: "stop" }
  | { type: "paint"; position: number; letter: string }
  | { type: "select"; ranges: Range[] }
  | { type: "table" };

export type WhatIfAnswer = { type: "file"; name: string };

export type WhatIfModel = Model<WhatIfTraits, WhatIfMessage, WhatIfAnswer>;

/** What a panel may ask of the view it is in. */
export interface Host {
  model: WhatIfModel;
  signal: AbortSignal;
  theme: Theme;
  hovered: number;
  selection: Range[];
  hover(position: number): void;
  select(ranges: Range[]): void;
  say(text: string): void;
}

/** One picture of the view. */
export interface Panel {
  el: HTMLElement;
  /** Whether the model is asked for it. */
  asks: boolean;
  /** Whether what it shows is of an earlier prompt. */
  stale: boolean;
  draw(): void;
  /** What it is about, in words. */
  words(): string;
}
