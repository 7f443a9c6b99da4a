// Reads what pack.py wrote: values by number, most of them shared by many pictures.

/** @import { Entry, Pack } from "./types" */

const STRIDE = 12; // x, y, z of the four backbone atoms, from one residue to the next
const GRAIN = 0.05;
const LEVELS = 63;

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;,=>?@^_`{|}~";

// Bytes from letters to the base of 85: five for four bytes, n + 1 for the last n.
/** @param {string} text */
export function bytesOf(text) {
  const digit = new Uint8Array(128);
  for (let i = 0; i < LETTERS.length; i++) digit[LETTERS.charCodeAt(i)] = i;
  const words = Math.ceil(text.length / 5);
  const full = text.padEnd(5 * words, LETTERS[LETTERS.length - 1]);
  const bytes = new DataView(new ArrayBuffer(4 * words));
  for (let k = 0; k < words; k++) {
    let word = 0;
    for (let i = 5 * k; i < 5 * k + 5; i++) word = word * 85 + digit[full.charCodeAt(i)];
    bytes.setUint32(4 * k, word);
  }
  return new Uint8Array(bytes.buffer, 0, Math.floor((text.length * 4) / 5));
}

/** @param {string} text */
export async function inflate(text) {
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

/** @param {ArrayBuffer} buffer @returns {Pack} */
export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const bytes = new Uint8Array(buffer, 4 + length);
  const ready = new Map();
  /** @param {number} number */
  const value = (number) => {
    const entry = head.binary[number];
    if (!entry) return head.values[number];
    if (!ready.has(number)) ready.set(number, decoded(entry, bytes));
    return ready.get(number);
  };
  return { main: head.main, value };
}

/** @param {Entry} entry @param {Uint8Array<ArrayBuffer>} bytes */
function decoded([kind, at, length, ...shape], bytes) {
  const own = bytes.slice(at, at + length);
  if (kind === "coordinates") return new DataView(coordinates(own).buffer);
  if (kind === "levels") {
    const [rows, columns, low, grain] = shape;
    return levels(own, rows, columns, low, grain);
  }
  return new DataView(own.buffer);
}

// Low bytes of all values, then high bytes, of 16-bit differences from residue to residue.
/** @param {Uint8Array} bytes */
export function coordinates(bytes) {
  const count = bytes.length / 2;
  const whole = new Int32Array(count);
  const xyz = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const step = ((bytes[count + i] << 24) >> 16) | bytes[i];
    whole[i] = step + (i < STRIDE ? 0 : whole[i - STRIDE]);
    xyz[i] = whole[i] * GRAIN;
  }
  return xyz;
}

// A matrix of steps from ``low``; ``LEVELS`` stands for nothing. Differences along columns of differences
// along rows, each in a byte.
/** @param {Uint8Array} bytes @param {number} rows @param {number} columns @param {number} low @param {number} grain */
export function levels(bytes, rows, columns, low, grain) {
  const matrix = [];
  const across = new Uint8Array(columns);
  for (let row = 0; row < rows; row++) {
    let level = 0;
    const line = [];
    for (let column = 0; column < columns; column++) {
      across[column] += bytes[row * columns + column];
      level = (level + across[column]) & 255;
      line.push(level === LEVELS ? null : low + level * grain);
    }
    matrix.push(line);
  }
  return matrix;
}
