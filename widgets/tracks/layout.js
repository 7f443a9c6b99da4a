// Where the rows of the track editor lie: y in CSS pixels from the top of the canvas. The annotation
// rows grow with the number of lanes that overlapping annotations need.

export const GUTTER = 76;
export const OVERVIEW = { y: 3, h: 10 };
export const RULER = { y: 16, h: 21 };
export const LABELS = [
  "Sequence", "Structure", "SS8", "SASA", "Function", "Sites", "pLDDT", "Entropy",
];
export const PAINTABLE = 6;
export const ANNOTATED = 4;

const HEIGHTS = [26, 18, 26, 26, 17, 17, 26, 26];
const LANE = 14;
const GAP = 3;

export class TrackLayout {
  // ``lanes`` says how many lanes the function and the residue row need.
  constructor(lanes = [1, 1]) {
    this.lanes = lanes;
    this.rows = [];
    for (const [index, plain] of HEIGHTS.entries()) {
      const last = this.rows.at(-1);
      const above = last ? last.y + last.h + (index === PAINTABLE ? 3 * GAP : GAP) : RULER.y + RULER.h + 4;
      const more = lanes[index - ANNOTATED] ?? 1;
      this.rows.push({ y: above, h: more > 1 ? more * LANE + 2 : plain, label: LABELS[index] });
    }
    this.height = this.rows.at(-1).y + this.rows.at(-1).h + 6;
  }

  // What lies at a height: "overview", "ruler", a row index, or null between them.
  zoneAt(y) {
    if (y < RULER.y) return "overview";
    if (y < RULER.y + RULER.h + 2) return "ruler";
    const row = this.rows.findIndex((one) => y >= one.y - GAP / 2 && y < one.y + one.h + GAP / 2 + 1);
    return row < 0 ? null : row;
  }

  // The paintable row nearest to a height, for drags that leave their row.
  nearestRow(y) {
    let best = 0;
    for (let row = 0; row < PAINTABLE; row++) if (y >= this.rows[row].y - GAP / 2) best = row;
    return best;
  }
}
