// What a column of an alignment tells: shares of letters, and bits less the small-sample correction
// [Schneider & Stephens 1990]; the numbers of workbench/alignment.py.

export const AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWY";

/**
 * Share of each standard letter among those of a column, the largest first.
 * @param {string[]} letters @returns {[letter: string, share: number][]}
 */
export function shares(letters) {
  const counts = new Map();
  for (const letter of letters) if (AMINO_ACIDS.includes(letter)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [...counts]
    .map(([letter, count]) => /** @type {[string, number]} */ ([letter, count / all]))
    .sort((a, b) => b[1] - a[1]);
}

/**
 * Shannon entropy of a column's shares in bits.
 * @param {[string, number][]} known
 */
export function entropy(known) {
  return -known.reduce((sum, [, share]) => sum + share * Math.log2(share), 0);
}

/** @param {string[]} letters */
export function bits(letters) {
  const count = letters.filter((letter) => AMINO_ACIDS.includes(letter)).length;
  if (!count) return 0;
  const correction = (AMINO_ACIDS.length - 1) / (2 * Math.LN2 * count);
  return Math.max(0, Math.log2(AMINO_ACIDS.length) - entropy(shares(letters)) - correction);
}
