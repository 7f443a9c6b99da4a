// What the run panel's model holds and says.

import type { Hello, LiveTraits, Model } from "../browser/types";

export type Phase = "idle" | "loading" | "running" | "pausing" | "paused" | "stopped" | "done" | "error";

export interface RunState {
  phase: Phase;
  shown: number;
  taken: number;
  total: number;
  remaining: number | null;
  design: string;
  /** Whether Run goes on with the run at hand. */
  goes_on: boolean;
}

/** A pass: the track it fills, and how many residues. */
export type Pass = [track: string, residues: number];

export interface Bar {
  track: string;
  count: number;
  first: number;
  last: number;
}

/** Settings by name, as they are typed. */
export type Settings = Record<string, string | number>;

/** A stage of the recipe; options that are spelt out, as they are written. */
export interface StageShown {
  track: string;
  steps: number;
  options: Record<string, string>;
}

/** An option of a stage, from the engine's one list. */
export interface StageOption {
  name: string;
  title: string;
  about: string;
  group: string;
  kind: "choice" | "whole" | "number" | "text";
  choices: string[];
  least: number | null;
  most: number | null;
  example: string;
  default: string;
}

export interface PanelTraits extends LiveTraits {
  options: {
    presets: [name: string, recipe: string][];
    /** Least and greatest value of whole numbers that no stage has. */
    bounds: Record<"seed" | "designs", [least: number, most: number]>;
    schedules: string[];
    strategies: string[];
    stage: { tracks: [name: string, title: string][]; most_steps: number; options: StageOption[] };
  };
  stages: StageShown[];
  settings: Settings;
  run_state: RunState;
  status: string;
  error: string;
  plan: Pass[];
  estimate: string;
  notes: string[];
  guidance: [name: string, title: string, weight: number][];
  rejected: Settings;
}

export type Act = "run" | "step" | "pause" | "stop" | "rewind" | "branch";

export type PanelMessage =
  | Hello
  | { type: "settings"; changes: Settings }
  | { type: "guide"; name: string; weight: number }
  | { type: "run" | "step" | "pause" | "stop" | "branch" | "dismiss" }
  | { type: "rewind"; index: number }
  | { type: "show"; index: number };

export type PanelModel = Model<PanelTraits, PanelMessage>;
