// A canvas made ready to draw on, in CSS pixels.

const WIDEST = 32000;

/**
 * The pen of a canvas of this size, wiped; a wide one is drawn as finely as a browser can hold it.
 * @param {HTMLCanvasElement} canvas @param {number} wide @param {number} high
 */
export function penOn(canvas, wide, high) {
  const ratio = Math.min(globalThis.devicePixelRatio || 1, WIDEST / wide);
  Object.assign(canvas, { width: Math.round(wide * ratio), height: Math.round(high * ratio) });
  Object.assign(canvas.style, { width: `${wide}px`, height: `${high}px` });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, wide, high);
  return pen;
}
