import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../load.mjs";

const { Ligands } = await load("structure/ligands.js");

function setUp(named, places) {
  const word = {};
  const label = { classList: { add() {} } };
  const model = {
    selectedAtoms: () => places.map((x, index) => ({ index, x, y: 0, z: 0 })),
    hide: () => (model.gone = true),
    show: () => (model.gone = false),
  };
  const ligands = new Ligands({ label, word: word }, 5);
  ligands.read(named, named.length ? model : null);
  return { ligands, label, said: word, model };
}

const RESIDUES = [0, 4, 4.5, 30].map((x, position) => ({ x, y: 0, z: 0, position: position >> 1 }));

test("each atom knows its ligand, and residues near one are found", () => {
  const { ligands } = setUp(
    [
      ["HEM A:1", 2],
      ["ZN A:2", 1],
    ],
    [6, 7, 33],
  );
  assert.deepEqual(
    ligands.atoms.map(({ ligand }) => ligand),
    ["HEM A:1", "HEM A:1", "ZN A:2"],
  );
  assert.deepEqual(ligands.around("HEM A:1", RESIDUES), [0, 1]);
  assert.deepEqual(ligands.around("ZN A:2", RESIDUES), [1]);
});

test("hidden ones cannot be pointed at, and a protein without any offers no box", () => {
  const { ligands, model, label, said } = setUp(
    [
      ["HEM A:1", 1],
      ["HEM B:1", 1],
      ["A A:3", 1],
      ["B A:4", 1],
      ["C A:5", 1],
      ["D A:6", 1],
    ],
    [1, 2, 3, 4, 5, 6],
  );
  assert.equal(said.textContent, "HEM, A, B, C and 1 more");
  ligands.restyle(false);
  assert.equal(model.gone, true);
  assert.deepEqual(ligands.atoms, []);
  ligands.restyle(true);
  assert.equal(ligands.atoms.length, 6);
  assert.equal(label.hidden, false);
  assert.equal(setUp([], []).label.hidden, true);
});
