import assert from "node:assert/strict";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { load } from "../load.mjs";

const { bytesOf, coordinates, levels, inflate, unpack } = await load("sharing/unpack.js");
const { PageModel } = await load("sharing/page_model.js");

function packed(head, bytes) {
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return lettersOf(gzipSync(Buffer.concat([length, text, Buffer.from(bytes)])));
}

// What Python's b85encode writes, with a comma for its "less than".
function lettersOf(bytes) {
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;,=>?@^_`{|}~";
  let text = "";
  for (let at = 0; at < bytes.length; at += 4) {
    const part = [0, 1, 2, 3].map((k) => bytes[at + k] ?? 0);
    let word = ((part[0] * 256 + part[1]) * 256 + part[2]) * 256 + part[3];
    const letters = [0, 0, 0, 0, 0].map(() => {
      const letter = digits[word % 85];
      word = Math.floor(word / 85);
      return letter;
    });
    text += letters
      .reverse()
      .join("")
      .slice(0, Math.min(4, bytes.length - at) + 1);
  }
  return text;
}

test("letters go back to their bytes, whatever their number", () => {
  const bytes = Uint8Array.from({ length: 259 }, (_, i) => (i * 151) & 255);
  for (const count of [0, 1, 2, 3, 4, 5, 256, 259]) {
    assert.deepEqual([...bytesOf(lettersOf(bytes.slice(0, count)))], [...bytes.slice(0, count)]);
  }
  assert.deepEqual([...bytesOf("c,j4=")], [120, 236, 187, 126]);
});

test("a pack gives its values by number, binary ones as views of their own", async () => {
  const head = { values: ["β <strand>", null], binary: { 1: ["bytes", 1, 2] }, main: { first: 0 } };
  const { main, value } = unpack(await inflate(packed(head, [9, 8, 7])));
  assert.equal(value(main.first), "β <strand>");
  assert.deepEqual([value(1).getUint8(0), value(1).getUint8(1), value(1).byteLength], [8, 7, 2]);
  assert.equal(value(1), value(1));
});

test("coordinates are the sum of their differences, in units of 0.05 Å", () => {
  const steps = [...Array(12).fill(-300), ...Array(12).fill(380)];
  const bytes = [...steps.map((step) => step & 255), ...steps.map((step) => (step >> 8) & 255)];
  const xyz = coordinates(Uint8Array.from(bytes));
  assert.ok(Math.abs(xyz[0] + 15) < 1e-5 && Math.abs(xyz[23] - 4) < 1e-5);
});

test("levels of a heat map go back to their numbers and to nothing", () => {
  const steps = [0, 62, 63, 133]; // of the levels 0 62, 63 2
  assert.deepEqual(levels(Uint8Array.from(steps), 2, 2, 1, 0.5), [
    [1, 32],
    [null, 2],
  ]);
});

test("a page's model tells of a change when all is changed, and of nothing else", () => {
  const model = new PageModel(() => {});
  const messages = [];
  const leaving = new AbortController();
  model.on("change:states", () => messages.push(model.get("letters")), { signal: leaving.signal });
  model.show({ states: 1, letters: "MK" });
  model.show({ states: 1 });
  assert.deepEqual(messages, ["MK"]);
  leaving.abort();
  model.show({ states: 2 });
  assert.equal(messages.length, 1);
});
