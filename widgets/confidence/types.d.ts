// What the line over the confidence figure holds and says.

import type { Hello, LiveTraits, Model } from "../browser/types";

export interface TabTraits extends LiveTraits {
  tabs: [name: string, title: string][];
  tab: string;
  headline: string;
  empty: boolean;
  plot_id: string;
}

export type TabMessage = Hello | { type: "ready" | "fill" } | { type: "tab"; tab: string };

export type TabModel = Model<TabTraits, TabMessage>;
