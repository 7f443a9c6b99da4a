// Typed arrays from the DataViews that widget state arrives in; always aligned copies.

export function asU8(view) {
  if (!view) return new Uint8Array(0);
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
}

export function asF32(view) {
  return new Float32Array(asU8(view).buffer);
}

export function asU16(view) {
  return new Uint16Array(asU8(view).buffer);
}
