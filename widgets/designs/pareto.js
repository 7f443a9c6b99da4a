// Which designs no other one beats in both of two metrics, and which points lie in a drawn shape.

/** @typedef {{ name: string, x: number, y: number }} Point */

/**
 * Names of the points that no other is at least as good as in both and better in one, from the best in x
 * on; nothing where it is not known which way is better.
 * @param {Point[]} points @param {boolean | null} betterX @param {boolean | null} betterY
 */
export function paretoFront(points, betterX, betterY) {
  if (betterX === null || betterY === null) return [];
  const way = (/** @type {boolean} */ better) => (better ? 1 : -1);
  const [a, b] = [way(betterX), way(betterY)];
  const ordered = [...points].sort((one, other) => a * (other.x - one.x) || b * (other.y - one.y));
  const front = [];
  let best = -Infinity;
  let last = NaN;
  for (const { name, x, y } of ordered) {
    const twin = x === last && b * y === best;
    if (b * y > best || twin) front.push(name);
    if (b * y > best) [best, last] = [b * y, x];
  }
  return front;
}

/**
 * Whether a point lies in a polygon.
 * @param {[number, number][]} shape @param {number} x @param {number} y
 */
export function inside(shape, x, y) {
  let within = false;
  for (let i = 0, j = shape.length - 1; i < shape.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [shape[i], shape[j]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
  }
  return within;
}

/**
 * Round numbers from ``low`` to ``high``, about ``count`` of them.
 * @param {number} low @param {number} high
 */
export function ticks(low, high, count = 5) {
  const rough = (high - low) / count;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((one) => one * power >= rough) ?? 10) * power;
  const found = [];
  for (let k = Math.ceil(low / step); k * step <= high + step * 1e-9; k++)
    found.push(Number((k * step).toPrecision(12)));
  return found;
}
