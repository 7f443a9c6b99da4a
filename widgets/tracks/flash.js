// Residues that a step has just filled, marked for a moment.

/** @import { Fresh, TrackModel } from "./types" */

const FLASH_MS = 800;
/** @type {Fresh} */
const NOTHING = { row: 0, positions: [] };

export class Flash {
  now = NOTHING;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  fading = undefined;

  /** @param {TrackModel} model @param {() => void} redraw @param {AbortSignal} signal */
  constructor(model, redraw, signal) {
    const start = () => {
      const { row = 0, positions } = model.get("fresh");
      if (!positions) return;
      this.now = { row, positions };
      clearTimeout(this.fading);
      this.fading = setTimeout(() => {
        this.now = NOTHING;
        redraw();
      }, FLASH_MS);
    };
    model.on("change:fresh", start, { signal });
  }
}
