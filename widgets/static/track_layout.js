// Where the rows of the track editor lie: y in CSS pixels from the top of the canvas.

export const GUTTER = 84;
export const OVERVIEW = { y: 3, h: 10 };
export const RULER = { y: 16, h: 21 };

const HEIGHTS = [26, 18, 26, 26, 17, 17, 26, 26];
export const LABELS = [
  "Sequence", "Structure", "SS8", "SASA", "Function", "Sites", "pLDDT", "Entropy",
];
export const PAINTABLE = 6;
const GAP = 3;

export const ROWS = HEIGHTS.reduce((rows, h, index) => {
  const last = rows.at(-1);
  const above = last ? last.y + last.h + (index === PAINTABLE ? 3 * GAP : GAP) : RULER.y + RULER.h + 4;
  return [...rows, { y: above, h, label: LABELS[index] }];
}, []);

export const HEIGHT = ROWS.at(-1).y + ROWS.at(-1).h + 6;

// What lies at a height: "overview", "ruler", a row index, or null between them.
export function zoneAt(y) {
  if (y < RULER.y) return "overview";
  if (y < RULER.y + RULER.h + 2) return "ruler";
  const row = ROWS.findIndex((one) => y >= one.y - GAP / 2 && y < one.y + one.h + GAP / 2 + 1);
  return row < 0 ? null : row;
}

// The paintable row nearest to a height, for drags that leave their row.
export function nearestRow(y) {
  let best = 0;
  for (let row = 0; row < PAINTABLE; row++) if (y >= ROWS[row].y - GAP / 2) best = row;
  return best;
}
