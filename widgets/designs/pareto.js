// Which designs no other one beats in both of two metrics.

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
  const ordered = [...points].sort((point, other) => a * (other.x - point.x) || b * (other.y - point.y));
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
