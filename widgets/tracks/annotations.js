// Annotations of the function and residue rows: {row, label, name, start, stop}, half-open. Those that
// overlap lie in lanes of their own.

export const MOST_LANES = 4;

// Lane of each annotation of a row, in the order given, and how many lanes there are (at least 1).
export function lanesOf(annotations, row) {
  const ends = [];
  const lane = new Map();
  const mine = annotations.filter((one) => one.row === row);
  const ordered = [...mine].sort((a, b) => a.start - b.start || b.stop - a.stop);
  for (const one of ordered) {
    let at = ends.findIndex((end) => end <= one.start);
    if (at < 0) at = Math.min(ends.length, MOST_LANES - 1);
    ends[at] = Math.max(ends[at] ?? 0, one.stop);
    lane.set(one, at);
  }
  return { lane, lanes: Math.max(1, ends.length) };
}

// Ranged things without what lies in [start, stop): cut in two where needed.
export function cutOut(ranged, start, stop) {
  return ranged.flatMap((one) => {
    if (one.stop <= start || one.start >= stop) return [one];
    const left = { ...one, stop: start };
    const right = { ...one, start: stop };
    return [left, right].filter((piece) => piece.start < piece.stop);
  });
}

// Labels on one residue of a row.
export function labelsAt(annotations, row, position) {
  return annotations
    .filter((one) => one.row === row && one.start <= position && position < one.stop)
    .map((one) => one.name ?? one.label);
}
