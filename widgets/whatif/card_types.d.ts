// What the card at a cell holds and says.

import type { Hello, LiveTraits, Model } from "../browser/types";

export interface Bar {
  name: string;
  chance: number;
  given: boolean;
  native: boolean;
  barred: boolean;
  /** What is painted; null where there is no brush for it. */
  value: string | number | null;
}

export interface Card {
  position: number;
  label: string;
  masked: boolean;
  entropy: number;
  bars: Bar[];
}

export interface CardTraits extends LiveTraits {
  rows: number[];
  titles: string[];
  epoch: number;
  on_hover: boolean;
  ready: boolean;
  bus: string;
}

export type CardMessage =
  | Hello
  | { type: "ask"; row: number; position: number; epoch: number }
  | { type: "paint"; row: number; position: number; value: string | number }
  | { type: "hovering"; on: boolean };

export type CardAnswer =
  | { type: "cards"; row: number; epoch: number; cards: Card[] }
  | { type: "failed"; row: number; position: number; text: string };

export type CardModel = Model<CardTraits, CardMessage, CardAnswer>;
