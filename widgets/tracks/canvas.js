// Small things the canvas drawings share.

export const SANS = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";
const TINTS = new Map();

export function tint(color, alpha) {
  const key = color + alpha;
  let mixed = TINTS.get(key);
  if (!mixed) {
    mixed = `color-mix(in srgb, ${color} ${Math.round(alpha * 100)}%, transparent)`;
    TINTS.set(key, mixed);
  }
  return mixed;
}

export function roundRect(ctx, x, y, w, h, r) {
  ctx.beginPath();
  ctx.roundRect(x, y, Math.max(0, w), h, Math.min(r, Math.max(0, w) / 2));
}

export function dot(ctx, x, y, r) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 7);
  ctx.fill();
}

