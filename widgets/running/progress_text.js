// Words for progress, as a person reads them.

/** @import { Bar, Pass, RunState } from "./types" */

/** @param {number | null | undefined} seconds */
export function remainingText(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "";
  if (seconds < 1) return "under 1 s left";
  if (seconds < 90) return `${Math.round(seconds)} s left`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min left`;
  return `${(seconds / 3600).toFixed(1)} h left`;
}

/** @param {Pick<RunState, "shown" | "taken" | "total" | "design">} run */
export function stepText({ shown, taken, total, design }) {
  if (design && total) return shown === 0 ? `${design} · prompt` : `${design} · step ${shown}/${total}`;
  if (!total) return design ? `${design} · no steps kept` : "no run yet";
  if (shown === 0) return `prompt · ${taken}/${total}`;
  return taken === shown ? `step ${shown}/${total}` : `step ${shown} of ${taken}/${total}`;
}

// Why a button does not answer in a phase; empty where it does.
/** @param {Pick<RunState, "phase" | "shown" | "taken" | "design">} run */
export function barred({ phase, shown, taken, design }) {
  const active = phase === "running" || phase === "loading" || phase === "pausing";
  const busy = active ? "a run is going on; pause or stop it first" : "";
  const untouched = taken ? "" : "no step was taken yet; Run or Step takes the first";
  return {
    run: active ? "a run is going on already" : "",
    step: busy,
    pause: phase === "pausing" ? "the step in hand ends first" : active ? "" : "no run is going on",
    stop: active || phase === "paused" ? "" : "no run is going on",
    rewind: busy || (design ? "a finished design is on view; Branch goes on from it" : untouched),
    branch:
      phase === "loading"
        ? "the model is being loaded"
        : shown > 0 || design
          ? ""
          : untouched || "the prompt is on view; choose a step with the slider",
    scrub: untouched,
  };
}

// Passes [[track, residues], ...] as at most ``most`` bars; neighbours of one track share a bar.
/** @param {Pass[]} plan @param {number} most */
export function barsOf(plan, most) {
  const share = Math.ceil(plan.length / most);
  /** @type {Bar[]} */
  const bars = [];
  plan.forEach(([track, count], index) => {
    const last = bars.at(-1);
    if (last && last.track === track && last.last - last.first + 1 < share) {
      last.count = (last.count * (last.last - last.first + 1) + count) / (last.last - last.first + 2);
      last.last = index + 1;
    } else bars.push({ track, count, first: index + 1, last: index + 1 });
  });
  return bars;
}

// The plan in words: "8 steps of structure, 8 steps of sequence".
/** @param {Pass[]} plan */
export function planText(plan) {
  /** @type {{track: string, steps: number}[]} */
  const parts = [];
  for (const [track] of plan) {
    const last = parts.at(-1);
    if (last?.track === track) last.steps += 1;
    else parts.push({ track, steps: 1 });
  }
  return (
    parts.map(({ track, steps }) => `${steps} ${steps === 1 ? "step" : "steps"} of ${track}`).join(", ") ||
    "nothing to fill"
  );
}
