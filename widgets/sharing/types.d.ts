// What a page's pack holds.

/** Number of a value in the pack. */
export type Kept = number;

/** Values that a view shows, by trait. */
export type Picture = Record<string, Kept>;

export interface Recording {
  first: Record<string, Picture>;
  others: Record<string, Record<string, Picture>>;
  colorings: Record<string, Record<string, Picture>>;
  plots: Record<string, Record<string, Record<string, Kept>>>;
}

/** Parts of a plotly figure. */
export interface Nested {
  [name: string]: string | Nested;
}

export interface Main {
  bus: string;
  start: string;
  views: Record<string, Kept | null>;
  recording: Recording;
  /** Traits that a person sets on the page: no picture changes them. */
  kept: string[];
  /** A range of selected residues in the plot, but for its place and colour. */
  band: object;
  plotly: Kept;
  /** What of the plot follows the light theme, and the dark one. */
  themes: { layout: Nested; traces: Record<string, Nested> }[];
  record?: { name: string; data: Kept; size: number };
}

export interface Pack {
  main: Main;
  // biome-ignore lint/suspicious/noExplicitAny: values are whatever the page put there
  value(number: Kept): any;
}

/** How a value that is not JSON lies in the bytes. */
export type Entry = [kind: string, at: number, length: number, ...shape: number[]];

/** A message of any view to the page. */
export type Asked =
  | { type: "show"; index: number }
  | { type: "show"; name: string }
  | { type: "select"; text: string }
  | { type: "select"; ranges: import("../browser/types").Range[]; id?: string }
  | { type: "paint"; id: number }
  | { type: "mode"; mode: string }
  | { type: "tab"; tab: string }
  | { type: "template" | "ligands" | "sidechains" | "bonds"; on: boolean }
  | { type: "surface"; opacity: number }
  | { type: "hidden"; chains: string[] }
  | { type: "plotly" }
  | { type: "other" };
