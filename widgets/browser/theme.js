// Colours for canvases, read from the style sheet's variables and read again when the theme changes.

/** @import { Theme } from "./types" */

const NAMES = /** @type {const} */ ([
  "bg",
  "panel",
  "fg",
  "muted",
  "line",
  "given",
  "structure",
  "sampled",
  "hatch",
  "accent",
  "select",
  "exposed",
  "warn",
  "template",
  "compared",
  "against",
]);

/** @param {Element} el @returns {Theme} */
export function readTheme(el) {
  const style = getComputedStyle(el);
  const colors = NAMES.map((name) => [name, style.getPropertyValue(`--b-${name}`).trim() || "#888"]);
  return { ...Object.fromEntries(colors), dark: isDark(style.getPropertyValue("--b-bg").trim()) };
}

// Whether a CSS colour (#rgb, #rrggbb, rgb(), or a word) is dark.
/** @param {string} color */
export function isDark(color) {
  const [r, g, b] = channels(color);
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
}

/** @param {string} color */
function channels(color) {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color);
  if (hex) {
    const text = hex[1].length === 3 ? [...hex[1]].map((c) => c + c).join("") : hex[1];
    return [0, 2, 4].map((at) => parseInt(text.slice(at, at + 2), 16));
  }
  const numbers = color.match(/[\d.]+/g);
  if (color.startsWith("rgb") && numbers) return numbers.slice(0, 3).map(Number);
  return color === "black" ? [0, 0, 0] : [255, 255, 255];
}

/**
 * The colour a share of the way from one colour to another.
 * @param {string} from @param {string} to @param {number} share
 */
export function mixed(from, to, share) {
  const end = channels(to);
  return `rgb(${channels(from)
    .map((value, i) => Math.round(value + (end[i] - value) * share))
    .join(" ")})`;
}

/** @param {() => void} listener @param {AbortSignal} signal */
export function onThemeChange(listener, signal) {
  const observer = new MutationObserver(() => requestAnimationFrame(listener));
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ["data-jp-theme-name", "data-jp-theme-light", "class"],
  });
  signal.addEventListener("abort", () => observer.disconnect());
}
