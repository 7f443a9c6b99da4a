// What the line over the confidence figure holds and says.

import type { Hello, Hover, LiveTraits, Model, Range } from "../browser/types";

export interface TabTraits extends LiveTraits {
  bus: string;
  tabs: [name: string, title: string][];
  tab: string;
  headline: string;
  empty: boolean;
  plot_id: string;
}

export type TabMessage =
  | Hello
  | Hover
  | { type: "ready" | "fill" }
  | { type: "tab"; tab: string }
  | { type: "select"; ranges: Range[] };

export type TabModel = Model<TabTraits, TabMessage>;
