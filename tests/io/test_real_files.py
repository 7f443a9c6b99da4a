"""Files as the world writes them."""

import gemmi
import numpy as np
import pytest
from structure_files import (
    LENGTHS,
    REFUSED,
    STRUCTURES,
    assert_equal,
    lengths,
    real,
)

from workbench.constants import CA
from workbench.errors import StructureError
from workbench.io import read_protein, write_protein


@pytest.mark.parametrize("name", LENGTHS)
def test_a_real_file_has_the_chains_that_its_readme_tells(shared, name):
    protein = real(shared / STRUCTURES / name)
    assert lengths(protein) == LENGTHS[name]
    assert protein.confidence is None
    assert all(len(note) < 300 for note in protein.notes)


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_file_is_refused_with_its_reason(shared, name):
    with pytest.raises(StructureError, match=REFUSED[name]):
        read_protein(shared / STRUCTURES / name)


def test_every_file_there_is_has_been_looked_at(shared):
    there = {path.name for path in (shared / STRUCTURES).iterdir()} - {"README.md"}
    assert there == LENGTHS.keys() | REFUSED.keys()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1A8O.pdb", "1A8O.cif"),
        ("1aki.pdb", "1aki.cif"),
        ("1aki.cif", "1aki.bcif"),
        ("1ubq.pdb", "1ubq.cif"),
    ],
)
def test_all_formats_of_an_entry_give_the_same_protein(shared, one, other):
    one, other = (real(shared / STRUCTURES / name) for name in (one, other))
    assert_equal(one, other)
    assert one.notes == other.notes


@pytest.mark.parametrize("name", [name for name in LENGTHS if not name.endswith(".bcif")])
def test_gemmi_finds_the_same_residues_in_the_same_places(shared, name):
    """By the author's names: those with a CA in a polymer there have it here, and no others."""
    protein = real(shared / STRUCTURES / name)
    structure = gemmi.read_structure(str(shared / STRUCTURES / name))
    structure.setup_entities()
    theirs: dict[str, list] = {}
    for chain in structure[0]:
        for residue in chain.get_polymer():
            places = [atom.pos.tolist() for atom in residue if atom.name == "CA"]
            if places:
                theirs.setdefault(f"{chain.name}:{str(residue.seqid).strip()}", []).extend(places)
    placed = np.isfinite(protein.coordinates[:, CA]).all(axis=1)
    ours = {protein.label(at): protein.coordinates[at, CA] for at in np.flatnonzero(placed)}
    assert ours.keys() == theirs.keys()
    for label, place in ours.items():
        assert any(np.allclose(place, other, atol=1e-3) for other in theirs[label]), label


def test_what_is_odd_in_real_files_comes_through(shared):
    def read(name):
        return real(shared / STRUCTURES / name)

    assert read("1A8O.pdb").sequence.count("M") == 4
    assert "3 models, of which the first is used" in read("1LCD.cif").notes
    assert "nucleic acid set aside: chains B (11), C (11)" in read("1LCD.cif").notes
    assert read("3zee.cif").label(0) == "A:-1"
    assert "".join(read("1dix.pdb").insertion_code)
    assert read("4rhn-assembly1.cif").chains == ("A", "A-2")
    assert any("7ZTVU (A:302)" in n for n in read("7fgz-extended_CCD_code-model.cif").notes)
    gaps = np.diff(read("3gnn.pdb").residue_number)
    assert (gaps > 1).any()
    with pytest.raises(StructureError, match=r"chains A \(214\), B \(214\)"):
        read_protein(shared / STRUCTURES / "1AKE.pdb", chain="Q")


@pytest.mark.parametrize("name", LENGTHS)
def test_a_real_protein_reads_back_equal_from_every_format(shared, tmp_path, name):
    protein = real(shared / STRUCTURES / name)
    for suffix in (".pdb", ".cif", ".bcif", ".fasta"):
        if suffix == ".pdb" and any(len(chain) > 1 for chain in protein.chains):
            continue
        back = read_protein(write_protein(protein, tmp_path / f"back{suffix}"))
        assert_equal(back, protein, numbers=suffix != ".fasta")
        assert not any("ignored" in note for note in back.notes)
