// A scatter of designs as a plotly figure: the points, rings around those that matter, the Pareto front.

import { clamp } from "../browser/numbers.js";
import { plain } from "../browser/plotly.js";

/** @import { Plotted, ScatterPicture } from "./types" */

/** Points from which on WebGL draws them, where the browser has it. */
const MANY_FOR_SVG = 1000;
/** Points from which on they get smaller, and how much at most. */
const MANY = 600;
const SMALLEST = 0.45;
/** Across a point in pixels, the smallest and the largest, and where between them those without a size are. */
const SIZES = [6, 16];
const PLAIN = 0.3;
/** How much wider than its point a ring is. */
const RING = 3;
const FAR_RING = 8;

/**
 * Traces and layout. Points have their design's name as ``customdata``; rings and the front have none.
 * @param {ScatterPicture} picture
 */
export function figureOf(picture) {
  const { controls, theme } = picture;
  const type = picture.points.length > MANY_FOR_SVG && picture.webgl ? "scattergl" : "scatter";
  const points = withWidths(picture.points);
  const by = new Map(points.map((point) => [point.name, point]));
  /** @param {Wide} point */
  const known = ({ color }) => Number.isFinite(color);
  const data = [false, true].flatMap((control) => {
    const some = points.filter(({ name }) => controls.has(name) === control);
    return [
      marks(some.filter(known), true, picture),
      marks(
        some.filter((point) => !known(point)),
        false,
        picture,
      ),
    ];
  });
  const front = rings(
    picture.front.flatMap((name) => by.get(name) ?? []),
    controls,
    theme.accent,
    1.2,
    RING,
  );
  const ticked = points.filter(({ name }) => picture.ticked.has(name));
  const shown = points.filter(({ name }) => name === picture.shown);
  const traces = [
    { ...front, mode: "lines+markers", line: { color: theme.accent, dash: "dash", width: 1 } },
    ...data,
    rings(ticked, controls, theme.select, 2.5, RING),
    rings(shown, controls, theme.accent, 2.5, FAR_RING),
  ];
  return { data: traces.filter(({ x }) => x.length).map((trace) => ({ ...trace, type })), layout: layoutOf(picture) };
}

/** @param {Plotted[]} points */
function withWidths(points) {
  const sizes = points.map(({ size }) => size).filter(Number.isFinite);
  const low = sizes.reduce((a, b) => Math.min(a, b), Infinity);
  const high = sizes.reduce((a, b) => Math.max(a, b), -Infinity);
  const crowd = clamp(Math.sqrt(MANY / points.length), SMALLEST, 1);
  return points.map((point) => {
    const share = Number.isFinite(point.size) && high > low ? (point.size - low) / (high - low) : PLAIN;
    return { ...point, width: crowd * (SIZES[0] + share * (SIZES[1] - SIZES[0])) };
  });
}

/** @typedef {Plotted & { width: number }} Wide */

/**
 * @param {Wide[]} points @param {boolean} colored @param {ScatterPicture} picture
 */
function marks(points, colored, { controls, theme, titles }) {
  const plainColor = titles.color ? theme.line : theme.given;
  const color = colored ? { color: points.map((point) => point.color), coloraxis: "coloraxis" } : { color: plainColor };
  return {
    ...placed(points),
    customdata: points.map(({ name }) => name),
    text: points.map(({ name }) => plain(name)),
    hoverinfo: "text",
    marker: {
      ...color,
      size: points.map(({ width }) => width),
      symbol: points.some(({ name }) => controls.has(name)) ? "diamond" : "circle",
      // The darkest and the lightest of the scale are near the page's own colour in one theme each.
      line: { color: theme.muted, width: titles.color ? 0.6 : 0 },
      opacity: 1,
    },
    unselected: { marker: { opacity: 0.4 } },
  };
}

/**
 * @param {Wide[]} points @param {Set<string>} controls @param {string} color @param {number} wide
 * @param {number} more
 */
function rings(points, controls, color, wide, more) {
  return {
    ...placed(points),
    hoverinfo: "skip",
    marker: {
      color,
      size: points.map(({ width }) => width + more),
      symbol: points.map(({ name }) => (controls.has(name) ? "diamond-open" : "circle-open")),
      line: { color, width: wide },
    },
    unselected: { marker: { opacity: 1 } },
  };
}

/** @param {Wide[]} points */
const placed = (points) => ({ mode: "markers", x: points.map(({ x }) => x), y: points.map(({ y }) => y) });

/** @param {ScatterPicture} picture */
function layoutOf({ theme, titles, wide, high, turn }) {
  /** @param {string} title */
  const axis = (title) => ({
    title: { text: plain(title), standoff: 6 },
    gridcolor: theme.line,
    linecolor: theme.line,
    zeroline: false,
    automargin: true,
  });
  return {
    width: wide,
    height: high,
    margin: { l: 64, r: 16, t: 10, b: 46 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: "system-ui, sans-serif", size: 11, color: theme.fg },
    xaxis: axis(titles.x),
    yaxis: axis(titles.y),
    coloraxis: {
      colorscale: "Cividis",
      showscale: Boolean(titles.color),
      colorbar: { title: { text: plain(titles.color), side: "right" }, thickness: 10, outlinewidth: 0 },
    },
    showlegend: false,
    hovermode: "closest",
    hoverlabel: { bgcolor: theme.panel, bordercolor: theme.line, font: { color: theme.fg } },
    dragmode: "lasso",
    newselection: { line: { color: theme.select, width: 1.5, dash: "solid" } },
    // A zoom stays as long as the axes do; a lasso is gone once it has ticked.
    uirevision: `${titles.x} / ${titles.y}`,
    selectionrevision: turn,
    selections: [],
  };
}
