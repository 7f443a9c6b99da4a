"""Of the models of a file, the first that holds atoms is read, whatever divides them."""

import numpy as np
import pytest
from structure_files import atom, backbone

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
