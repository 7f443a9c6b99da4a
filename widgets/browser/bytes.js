// Typed arrays from the DataViews that widget state arrives in; always aligned copies.

/** @param {DataView | null | undefined} view */
export function asU8(view) {
  if (!view) return new Uint8Array(0);
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
}

/** @param {DataView | null | undefined} view */
export function asF32(view) {
  return new Float32Array(asU8(view).buffer);
}
