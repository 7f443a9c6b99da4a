// Words for progress, as a person reads them.

export function remainingText(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "";
  if (seconds < 1) return "under 1 s left";
  if (seconds < 90) return `${Math.round(seconds)} s left`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min left`;
  return `${(seconds / 3600).toFixed(1)} h left`;
}

export function stepText({ shown, taken, total }) {
  if (!total) return "no run yet";
  if (shown === 0) return `prompt · ${taken}/${total}`;
  return taken === shown ? `step ${shown}/${total}` : `step ${shown} of ${taken}/${total}`;
}

// Which buttons answer in a phase.
export function allowed({ phase, shown, taken }) {
  const active = phase === "running" || phase === "loading" || phase === "pausing";
  return {
    run: !active,
    step: !active,
    pause: phase === "running" || phase === "loading",
    stop: active || phase === "paused",
    rewind: !active && taken > 0,
    branch: !active && shown > 0,
  };
}
