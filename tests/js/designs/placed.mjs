// The designs table on a page, with these traits and for the rest those of a bench that has just begun.

import { place } from "../dom.mjs";
import { load } from "../load.mjs";

const table = (await load("designs/table.js")).default;

export const placed = (traits) =>
  place(table, {
    formats: [],
    discarded: 0,
    shown: "",
    compared: "",
    chosen: [],
    live: true,
    choosing: traits.live ?? true,
    best: "",
    visible: [],
    controls: [],
    most_stars: 3,
    most_letters: 500,
    aligning: false,
    alignment: {},
    selection: [],
    upwards: true,
    ...traits,
  });
