// Sets of residues as sorted, half-open ranges [[start, stop], ...].

export function toRanges(positions) {
  const ranges = [];
  for (const i of [...new Set(positions)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last[1] === i) last[1] = i + 1;
    else ranges.push([i, i + 1]);
  }
  return ranges;
}

export function toPositions(ranges) {
  const positions = [];
  for (const [start, stop] of ranges) for (let i = start; i < stop; i++) positions.push(i);
  return positions;
}

export function contains(ranges, position) {
  return ranges.some(([start, stop]) => start <= position && position < stop);
}

export function count(ranges) {
  return ranges.reduce((sum, [start, stop]) => sum + stop - start, 0);
}

export function between(a, b) {
  return [Math.min(a, b), Math.max(a, b) + 1];
}

// The residues of a protein of this length that are in none of the ranges.
export function others(ranges, length) {
  const stops = [0, ...ranges.map(([, stop]) => stop)];
  const starts = [...ranges.map(([start]) => start), length];
  return stops.map((stop, i) => [stop, starts[i]]).filter(([start, stop]) => start < stop);
}
