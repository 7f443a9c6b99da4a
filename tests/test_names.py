"""Names that no file could hold as they are."""

import os

import numpy as np
import pytest

from workbench.embedded import example
from workbench.io import read_protein, structure_text, write_protein
from workbench.names import MOST_LETTERS, clean_name

STRANGE = {
    "a line that would be a record": "x\nREMARK 999 WORKBENCH PTM 0.99",
    "a second FASTA record": "x\n>y\nMKT",
    "a chain of another name": "x|Chain Z",
    "masked residues": "x|masked 1-9",
    "half a letter": "caf\udce9",
    "a zero byte": "a\0b",
    "ten thousand letters": "x" * 10_000,
    "a line separator": "x\u2028y",
    "nothing but white space": " \n\t",
}


@pytest.mark.parametrize("ending", ["pdb", "cif", "bcif", "fasta"])
@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_name_changes_nothing_that_is_read_back(name, ending, tmp_path):
    plain = example().with_(name="plain", confidence=None)
    named = plain.with_(name=STRANGE[name])
    again = read_protein(write_protein(named, tmp_path / f"x.{ending}"))
    usual = read_protein(write_protein(plain, tmp_path / f"y.{ending}"))
    assert (again.sequence, again.chains) == (usual.sequence, usual.chains)
    assert again.confidence is None
    np.testing.assert_array_equal(again.coordinates, usual.coordinates)


def test_names_are_one_line_that_can_be_written_anywhere():
    for name in STRANGE.values():
        clean = clean_name(name)
        assert clean.isprintable()
        assert len(clean) <= MOST_LETTERS
        assert clean.encode().decode() == clean == clean_name(clean)
    assert clean_name("1UBQ, chain A – human") == "1UBQ, chain A – human"


def test_a_file_whose_name_is_no_utf8_is_read_and_written(tmp_path):
    path = os.fsencode(tmp_path) + b"/caf\xe9.pdb"
    with open(path, "wb") as file:
        file.write(structure_text(example(), "pdb").encode())
    protein = read_protein(os.fsdecode(path))
    assert protein.name == "caf?"
    assert structure_text(protein, "fasta").startswith(">caf?|Chain A")
