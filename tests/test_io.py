"""Proteins in and out of files: what comes in, what is refused, what reads back equal."""

import gzip
import io
import pickle
import time
import tracemalloc
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from biotite.structure.io.pdbx import CIFFile
from ideal_chains import ideal_chain

from workbench.constants import ATOM37, CA, MASK, RESIDUE_NAMES
from workbench.errors import StructureError
from workbench.io import fetch, read_protein, structure_text, write_protein
from workbench.protein import Confidence, Protein

STRUCTURES = "data/structures"
WITH_NUMBERS = (".pdb", ".ent.gz", ".cif", ".mmcif.gz", ".bcif", ".bcif.gz")
WITHOUT_NUMBERS = (".fasta", ".fa.gz")

LENGTHS = {
    "1A8O.cif": {"A": 70},
    "1A8O.pdb": {"A": 70},
    "1AKE.pdb": {"A": 214, "B": 214},
    "1LCD.cif": {"A": 51},
    "1SSU_err.pdb": {"A": 51},
    "1aki.bcif": {"A": 129},
    "1aki.cif": {"A": 129},
    "1aki.pdb": {"A": 129},
    "1dix.pdb": {"A": 208},
    "1l2y.bcif": {"A": 20},
    "1ubq.cif": {"A": 76},
    "1ubq.pdb": {"A": 76},
    "2BEG.pdb": dict.fromkeys("ABCDE", 26),
    "2q2k.cif": {"A": 45, "B": 44},
    "3SGB.pdb": {"E": 185, "I": 50},
    "3gnn.pdb": {"A": 266, "B": 244, "D": 4, "E": 4},
    "3o5r.cif": {"A": 128},
    "3zee.cif": {"A": 84},
    "4CUP.cif": {"A": 115},
    "4DFR.pdb": {"A": 159, "B": 159},
    "4rhn-assembly1.cif": {"A": 115, "A-2": 115},
    "4zey.cif": {"A": 84},
    "5ugo.cif": {"A": 326},
    "7DDO.pdb": {"A": 597, "C": 194},
    "7fgz-extended_CCD_code-model.cif": {"A": 260},
    "ensemble_OK.pdb": {"A": 1},
    "occupancy.pdb": {"A": 1},
    "pdb1cbs.ent.gz": {"A": 137},
}
REFUSED = {"1AKE_err_a.pdb": "line 7 has no readable coordinates", "empty.pdb": "file is empty"}


@cache
def real(path: Path) -> Protein:
    """A file of the shared folder, read once for all tests."""
    return read_protein(path)


def lengths(protein: Protein) -> dict[str, int]:
    return {
        chain: stop - start
        for chain, (start, stop) in zip(protein.chains, protein.chain_ranges, strict=True)
    }


def assert_equal(one: Protein, other: Protein, numbers: bool = True) -> None:
    """The same residues and, within a thousandth of an ångström, the same atoms."""
    assert one.sequence == other.sequence
    assert one.chain_id.tolist() == other.chain_id.tolist()
    if not numbers:
        return
    assert one.residue_number.tolist() == other.residue_number.tolist()
    assert one.insertion_code.tolist() == other.insertion_code.tolist()
    np.testing.assert_array_equal(np.isnan(one.coordinates), np.isnan(other.coordinates))
    np.testing.assert_allclose(one.coordinates, other.coordinates, rtol=0, atol=1.001e-3)


def atom(
    name: str,
    residue: str = "ALA",
    number: int = 1,
    at: tuple[float, float, float] = (0, 0, 0),
    chain: str = "A",
    record: str = "ATOM",
    code: str = "",
    altloc: str = "",
    occupancy: float = 1.0,
) -> str:
    """One atom record of a PDB file."""
    x, y, z = at
    padded = f" {name:<3}" if len(name) < 4 else name
    return (
        f"{record:<6}    1 {padded}{altloc:<1}{residue:>3} {chain:<1}{number:>4}{code:<1}   "
        f"{x:8.3f}{y:8.3f}{z:8.3f}{occupancy:6.2f}{0:6.2f}          {name[:1]:>2}"
    )


def backbone(number: int, residue: str = "ALA", **more) -> list[str]:
    """N, CA and C of one residue; consecutive numbers are one peptide bond apart."""
    start = 3.8 * number
    places = {"N": (start, 0, 0), "CA": (start + 1.2, 0.8, 0), "C": (start + 2.4, 0, 0)}
    return [atom(name, residue, number, at, **more) for name, at in places.items()]


@pytest.fixture
def read_text(tmp_path):
    """Read lines as if they were a file of this name."""

    def read(lines: list[str] | str, name: str = "some.pdb", **more) -> Protein:
        text = lines if isinstance(lines, str) else "\n".join(lines) + "\n"
        path = tmp_path / name
        path.write_text(text)
        return read_protein(path, **more)

    return read


@pytest.fixture
def tricky() -> Protein:
    """All that files make hard: two chains, odd numbers, masks, gaps, rare letters, pLDDT."""
    sequence = "MKT_LEDUWRXIQBZERLOV" + "GS__NPQ"
    coordinates = np.concatenate([ideal_chain(sequence[:20]), ideal_chain(sequence[20:]) + 40])
    sulphur = ATOM37.index("SG")
    coordinates[7, sulphur] = coordinates[7, CA] + 1.5
    absent = [0, 1, 9, 22]
    coordinates[absent] = np.nan
    coordinates[12, CA] = np.nan
    plddt = np.linspace(0.2, 0.95, len(sequence), dtype=np.float32)
    plddt[absent] = np.nan
    return Protein(
        sequence,
        coordinates=coordinates.astype(np.float32),
        chain_id=np.array(["H"] * 20 + ["b"] * 7),
        residue_number=np.array([-2, -1, 0, 5, 5, 5, *range(9, 23), 1001, 7, 8, 9, 10, 12, 11]),
        insertion_code=np.array([""] * 4 + ["A", "B"] + [""] * 21),
        confidence=Confidence(plddt, ptm=0.625),
        name="tricky",
    )


# -- what we write reads back equal ----------------------------------------------------------------


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
    with pytest.raises(StructureError, match=r"no folder .*nowhere; create it first"):
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


# -- what a file may hold --------------------------------------------------------------------------


def test_the_alternate_location_of_highest_occupancy_is_used_for_the_whole_residue(read_text):
    lines = [
        *backbone(1),
        *backbone(2, "SER"),
        atom("CB", "SER", 2, (1, 1, 1), altloc="A", occupancy=0.4),
        atom("OG", "SER", 2, (2, 2, 2), altloc="A", occupancy=0.4),
        atom("CB", "SER", 2, (3, 3, 3), altloc="B", occupancy=0.6),
        atom("OG", "SER", 2, (4, 4, 4), altloc="B", occupancy=0.6),
    ]
    protein = read_text(lines)
    assert protein.coordinates[1, ATOM37.index("CB"), 0] == 3
    assert protein.coordinates[1, ATOM37.index("OG"), 0] == 4
    assert any("1 residue with alternate locations" in note for note in protein.notes)


def test_of_equal_occupancies_the_first_location_is_used_and_fills_up_from_the_other(read_text):
    lines = [
        *backbone(1),
        atom("CB", number=1, at=(3, 3, 3), altloc="B", occupancy=0.5),
        atom("OXT", number=1, at=(4, 4, 4), altloc="B", occupancy=0.5),
        atom("CB", number=1, at=(1, 1, 1), altloc="A", occupancy=0.5),
    ]
    protein = read_text(lines)
    assert protein.coordinates[0, ATOM37.index("CB"), 0] == 1
    assert protein.coordinates[0, ATOM37.index("OXT"), 0] == 4


def test_two_residues_at_one_place_become_the_one_that_is_there_more_often(read_text):
    lines = [
        *backbone(1, "SER", altloc="A", occupancy=0.3),
        *backbone(1, "THR", altloc="B", occupancy=0.7),
        *backbone(2),
    ]
    assert read_text(lines).sequence == "TA"


def test_modified_residues_are_read_as_their_parent(read_text):
    lines = [
        *backbone(1, "MSE", record="HETATM"),
        atom("SE", "MSE", 1, (9, 9, 9), record="HETATM"),
        *backbone(2, "SEP", record="HETATM"),
        atom("P", "SEP", 2, (5, 5, 5), record="HETATM"),
        *backbone(3, "DAL", record="HETATM"),
        *backbone(4, "HSD"),
        "TER",
    ]
    protein = read_text(lines)
    assert protein.sequence == "MSAH"
    assert protein.coordinates[0, ATOM37.index("SD"), 0] == 9
    assert np.isfinite(protein.coordinates[1]).all(axis=1).sum() == 3
    assert any("3 modified residues" in note and "MSE as M (A:1)" in note for note in protein.notes)


def test_a_modified_residue_nobody_knows_is_x_unless_the_file_explains_it(read_text):
    lines = [*backbone(1), *backbone(2, "X0Z", record="HETATM"), *backbone(3), "TER"]
    assert read_text(lines).sequence == "AXA"
    explained = "MODRES 1ABC X0Z A    2  LYS  SOMETHING NEW"
    assert read_text([explained, *lines]).sequence == "AKA"


def test_a_ligands_name_on_a_bonded_residue_makes_it_no_ligand(read_text):
    """HEM is a ligand in the dictionary; a program may still give its name to a residue."""
    bonded = [atom("N", "HEM", 2, (7.5, 0, 0)), *backbone(2, "HEM")[1:]]
    assert read_text([*backbone(1), *bonded]).sequence == "AX"
    assert read_text([*backbone(1), *backbone(9, "HEM")]).sequence == "A"


def test_a_chromophore_fused_of_three_residues_is_one_x_in_the_chain(read_text):
    chromophore = [atom("CA1", "CRO", 2, record="HETATM"), atom("N1", "CRO", 2, record="HETATM")]
    protein = read_text([*backbone(1), *chromophore, *backbone(3), "TER"])
    assert protein.sequence == "AXA"
    assert protein.has_backbone.tolist() == [True, False, True]


def test_free_amino_acids_water_and_nucleic_acid_are_set_aside_and_named(read_text):
    lines = [
        *backbone(1),
        *backbone(2),
        "TER",
        *backbone(3, "GLU", record="HETATM"),
        atom("ZN", "ZN", 7, record="HETATM"),
        atom("O", "HOH", 8, record="HETATM"),
        atom("O", "HOH", 9, record="HETATM"),
        atom("P", "DA", 1, chain="B"),
    ]
    protein = read_text(lines)
    assert protein.sequence == "AA"
    assert protein.notes == (
        "2 ligands set aside: GLU (A:3), ZN (A:7)",
        "nucleic acid set aside: chain B (1)",
        "2 water molecules set aside",
    )


def test_without_ter_a_peptide_bond_tells_chain_from_ligand(read_text):
    far = [line[:30] + f"{99:8.3f}" + line[38:] for line in backbone(4, "GLU", record="HETATM")]
    lines = [*backbone(1), *backbone(2, "MSE", record="HETATM"), *far]
    bonded = [line.replace("   8.600", "   6.600") for line in lines]
    assert read_text([*backbone(1), *far]).sequence == "A"
    nitrogen = atom("N", "MSE", 2, (7.5, 0, 0), record="HETATM")
    assert read_text([*backbone(1), nitrogen, *bonded[4:6], *far]).sequence == "AM"


def test_of_many_models_the_first_is_used(read_text):
    other = [line[:30] + f"{99:8.3f}" + line[38:] for line in backbone(1)]
    lines = ["MODEL        1", *backbone(1), "ENDMDL", "MODEL        2", *other, "ENDMDL"]
    protein = read_text(lines)
    assert len(protein) == 1
    assert protein.coordinates[0, 0, 0] == pytest.approx(3.8)
    assert protein.notes == ("2 models, of which the first is used",)


def test_insertion_codes_and_negative_numbers_are_kept(read_text):
    lines = [*backbone(-1), *backbone(52), *backbone(52, code="A"), *backbone(53)]
    protein = read_text(lines)
    assert [protein.label(at) for at in range(4)] == ["A:-1", "A:52", "A:52A", "A:53"]


def test_chains_without_a_name_get_free_letters_one_for_each_chain(read_text):
    lines = [*backbone(1, chain="A"), "TER", *backbone(1, chain=""), "TER", *backbone(1, chain="")]
    protein = read_text(lines)
    assert protein.chains == ("A", "a", "b")
    assert protein.notes == ("chains without a name called a, b",)


def test_a_blank_occupancy_is_no_reason_to_refuse(read_text):
    assert read_text([line[:54] for line in backbone(1)]).has_backbone.all()


def test_an_atom_listed_twice_counts_once_and_is_reported(read_text):
    protein = read_text([*backbone(1), atom("CA", number=1, at=(9, 9, 9))])
    assert protein.coordinates[0, CA, 0] == pytest.approx(5)
    assert "1 residue with an atom listed twice, of which the first is used: A:1" in protein.notes


def test_a_file_with_a_head_but_no_end_is_suspected(read_text):
    head = "SEQRES   1 A    9  ALA ALA ALA ALA ALA ALA ALA ALA ALA"
    assert "the file stops after an atom" in read_text([head, *backbone(1)]).notes[0]
    assert read_text([head, *backbone(1), "END"]).notes == ()
    assert read_text(backbone(1)).notes == ()


def test_one_chain_can_be_chosen(read_text):
    lines = [*backbone(1), *backbone(2), "TER", *backbone(7, "TRP", chain="b"), "TER"]
    lines.append(atom("ZN", "ZN", 9, record="HETATM"))
    protein = read_text(lines, chain="b")
    assert protein.sequence == "W"
    assert protein.notes == ("chain A (2) not read",)
    with pytest.raises(StructureError, match=r"no protein chain 'B' .* chains A \(2\), b \(1\)"):
        read_text(lines, chain="B")


def test_mmcif_uses_the_authors_names_and_not_the_labels(read_text):
    columns = (
        "group_PDB id type_symbol label_atom_id label_comp_id label_asym_id label_seq_id "
        "auth_seq_id auth_asym_id Cartn_x Cartn_y Cartn_z pdbx_PDB_ins_code"
    )
    rows = [
        f"ATOM {at} {name[0]} {name} GLY A 1 101 Heavy {x} 0 0 C"
        for at, (name, x) in enumerate({"N": 0.0, "CA": 1.4, "C": 2.8}.items())
    ]
    rows.append("HETATM 9 N N GLU B . 201 Heavy 4.1 0 0 ?")
    head = [f"_atom_site.{name}" for name in columns.split()]
    protein = read_text(["data_x", "#", "loop_", *head, *rows, "#"], "odd.cif")
    assert protein.sequence == "G"
    assert protein.label(0) == "Heavy:101C"
    assert protein.notes == ("1 ligand set aside: GLU (Heavy:201)",)


def test_fasta_records_are_chains(read_text):
    text = (
        ">1ABC_1|Chains A[auth X], B|Something\nMKT\nAY*\n>second\nacd\n>1ABC_1|Chain A|again\nW\n"
    )
    protein = read_text(text, "some.fasta")
    assert lengths(protein) == {"X": 5, "B": 3, "A": 1}
    assert protein.sequence == "MKTAYACDW"
    assert protein.residue_number.tolist() == [1, 2, 3, 4, 5, 1, 2, 3, 1]
    assert read_text(text, "some.fa", chain="A").sequence == "W"


def test_the_path_may_be_text_and_the_content_gzipped_without_saying_so(tmp_path):
    path = tmp_path / "quiet.fa"
    path.write_bytes(gzip.compress(b">x\nMKT\n"))
    assert read_protein(str(path)).sequence == "MKT"


# -- what is refused -------------------------------------------------------------------------------

_ATOMS = "\n".join(backbone(1) + backbone(2)) + "\n"
_TRACE = "\n".join(atom("CA", number=number) for number in range(1, 5)) + "\n"
_LONG = "\n".join(line for number in range(2047) for line in backbone(number)) + "\n"
_WATER = atom("O", "HOH", record="HETATM") + "\n"
_CIF = structure_text(Protein("MKT", coordinates=ideal_chain("MKT")), "cif")

BAD_FILES = {
    "an unknown ending": ("x.docx", "hello", "'.docx' is no known format; use .pdb"),
    "no ending": ("protein", "hello", "a name without an ending"),
    "an empty file": ("x.pdb", "", "the file is empty"),
    "white space": ("x.cif", " \n\n", "the file is empty"),
    "a text that is no PDB": ("x.pdb", "Dear editor,\n", "it has no ATOM records"),
    "a text that is no mmCIF": ("x.cif", "Dear editor,\n", "no atom_site table"),
    "a text that is no BinaryCIF": ("x.bcif", "Dear editor,\n", "BinaryCIF cannot be read"),
    "a text that is no FASTA": ("x.fa", "Dear editor,\n", "does not start with a '>' header"),
    "a web page": ("x.pdb", "<!DOCTYPE html><p>404", "holds a web page or XML, not PDB"),
    "mmCIF called PDB": ("x.pdb", _CIF, "holds mmCIF, not PDB .* name that ends in .cif"),
    "PDB called mmCIF": ("x.cif", _ATOMS, "holds PDB, not mmCIF .* name that ends in .pdb"),
    "binary junk": ("x.pdb", bytes(range(256)), "binary data, not text"),
    "a pickle": ("x.pdb", pickle.dumps([1, 2]), "binary data, not text|no ATOM records"),
    "no gzip": ("x.pdb.gz", _ATOMS, "not gzip-compressed; rename it to x.pdb"),
    "half a gzip": ("x.pdb.gz", gzip.compress(_ATOMS.encode())[:-9], "damaged or cut short"),
    "half the coordinates": ("x.pdb", _ATOMS[:440], "line 6 has no readable coordinates"),
    "half a line": ("x.pdb", _ATOMS.strip()[:-4], "ends in the middle of line 6"),
    "half an mmCIF row": ("x.cif", _CIF[:-40], "atom_site.*; the file may be damaged"),
    "stars for coordinates": ("x.pdb", _ATOMS.replace("   3.800", "********"), "line 1 has no"),
    "a residue without number": ("x.pdb", _ATOMS.replace("A   1 ", "A  x1 "), "'  x1' where the"),
    "CA atoms only": ("x.pdb", _TRACE, r"chain A \(4 residues\) has CA atoms only"),
    "water only": ("x.pdb", _WATER, "no protein in it; it holds 1 HOH"),
    "a record without letters": ("x.fa", ">a\nMK\n>b\n", "record 'b' has no residues"),
    "a gap": ("x.fa", ">a\nMK-T\n", "'-' at position 3 of the record 'a' .* remove gaps"),
    "no residue letter": ("x.fa", ">a\nMKJ\n", "'J' at position 3 .* use X for unknown"),
    "a long chain": (
        "x.fa",
        ">a\n" + "A" * 2047,
        r"2047 residues in chain A .* more than the 2046",
    ),
    "a long structure": ("x.pdb", _LONG, r"2047 residues in chain A .* keep only the part"),
    "long chains": ("x.fa", (">a\n" + "A" * 1100 + "\n") * 2, "choose one chain, .*chain='A'"),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_bad_file_is_one_clear_error_that_names_it(tmp_path, what):
    name, content, complaint = BAD_FILES[what]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(StructureError, match=complaint) as caught:
        read_protein(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_the_longest_protein_the_model_takes_is_read(read_text):
    assert len(read_text(">a\n" + "A" * 2046, "x.fa")) == 2046


def test_a_missing_file_and_a_folder_are_errors_of_ours(tmp_path):
    with pytest.raises(StructureError, match=r"none\.pdb: there is no such file"):
        read_protein(tmp_path / "none.pdb")
    (tmp_path / "folder.pdb").mkdir()
    with pytest.raises(StructureError, match=r"folder\.pdb: this is a folder"):
        read_protein(tmp_path / "folder.pdb")


def test_another_chain_is_offered_when_one_has_ca_atoms_only(read_text):
    lines = [*_TRACE.splitlines(), "TER", *backbone(1, chain="B"), "TER"]
    with pytest.raises(StructureError, match=r"or choose another of its chains: chain B \(1\)"):
        read_text(lines)
    assert read_text(lines, chain="B").sequence == "A"


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.io.files.MAX_BYTES", 2**20)
    path = tmp_path / "bomb.pdb.gz"
    path.write_bytes(gzip.compress(bytes(2**25)))
    tracemalloc.start()
    with pytest.raises(StructureError, match="holds more than 1 MiB"):
        read_protein(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2**23


@pytest.mark.parametrize("suffix", [".pdb", ".cif", ".bcif", ".cif.gz"])
def test_a_damaged_file_never_fails_in_another_way(tricky, tmp_path, suffix):
    whole = write_protein(tricky, tmp_path / f"whole{suffix}").read_bytes()
    rng = np.random.default_rng(0)
    path = tmp_path / f"damaged{suffix}"
    refused = 0
    for turn in range(30):
        content = bytearray(whole)
        at = int(rng.integers(1, len(content)))
        if turn % 2:
            content[at] = int(rng.integers(256))
        else:
            del content[at:]
        path.write_bytes(bytes(content))
        try:
            read_protein(path)
        except StructureError:
            refused += 1
    assert refused > 10


# -- files as the world writes them ----------------------------------------------------------------


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


# -- databases -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "database", "key", "form"),
    [
        ("1UBQ", "rcsb", "1UBQ", "bcif"),
        (" 4hhb ", "rcsb", "4hhb", "bcif"),
        ("pdb_00001ubq", "rcsb", "pdb_00001ubq", "bcif"),
        ("P69905", "afdb", "P69905", "cif"),
        ("AF-p69905-F1", "afdb", "P69905", "cif"),
        ("A0A024R1R8", "afdb", "A0A024R1R8", "cif"),
    ],
)
def test_a_name_decides_the_database(monkeypatch, tmp_path, name, database, key, form):
    peptide = Protein("MKT", coordinates=ideal_chain("MKT"))
    asked = []

    def download(*arguments):
        asked.append(arguments)
        content = write_protein(peptide, tmp_path / f"x.{form}").read_bytes()
        return io.StringIO(content.decode()) if form == "cif" else io.BytesIO(content)

    monkeypatch.setattr(f"biotite.database.{database}.fetch", download)
    fetched = fetch(name)
    assert asked == [(key, form)]
    assert_equal(fetched, peptide)
    assert fetched.name == name.strip()


@pytest.mark.parametrize("name", ["", "1UB", "ubiquitin", "../1UBQ", "1UBQ.pdb", "P6990", "1UBQ/x"])
def test_a_name_that_no_database_knows_is_refused_before_asking(name):
    with pytest.raises(StructureError, match="neither a PDB id such as 1UBQ nor a UniProt"):
        fetch(name)


def test_without_a_network_the_error_says_so_and_offers_a_file(monkeypatch):
    import requests

    def download(*_):
        raise requests.ConnectionError("Max retries exceeded with url")

    monkeypatch.setattr("biotite.database.rcsb.fetch", download)
    complaint = (
        r"could not fetch 1UBQ from RCSB PDB: there is no connection .* read_protein\(path\)"
    )
    with pytest.raises(StructureError, match=complaint):
        fetch("1UBQ")


def test_an_entry_that_does_not_exist_is_the_databases_own_words(monkeypatch):
    from biotite.database import RequestError

    def download(*_):
        raise RequestError("PDB ID 9XYZ is invalid")

    monkeypatch.setattr("biotite.database.rcsb.fetch", download)
    with pytest.raises(StructureError, match="9XYZ from RCSB PDB: PDB ID 9XYZ is invalid"):
        fetch("9XYZ")


def test_a_silent_network_is_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr("biotite.database.rcsb.fetch", lambda *_: time.sleep(2))
    start = time.perf_counter()
    with pytest.raises(StructureError, match=r"no answer within 0\.05 s"):
        fetch("1UBQ", timeout=0.05)
    assert time.perf_counter() - start < 1.5
