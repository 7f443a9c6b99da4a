"""What we write reads back equal, here and in other programs."""

import numpy as np
import pytest
from biotite.structure.io.pdbx import CIFFile
from ideal_chains import ideal_chain
from structure_files import (
    WITH_NUMBERS,
    WITHOUT_NUMBERS,
    assert_equal,
    backbone,
)

from workbench.constants import MASK, RESIDUE_NAMES
from workbench.errors import FileError, StructureError
from workbench.io import read_protein, structure_text, write_protein
from workbench.protein import Protein


@pytest.mark.parametrize("suffix", WITH_NUMBERS)
def test_a_file_we_write_reads_back_equal(tricky, tmp_path, suffix):
    path = write_protein(tricky, tmp_path / f"tricky{suffix}")
    back = read_protein(path)
    assert_equal(back, tricky)
    assert back.name == "tricky"
    np.testing.assert_allclose(back.confidence.plddt, tricky.confidence.plddt, atol=1e-4)
    assert back.confidence.ptm == tricky.confidence.ptm
    assert not [note for note in back.notes if "ignored" in note or "set aside" in note]


@pytest.mark.parametrize("suffix", WITHOUT_NUMBERS)
def test_fasta_keeps_letters_masks_and_chain_names(tricky, tmp_path, suffix):
    path = write_protein(tricky, tmp_path / f"tricky{suffix}")
    assert_equal(read_protein(path), tricky, numbers=False)


def test_fasta_for_others_has_no_letter_they_cannot_read(tricky):
    lines = structure_text(tricky, "fasta").splitlines()
    assert lines[:2] == [">tricky|Chain H|masked 4", "MKTXLEDUWRXIQBZERLOV"]
    assert lines[2:] == [">tricky|Chain b|masked 3-4", "GSXXNPQ"]


@pytest.mark.parametrize("suffix", WITH_NUMBERS)
def test_a_protein_without_any_coordinates_keeps_its_numbers(tmp_path, suffix):
    bare = Protein(
        "MK_X",
        residue_number=np.array([7, 8, 8, 3]),
        insertion_code=np.array(["", "", "A", "B"]),
    )
    assert_equal(read_protein(write_protein(bare, tmp_path / f"bare{suffix}")), bare)


@pytest.mark.parametrize("suffix", WITH_NUMBERS)
@pytest.mark.parametrize("placed", [False, True], ids=["without coordinates", "with coordinates"])
def test_neighbours_of_one_number_stay_two_residues(tmp_path, suffix, placed):
    protein = Protein("MKTG", residue_number=np.array([5, 5, 5, 6]))
    if placed:
        atoms = np.random.default_rng(0).normal(0, 5, (4, 37, 3)).astype(np.float32)
        protein = protein.with_(coordinates=atoms)
    again = read_protein(write_protein(protein, tmp_path / f"x{suffix}"))
    assert again.sequence == "MKTG"
    assert again.residue_number.tolist() == [5, 5, 5, 6]


@pytest.mark.parametrize("seed", range(8))
def test_any_protein_reads_back_equal(tmp_path, seed):
    """Atoms, letters, numbers and chains drawn at random, chemical sense or not."""
    rng = np.random.default_rng(seed)
    length = int(rng.integers(1, 40))
    coordinates = rng.normal(scale=30, size=(length, 37, 3)).astype(np.float32)
    coordinates[rng.random((length, 37)) < rng.choice([0.0, 0.5, 0.95])] = np.nan
    protein = Protein(
        "".join(rng.choice([*RESIDUE_NAMES, MASK], length)),
        coordinates=coordinates,
        chain_id=np.sort(rng.choice(list("AbC1"), length)),
        residue_number=rng.permutation(np.arange(-30, 60))[:length],
        insertion_code=rng.choice(["", "", "A", "Z"], length),
    )
    for suffix in (".pdb", ".cif", ".bcif"):
        assert_equal(read_protein(write_protein(protein, tmp_path / f"any{suffix}")), protein)


def test_a_chain_name_that_comes_back_later_keeps_its_place(tmp_path):
    back_and_forth = Protein(
        "MKTAY", coordinates=ideal_chain("MKTAY"), chain_id=np.array(list("AABBA"))
    )
    for suffix in (".pdb", ".cif", ".bcif"):
        path = write_protein(back_and_forth, tmp_path / f"turns{suffix}")
        assert_equal(read_protein(path), back_and_forth)
    labels = CIFFile.read(tmp_path / "turns.cif").block["struct_asym"]["id"].as_array(str)
    assert len(set(labels)) == 3


def test_marks_that_no_longer_fit_the_atoms_are_ignored_and_said_so(tricky, tmp_path):
    path = write_protein(tricky, tmp_path / "cut.pdb")
    text = path.read_text()
    path.write_text("".join(line for line in text.splitlines(True) if " LEU H   5A" not in line))
    cut = read_protein(path)
    assert len(cut) == len(tricky) - 5
    assert MASK not in cut.sequence
    assert any("since the file was changed" in note for note in cut.notes)


def test_plddt_is_a_percentage_in_the_b_factor_column(tricky):
    line = next(line for line in structure_text(tricky).splitlines() if line.startswith("ATOM"))
    assert line[17:27] == "THR H   0 "
    assert float(line[60:66]) == pytest.approx(100 * tricky.confidence.plddt[2], abs=0.01)


def test_b_factors_of_other_files_are_no_confidence(read_text):
    assert read_text(backbone(1)).confidence is None


def test_plddt_of_a_predicted_mmcif_is_read(tricky, tmp_path):
    """The standard tables alone say so, as in files of the AlphaFold database."""
    text = structure_text(tricky, "cif").replace("_workbench_chain", "_somebody_else")
    path = tmp_path / "predicted.cif"
    path.write_text(text)
    known = np.isfinite(tricky.coordinates).any(axis=(1, 2))
    np.testing.assert_allclose(
        read_protein(path).confidence.plddt, tricky.confidence.plddt[known], atol=1e-4
    )


def test_missing_residues_are_listed_as_every_pdb_file_lists_them(tricky):
    lines = structure_text(tricky).splitlines()
    assert "REMARK 465     MET H    -2" in [line.rstrip() for line in lines]
    assert lines[-1].rstrip() == "END"
    assert sum(line.startswith("TER") for line in lines) == 2
    assert {len(line) for line in lines} == {80}


def test_biotite_reads_our_files_without_our_help(tricky, tmp_path):
    from biotite.structure.io import load_structure

    placed = np.isfinite(tricky.coordinates).all(axis=2)
    for suffix in (".pdb", ".cif", ".bcif"):
        atoms = load_structure(write_protein(tricky, tmp_path / f"tricky{suffix}"))
        assert len(atoms) == placed.sum()
        assert set(atoms.chain_id.tolist()) == {"H", "b"}
        assert atoms.res_id.min() == 0


def test_a_written_file_is_whole_or_absent(tricky, tmp_path):
    with pytest.raises(FileError, match=r"no folder .*nowhere; create it first"):
        write_protein(tricky, tmp_path / "nowhere" / "tricky.pdb")
    wide = tricky.with_(chain_id=np.array(["A-2"] * len(tricky)))
    with pytest.raises(StructureError, match=r"'A-2' is too long .* write \.cif instead"):
        write_protein(wide, tmp_path / "wide.pdb")
    assert list(tmp_path.iterdir()) == []
    assert read_protein(write_protein(wide, tmp_path / "wide.cif")).chains == ("A-2",)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"residue_number": np.array([10000, 2, 3])}, "number of A:10000 has no room"),
        ({"residue_number": np.array([-1000, 2, 3])}, "number of A:-1000 has no room"),
        ({"coordinates": np.full((3, 37, 3), 12345, np.float32)}, "12345 Å have no room"),
        ({"chain_id": np.array([" "] * 3)}, "' ' cannot be written"),
        ({"chain_id": np.array([""] * 3)}, "'' cannot be written"),
    ],
)
def test_what_the_pdb_format_cannot_say_is_refused(change, complaint):
    with pytest.raises(StructureError, match=complaint):
        structure_text(Protein("MKT").with_(**change))


def test_there_is_no_text_of_a_binary_format(tricky):
    with pytest.raises(StructureError, match="no text format 'bcif'; use pdb, cif or fasta"):
        structure_text(tricky, "bcif")
