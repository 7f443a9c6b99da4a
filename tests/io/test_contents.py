"""What a structure file may hold, and what of it is read."""

import gzip

import numpy as np
import pytest
from structure_files import (
    atom,
    backbone,
    lengths,
)

from workbench.constants import ATOM37, CA
from workbench.errors import StructureError
from workbench.io import read_protein
from workbench.io.chosen import chosen_chains


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
        "2 ligands that the model does not see: GLU (A:3), ZN (A:7)",
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
    assert protein.chains == ("A", "B", "C")
    assert protein.notes == ("chains without a name called B, C",)


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


@pytest.mark.parametrize("chain", ["A,C", "C, A", ["C", "A"], ("A", "C"), {"A", "C"}])
def test_several_chains_can_be_chosen_in_the_files_order(read_text, chain):
    lines = [line for name in "ABC" for line in [*backbone(ord(name), chain=name), "TER"]]
    protein = read_text(lines, chain=chain)
    assert protein.chains == ("A", "C")
    assert protein.notes == ("chain B (1) not read",)


def test_only_what_was_chosen_of_a_large_complex_counts(read_text):
    large = "".join(f">x|Chain {name}\n{'A' * 1000}\n" for name in "ABC")
    with pytest.raises(StructureError, match=r"3000 residues .* more than the 2046"):
        read_text(large, "x.fa")
    assert lengths(read_text(large, "x.fa", chain="C,A")) == {"A": 1000, "C": 1000}
    with pytest.raises(StructureError, match=r"no protein chain 'D' .* chains A \(1000\)"):
        read_text(large, "x.fa", chain=["A", "D"])


@pytest.mark.parametrize("chain", ["", ",", [], 3, True, 1.5, ["A", 3], b"A"])
def test_what_names_no_chain_is_refused(chain):
    with pytest.raises(StructureError, match="names no chain; give one as 'A', or several as"):
        chosen_chains(chain, {"A": 5, "B": 5})


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
    assert protein.notes == ("1 ligand that the model does not see: GLU (Heavy:201)",)


def test_the_path_may_be_text_and_the_content_gzipped_without_saying_so(tmp_path):
    path = tmp_path / "quiet.fa"
    path.write_bytes(gzip.compress(b">x\nMKT\n"))
    assert read_protein(str(path)).sequence == "MKT"
