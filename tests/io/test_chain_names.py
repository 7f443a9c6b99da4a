"""Every residue of a file that was read has a name that no other has."""

import numpy as np
import pytest
from structure_files import atom, lengths

from workbench.errors import StructureError
from workbench.io import read_protein, structure_text
from workbench.protein import Protein
from workbench.selection import parse_selection

CASES = "cases"


def _chain(first: int, last: int, shift: float = 0, **more) -> list[str]:
    """A chain of bonded residues with these numbers, ``shift`` Å along x."""
    lines = []
    for number in range(first, last + 1):
        at = 3.5 * number + shift
        places = {"N": (at, 0, 0), "CA": (at + 1.2, 0.8, 0), "C": (at + 2.2, 0, 0)}
        lines += [atom(name, "ALA", number, place, **more) for name, place in places.items()]
    return lines


def _segment(lines: list[str], segid: str) -> list[str]:
    return [f"{line[:72]}{segid:<4}{line[76:]}" for line in lines]


def _names(protein: Protein) -> set[str]:
    return {protein.label(at) for at in range(len(protein))}


TWICE = {
    "two copies with TER between": [*_chain(1, 5), "TER", *_chain(1, 5, 90), "TER"],
    "two copies without TER": [*_chain(1, 5), *_chain(1, 5, 90)],
    "copies that begin before the first repeated number": [*_chain(3, 7), *_chain(1, 5, 90)],
    "a copy after a gap in the first": [*_chain(1, 2), *_chain(4, 6, 5), *_chain(1, 5, 90)],
    "no chain names and no TER, as GROMACS writes": [
        *_chain(1, 5, chain=""), *_chain(1, 5, 90, chain="")
    ],
    "segments under one chain name": [
        *_segment(_chain(1, 5), "PROA"), *_segment(_chain(6, 10, 90), "PROB")
    ],
    "segments without a chain name": [
        *_segment(_chain(1, 5, chain=""), "PROA"), *_segment(_chain(6, 10, 90, chain=""), "PROB")
    ],
}  # fmt: skip


@pytest.mark.parametrize("how", TWICE)
def test_what_would_repeat_a_name_is_a_chain_of_its_own(read_text, how):
    protein = read_text(TWICE[how])
    assert list(lengths(protein).values()) == [5, 5]
    assert len(_names(protein)) == 10
    assert len(parse_selection(protein.label(7), protein)) == 1
    assert any("chains of the file" in note or "without a name" in note for note in protein.notes)


def test_names_that_come_in_turns_are_told_apart(shared):
    protein = read_protein(shared / CASES / "abab_chains.pdb")
    assert lengths(protein) == dict.fromkeys("ABCD", 20)
    assert parse_selection("A:5", protein).tolist() == [4]
    assert parse_selection("C:5", protein).tolist() == [44]
    assert protein.notes == (
        "2 chains of the file are called A; from the second on they are C here",
        "2 chains of the file are called B; from the second on they are D here",
    )


def test_copies_by_symmetry_are_told_apart(shared):
    protein = read_protein(shared / CASES / "symmates_same_id.pdb")
    assert lengths(protein) == {"A": 20, "B": 20}
    assert parse_selection("A:5", protein).tolist() == [4]


@pytest.mark.parametrize(
    "numbers",
    [[6, 7, 8, 1, 2, 3], [1, 2, 7, 3, 4, 9], [100, 50, 20, 10, 5, 1]],
    ids=["circular permutant", "Kabat", "backwards"],
)
def test_numbers_that_only_run_backwards_are_one_chain(read_text, numbers):
    lines = _chain(1, 6)
    renumbered = [f"{line[:22]}{numbers[at // 3]:>4}{line[26:]}" for at, line in enumerate(lines)]
    protein = read_text(renumbered)
    assert protein.residue_number.tolist() == numbers
    assert lengths(protein) == {"A": 6}
    assert protein.notes == ()


def test_two_circular_permutants_under_one_name_are_two_chains(read_text):
    first = [*_chain(6, 8, -17.5), *_chain(1, 5, 10.5)]
    second = [f"{line[:38]}{99:8.3f}{line[46:]}" for line in first]
    protein = read_text([*first, *second])
    assert lengths(protein) == {"A": 8, "B": 8}
    assert protein.residue_number[:8].tolist() == protein.residue_number[8:].tolist()


def test_a_chain_that_goes_on_after_another_or_after_ter_keeps_its_name(read_text):
    lines = [*_chain(1, 3), "TER", *_chain(1, 3, chain="B"), "TER", *_chain(4, 6), "TER"]
    protein = read_text(lines)
    assert protein.chains == ("A", "B", "A")
    assert parse_selection("A:", protein).tolist() == [0, 1, 2, 6, 7, 8]
    assert protein.notes == ()


def test_a_segment_that_is_bonded_to_the_one_before_is_no_chain_of_its_own(read_text):
    lines = [*_segment(_chain(1, 3), "S1"), *_segment(_chain(4, 6), "S2")]
    assert lengths(read_text(lines)) == {"A": 6}


def test_one_name_where_no_chain_can_end_is_refused_with_both_places(read_text):
    other = [line.replace("ALA", "GLY") for line in _chain(2, 2)]
    with pytest.raises(
        StructureError,
        match=r"two residues are called A:2: ALA, residue 2 of chain A .* and GLY, residue 3; give",
    ):
        read_text([*_chain(1, 2), *other, *_chain(3, 4)])


def test_each_copy_keeps_its_own_ligand(read_text):
    zinc = [atom("ZN", "ZN", 90, (at, 5, 5), record="HETATM") for at in (5, 95)]
    protein = read_text([*_chain(1, 5), "TER", *_chain(1, 5, 90), "TER", *zinc])
    assert [ligand.label for ligand in protein.ligands] == ["A:90", "B:90"]
    assert [ligand.coordinates[0, 0] for ligand in protein.ligands] == [5, 95]


def test_an_mmcif_chain_that_is_there_twice_is_told_apart(read_text):
    protein = Protein("MKTAY", coordinates=_places(5, 0))
    both = Protein(
        "MKTAYMKTAY", coordinates=np.concatenate([_places(5, 0), _places(5, 90)]),
        chain_id=np.repeat(["A", "B"], 5), residue_number=np.tile(np.arange(1, 6), 2),
    )  # fmt: skip
    text = structure_text(both, "cif").replace("_workbench_chain", "_nobody")
    one_name = "\n".join(
        " ".join([*parts[:-3], "A", *parts[-2:]]) if (parts := line.split())[:1] == ["ATOM"]
        else line for line in text.splitlines()
    )  # fmt: skip
    twice = read_text(one_name + "\n", "twice.cif")
    assert lengths(twice) == {"A": 5, "B": 5}
    assert twice.sequence == 2 * protein.sequence


def test_equal_neighbours_that_we_wrote_ourselves_read_back(tmp_path, read_text):
    """A protein made in Python may name two residues alike; the file does not lose one."""
    alike = Protein("MKKKY", coordinates=_places(5, 0), residue_number=np.array([1, 2, 2, 2, 3]))
    for form in ("pdb", "cif"):
        back = read_text(structure_text(alike, form), f"alike.{form}")
        assert back.sequence == alike.sequence
        assert back.residue_number.tolist() == alike.residue_number.tolist()
        np.testing.assert_allclose(back.coordinates, alike.coordinates, atol=1e-3)


@pytest.mark.parametrize("order", ["by atom name", "side chains last", "alternate locations last"])
def test_atoms_of_residues_in_turns_are_one_residue_each(read_text, order):
    lines = _chain(1, 6)
    if order == "by atom name":
        lines = [line for name in (" N ", " CA", " C ") for line in lines if line[12:15] == name]
    else:
        other = "B" if order == "alternate locations last" else ""
        name = "CA" if other else "CB"
        lines += [
            atom(name, "ALA", number, (3.5 * number, 1, 1), altloc=other, occupancy=0.3)
            for number in range(1, 7)
        ]
    protein = read_text(lines)
    assert len(protein) == 6
    assert protein.has_backbone.all()
    assert protein.residue_number.tolist() == [1, 2, 3, 4, 5, 6]
    assert not any("chains" in note for note in protein.notes)


def _places(count: int, shift: float) -> np.ndarray:
    coordinates = np.full((count, 37, 3), np.nan, np.float32)
    for column, (x, y) in enumerate([(0, 0), (1.2, 0.8), (2.2, 0)]):
        coordinates[:, column, 0] = 3.5 * np.arange(count) + x + shift
        coordinates[:, column, 1], coordinates[:, column, 2] = y, 0
    return coordinates
