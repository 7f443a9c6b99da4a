// The cases of tests/contract, which pytest holds Python to, held to the browser's modules.

import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../load.mjs";
import { contract, spec } from "./spec.mjs";

const { painted } = await load("tracks/painting.js");
const { bytesOf, inflate, unpack } = await load("sharing/unpack.js");
const { formatRanges, parseRanges } = await load("sharing/selection_text.js");

const { columnsWithValues, written } = await load("designs/sort_and_filter.js");
const { starsText } = await load("designs/remarks.js");
const { bits, shares } = await load("designs/logo.js");
const alignmentText = (await load("designs/alignment.js")).written;
const { recipeText } = await load("running/recipe_text.js");

const painting = contract("painting");

function cellsOf({ states, letters, areas }) {
  return {
    spec,
    length: painting.axis.length,
    states: Uint8Array.from(states),
    letters: new TextEncoder().encode(letters),
    areas: Float32Array.from(areas, (area) => area ?? NaN),
    annotations: [],
    limits: [],
    beside: {},
  };
}

const sorted = (rows) => rows.map((row) => JSON.stringify(row)).sort();

for (const { name, commands, after } of painting.cases) {
  test(`painting: ${name}`, () => {
    const cells = painted(cellsOf(painting.before), commands, painting.axis);
    assert.deepEqual([...cells.states], after.states);
    assert.equal(new TextDecoder().decode(cells.letters), after.letters);
    assert.deepEqual(
      [...cells.areas].map((area) => (Number.isNaN(area) ? null : area)),
      after.areas,
    );
    const annotations = cells.annotations.map(({ row, label, start, stop }) => [row, label, start, stop]);
    assert.deepEqual(sorted(annotations), sorted(after.annotations));
    const limits = cells.limits.map(({ start, stop, label }) => [start, stop, label]);
    assert.deepEqual(sorted(limits), sorted(after.limits));
  });
}

for (const { name, axis, read, written } of contract("selection_text").cases) {
  for (const [text, ranges] of read) {
    test(`selection text: ${JSON.stringify(text)} in ${name}`, () => assert.deepEqual(parseRanges(text, axis), ranges));
  }
  test(`selection text: written in ${name}`, () => {
    for (const [ranges, text] of written) assert.equal(formatRanges(ranges, axis), text);
  });
}

test("packing: every value of a pack comes back by its number", async () => {
  const { text, values } = contract("packing");
  const { main, value } = unpack(await inflate(text));
  assert.deepEqual(
    [value(main.text), value(main.again), value(main.nested)],
    [values.text, values.again, values.nested],
  );
  assert.equal(main.text, main.again);
  const bytes = value(main.bytes);
  assert.deepEqual([...new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)], values.bytes);
  const xyz = [...new Float32Array(value(main.coordinates).buffer)];
  assert.equal(xyz.length, values.coordinates.length);
  xyz.forEach((coordinate, i) => assert.ok(Math.abs(coordinate - values.coordinates[i]) < 1e-4));
  value(main.matrix).forEach((row, i) =>
    row.forEach((level, j) => {
      const expected = values.matrix[i][j];
      assert.ok(level === expected || Math.abs(level - expected) < 1e-9, `${i},${j}`);
    }),
  );
});

test("table: every value is written as Python writes it, and columns without any are left out", () => {
  const { columns, rows, written: texts, with_values, stars } = contract("table");
  assert.deepEqual(
    rows.map((row) => columns.map((column) => written(row[column.key], column))),
    texts,
  );
  assert.deepEqual(
    columnsWithValues(columns, rows).map(({ key }) => key),
    with_values,
  );
  assert.deepEqual(
    stars.map((_, count) => starsText(count, stars.length - 1)),
    stars,
  );
});

test("alignment: a column tells as much as in Python, and the text is the same", () => {
  const { rows, shares: expected, bits: told, names, aligned, positions, fasta, a3m } = contract("alignment");
  for (const [at, bitsOfColumn] of told.entries()) {
    const letters = rows.map((row) => row[at]);
    assert.deepEqual(Object.fromEntries(shares(letters)), expected[at]);
    assert.ok(Math.abs(bits(letters) - bitsOfColumn) < 1e-9);
  }
  assert.equal(alignmentText(names, aligned, positions, "fasta"), fasta);
  assert.equal(alignmentText(names, aligned, positions, "a3m"), a3m);
});

for (const { stages, text } of contract("recipe_text").cases)
  test(`recipe text: ${text}`, () => assert.equal(recipeText(stages), text));

test("packing: code words of the text go back to their bytes", () => {
  for (const [text, base64] of contract("packing").words) {
    assert.deepEqual([...bytesOf(text)], [...Buffer.from(base64, "base64")]);
  }
});
