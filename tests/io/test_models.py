"""Of the models of a file, the first that holds atoms is read, or the one chosen by its number."""

import gemmi
import numpy as np
import pytest
from biotite.structure.io import pdbx
from structure_files import STRUCTURES, atom, backbone

from workbench.constants import CA
from workbench.errors import StructureError
from workbench.io import read_protein

_FIRST = [*backbone(1), *backbone(2), *backbone(3)]
_OTHER = [line[:30] + f"{99:8.3f}" + line[38:] for line in _FIRST]
_SODIUM = [atom("NA", "NA", 50, (9, 9, 9), record="HETATM")]

FRAMES = {
    "MODEL and ENDMDL": ["MODEL 1", *_FIRST, "ENDMDL", "MODEL 2", *_OTHER, "ENDMDL", "END"],
    "MODEL alone": ["MODEL 1", *_FIRST, "MODEL 2", *_OTHER],
    "ENDMDL alone": [*_FIRST, "ENDMDL", *_OTHER, "ENDMDL"],
    "END, as VMD writes": ["CRYST1", *_FIRST, "END", *_OTHER, "END"],
    "an empty first MODEL": ["MODEL 0", "ENDMDL", "MODEL 1", *_FIRST, "ENDMDL", "MODEL 2", *_OTHER],
    "frames of which one has lost an atom": [*_FIRST, "END", *_OTHER[:-1], "END"],
    "ions outside": ["MODEL 1", *_FIRST, "ENDMDL", "MODEL 2", *_OTHER, "ENDMDL", *_SODIUM],
}


@pytest.mark.parametrize("how", FRAMES)
def test_the_first_model_is_used_and_the_others_are_counted(read_text, how):
    protein = read_text(FRAMES[how])
    assert len(protein) == 3
    np.testing.assert_allclose(protein.coordinates[:, 0, 0], [3.8, 7.6, 11.4], atol=1e-3)
    assert "2 models, of which the first is used" in protein.notes


def test_frames_of_a_trajectory_are_three_models(shared):
    protein = read_protein(shared / "cases" / "vmd_frames_end.pdb")
    assert len(protein) == 20
    assert protein.notes == ("3 models, of which the first is used",)


def test_an_empty_first_model_is_said_to_be_passed_over(read_text):
    notes = read_text(FRAMES["an empty first MODEL"]).notes
    assert "the first MODEL holds no atoms and is passed over" in notes


@pytest.mark.parametrize(
    ("lines", "note"),
    [
        (["MODEL 1", *_FIRST, "ENDMDL", *backbone(1, chain="B")], "3 atoms outside the model"),
        ([*backbone(1, chain="B"), "MODEL 1", *_FIRST, "ENDMDL"], "3 atoms outside the model"),
        ([*_FIRST, "END", *backbone(1, chain="B"), "END"], "3 atoms after END"),
    ],
    ids=["after the only model", "before the only model", "files joined with cat"],
)
def test_atoms_outside_the_only_model_are_read_and_reported(read_text, lines, note):
    protein = read_text(lines)
    assert sorted(protein.sequence) == ["A"] * 4
    assert set(protein.chains) == {"A", "B"}
    assert protein.notes == (f"{note} are read too",)


def _in_gemmi(path):
    """The same file as gemmi reads it; BinaryCIF, which it does not read, as mmCIF text."""
    if path.suffix != ".bcif":
        return gemmi.read_structure(str(path))
    table = pdbx.BinaryCIFFile.read(path).block["atom_site"]
    columns = {name: table[name].as_array(str) for name in table}
    text = pdbx.CIFFile({"x": pdbx.CIFBlock({"atom_site": pdbx.CIFCategory(columns)})}).serialize()
    return gemmi.make_structure_from_block(gemmi.cif.read_string(text).sole_block())


@pytest.mark.parametrize("name", ["1SSU_err.pdb", "1LCD.cif", "1l2y.bcif"])
def test_every_model_of_an_nmr_file_is_the_one_that_gemmi_has_by_that_number(shared, name):
    path = shared / STRUCTURES / name
    structure = _in_gemmi(path)
    assert len(structure) > 1
    # gemmi reads a number only where it stands in the columns of the format.
    for number in (1, 2, len(structure)):
        assert structure[number - 1].num in (number, 0)
        protein = read_protein(path, conformer=number)
        chain = structure[number - 1].find_chain("A")
        residues = [residue for residue in chain if residue.find_atom("CA", "*")]
        theirs = [residue.find_atom("CA", "*").pos.tolist() for residue in residues]
        np.testing.assert_allclose(protein.coordinates[:, CA], theirs, atol=1e-3)
        assert f"{len(structure)} models, of which model {number} is used" in protein.notes


@pytest.mark.parametrize("how", FRAMES)
def test_another_model_is_read_by_its_number_with_what_lies_outside_all(read_text, how):
    protein = read_text(FRAMES[how], conformer=2)
    np.testing.assert_allclose(protein.coordinates[:2, 0, 0], 99, atol=1e-3)
    assert "2 models, of which model 2 is used" in protein.notes
    assert any("ligand" in note for note in protein.notes) == (how == "ions outside")


def test_models_are_called_by_the_numbers_that_the_file_gives_them(read_text):
    lines = ["MODEL 7", *_FIRST, "ENDMDL", "MODEL 9", *_OTHER, "ENDMDL"]
    assert read_text(lines, conformer=9).coordinates[0, 0, 0] == 99
    with pytest.raises(
        StructureError, match="conformer=1 is none of its models; it has models 7, 9"
    ):
        read_text(lines, conformer=1)
    with pytest.raises(StructureError, match="it has model 1 only"):
        read_text(_FIRST, conformer=2)
    with pytest.raises(StructureError, match="chooses in a file, and this is FASTA"):
        read_text(">one\nMKT\n", "some.fasta", conformer=1)
