"""Residue names as simulation programs write them."""

from pathlib import Path
from xml.etree import ElementTree

import gemmi
import mdtraj
import pytest
from structure_files import atom, backbone

from workbench.constants import RESIDUE_LETTERS
from workbench.io import read_protein
from workbench.io.components import Kind, component

_BACKBONE = frozenset(("N", "CA", "C", "O"))

FORCE_FIELD_NAMES = {
    "NMET": "M", "CSER": "S", "NHIE": "H", "CCYX": "C", "NLYP": "K", "NALA": "A", "CASN": "N",
    "ARN": "R", "ARGN": "R", "ASH": "D", "ASPP": "D", "CYX": "C", "CYM": "C", "CYN": "C",
    "CYS2": "C", "GLH": "E", "GLUP": "E", "HID": "H", "HIE": "H", "HIP": "H", "HIN": "H",
    "HSD": "H", "HSE": "H", "HSP": "H", "HISB": "H", "LYN": "K", "LYP": "K", "LSN": "K",
    "LYSH": "K", "TYM": "Y",
}  # fmt: skip


@pytest.mark.parametrize("name", FORCE_FIELD_NAMES)
def test_a_force_fields_name_is_its_standard_residue(read_text, name):
    """Three or four letters, in all four columns; no modification, only a name."""
    lines = [f"{line[:17]}{name:<4}{line[21:]}" for line in backbone(2)]
    protein = read_text([*backbone(1), *lines, *backbone(3)])
    assert protein.sequence == f"A{FORCE_FIELD_NAMES[name]}A"
    assert protein.notes == ()


def test_a_structure_of_amber_has_its_ends(shared):
    protein = read_protein(shared / "cases" / "amber_terminal_names.pdb")
    assert protein.sequence == read_protein(shared / "data/structures/1ubq.pdb").sequence[:20]
    assert protein.has_backbone.all()


@pytest.mark.parametrize(
    ("name", "atoms"),
    [("CYN", "C N"), ("TYM", "N CA C O CB P O1P O5' C5'"), ("ARN", "C1 C2 C3 N1 O1"),
     ("HSD", "C1 C2 C3 C4 O1 O2"), ("LSN", "C1 C2 N1 CL"), ("NMEC", "C")],
)  # fmt: skip
def test_a_ligand_of_the_same_name_stays_a_ligand(name, atoms):
    assert component(name, {}, frozenset(atoms.split())).kind is not Kind.AMINO_ACID


def test_no_name_that_the_world_gives_to_an_amino_acid_is_read_as_another():
    """gemmi's table and mdtraj's list of other names agree with ours, name by name."""
    names = Path(mdtraj.__file__).parent / "formats/pdb/data/pdbNames.xml"
    others = {
        other: residue.get("name")
        for residue in ElementTree.parse(names).getroot()
        for key, other in residue.items()
        if key.startswith("alt") and residue.get("name") in RESIDUE_LETTERS
    }
    assert len(others) > 8
    for other, standard in others.items():
        assert component(other, {}, _BACKBONE).letter == RESIDUE_LETTERS[standard]
    for name in FORCE_FIELD_NAMES:
        tabulated = gemmi.find_tabulated_residue(name)
        if tabulated.is_amino_acid():
            assert tabulated.one_letter_code.upper() == FORCE_FIELD_NAMES[name]


@pytest.mark.parametrize("ends", [("OT1", "OT2"), ("OC1", "OC2"), ("O1", "O2"), ("O", "OXT")])
def test_both_oxygens_at_the_end_of_a_chain_are_read(read_text, ends):
    oxygens = [atom(name, number=1, at=(5 + at, 1, 1)) for at, name in enumerate(ends)]
    protein = read_text([*backbone(1), *oxygens])
    assert protein.coordinates[0, [4, 36], 0].tolist() == [5, 6]
