"""mmCIF as different programs write it."""

import re

import gemmi
import numpy as np
import pytest
from Bio.PDB.MMCIFParser import MMCIFParser
from ideal_chains import ideal_chain
from structure_files import STRUCTURES, lengths

from workbench.errors import StructureError
from workbench.io import read_protein, structure_text
from workbench.protein import Confidence, Protein

COLUMNS = [
    "group_PDB", "label_atom_id", "label_comp_id", "label_asym_id", "label_seq_id", "auth_seq_id",
    "auth_asym_id", "Cartn_x", "Cartn_y", "Cartn_z", "occupancy",
]  # fmt: skip


def _table(rows: list[str], columns: list[str] = COLUMNS) -> str:
    return "\n".join(["data_x", "loop_", *(f"_atom_site.{name}" for name in columns), *rows, ""])


def _rows(
    name: str, seq: str, auth: str, at: int, asym: str = "A", chain: str = "A",
    group: str = "ATOM", occupancy: str = "1.0",
) -> list[str]:  # fmt: skip
    places = {"N": (0, 0), "CA": (1.2, 0.8), "C": (2.2, 0)}
    return [
        f"{group} {atom} {name} {asym} {seq} {auth} {chain} {3.5 * at + x:.3f} {y} 0 {occupancy}"
        for atom, (x, y) in places.items()
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gemmi_1ubq_raw.cif", {"A": 76}),
        ("gemmi_noseqres_raw.cif", {"A": 20}),
        ("one_chain_seq_unknown.cif", {"A": 20, "B": 20}),
        ("auth_seq_unknown.cif", {"A": 13}),
    ],
)
def test_what_is_polymer_is_decided_chain_by_chain(shared, name, expected):
    path = shared / "cases" / name
    protein = read_protein(path)
    assert lengths(protein) == expected
    model = gemmi.read_structure(str(path))[0]
    amino = [
        r for chain in model for r in chain if gemmi.find_tabulated_residue(r.name).is_amino_acid()
    ]
    if name != "auth_seq_unknown.cif":
        assert len(amino) == len(protein)
        np.testing.assert_allclose(
            [list(residue["CA"][0].pos) for residue in amino], protein.coordinates[:, 1], atol=1e-3
        )


def test_unknown_author_numbers_give_way_to_the_labels(shared):
    protein = read_protein(shared / "cases" / "auth_seq_unknown.cif")
    assert protein.residue_number.tolist() == list(range(40, 53))
    assert protein.sequence.startswith("QQ")


def test_a_file_without_any_residue_numbers_is_counted(read_text):
    rows = [*_rows("GLY", "?", "?", 1), *_rows("GLY", "?", "?", 2), *_rows("ALA", "?", "?", 3)]
    protein = read_text(_table(rows), "bare.cif")
    assert protein.sequence == "GGA"
    assert protein.residue_number.tolist() == [1, 2, 3]


def test_only_the_chain_whose_numbers_are_unknown_is_renumbered(read_text):
    rows = [
        *_rows("GLY", "1", "101", 1), *_rows("ALA", "2", "102", 2),
        *_rows("GLY", "1", "?", 9, "B", "B"), *_rows("ALA", "2", "202", 10, "B", "B"),
    ]  # fmt: skip
    assert read_text(_table(rows), "half.cif").residue_number.tolist() == [101, 102, 1, 2]


def test_a_free_amino_acid_stays_free_where_its_chain_is_numbered(read_text):
    rows = [
        *_rows("GLY", "1", "1", 1), *_rows("ALA", "2", "2", 2),
        *_rows("GLU", ".", "90", 3, "C", group="HETATM"),
    ]  # fmt: skip
    protein = read_text(_table(rows), "free.cif")
    assert protein.sequence == "GA"
    assert [str(ligand) for ligand in protein.ligands] == ["GLU A:90"]


def test_a_number_may_carry_its_uncertainty(read_text):
    rows = [
        row.replace(" 0.8 ", " 0.8(2) ")
        for row in [*_rows("GLY", "1", "1", 1, occupancy="1.00(2)"), *_rows("ALA", "2", "2", 2)]
    ]
    protein = read_text(_table(rows), "su.cif")
    assert protein.coordinates[:, 1, 1].tolist() == pytest.approx([0.8, 0.8])


@pytest.mark.parametrize("unknown", ["?", "."])
def test_unknown_coordinates_are_an_absent_atom_and_unknown_occupancies_are_whole(
    read_text, unknown
):
    rows = [
        *_rows("GLY", "1", "1", 1, occupancy=unknown),
        *[row.replace(" 0.8 ", f" {unknown} ") for row in _rows("ALA", "2", "2", 2)],
    ]
    protein = read_text(_table(rows), "unknown.cif")
    assert protein.has_backbone.tolist() == [True, False]


def test_what_is_no_coordinate_is_named_with_its_row(read_text):
    rows = [*_rows("GLY", "1", "1", 1), *_rows("ALA", "2", "2", 2)]
    rows[4] = rows[4].replace(" 0.8 ", " zero ")
    with pytest.raises(
        StructureError, match=r"atom 5 .* has 'zero' as Cartn_y, which is no number"
    ):
        read_text(_table(rows), "odd.cif")
    flat = [row.rsplit(" ", 2)[0] for row in _rows("GLY", "1", "1", 1)]
    with pytest.raises(StructureError, match="no column Cartn_z"):
        read_text(_table(flat, COLUMNS[:-2]), "flat.cif")


@pytest.mark.parametrize("letters", ["''", ".", "?"])
def test_where_our_own_letters_are_absent_the_residues_of_the_file_count(read_text, letters):
    protein = Protein("MKTAY", coordinates=np.zeros((5, 37, 3), np.float32), name="x")
    text = re.sub(r"(chain\.letters +)MKTAY", rf"\1{letters}", structure_text(protein, "cif"))
    again = read_text(text, "x.cif")
    assert again.sequence == "MKTAY"
    assert again.notes == (
        "marks of masked and absent residues ignored, since the file was changed after them",
    )


def test_a_residue_number_beyond_all_bounds_is_refused_in_words(read_text):
    with pytest.raises(StructureError, match="number 1000000000000000000000 is too large; renum"):
        read_text(_table(_rows("GLY", "1", f"1{21 * '0'}", 1)), "far.cif")


def test_keywords_and_tags_may_be_in_capitals(shared, read_text):
    text = (shared / STRUCTURES / "1ubq.cif").read_text()
    shouted = re.sub(r"^(data_|loop_|_\w+\.\w+)", lambda m: m[0].upper(), text, flags=re.M)
    assert "_ATOM_SITE.CARTN_X" in shouted
    loud, plain = read_text(shouted, "1UBQ.cif"), read_text(text, "1ubq.cif")
    assert loud.sequence == plain.sequence
    np.testing.assert_array_equal(loud.coordinates, plain.coordinates)
    assert loud.notes == plain.notes


def test_letters_of_ours_that_look_like_a_keyword_stay_as_they_are(read_text):
    odd = Protein("DATA_MKT" * 12)
    text = structure_text(odd, "cif").replace("_entry.id", "_Entry.id")
    assert read_text(text, "odd.cif").sequence == odd.sequence


@pytest.mark.parametrize("name", ["1ubq.cif", "1A8O.cif", "2q2k.cif", "4CUP.cif", "5ugo.cif"])
def test_another_reader_finds_the_same_residues_and_places(shared, name):
    """Biopython has every residue of ours under the author's name, with CA in the same place."""
    path = shared / STRUCTURES / name
    protein = read_protein(path)
    model = next(iter(MMCIFParser(QUIET=True).get_structure("x", path)))
    for at in np.flatnonzero(protein.has_backbone):
        residues = [
            residue
            for residue in model[str(protein.chain_id[at])]
            if residue.id[1:] == (protein.residue_number[at], protein.insertion_code[at] or " ")
        ]
        places = [residue["CA"].coord for residue in residues if "CA" in residue]
        assert any(np.allclose(place, protein.coordinates[at, 1], atol=1e-3) for place in places)


# -- confidence --------------------------------------------------------------------------------

_PREDICTED = Protein(
    "MKTAY", coordinates=ideal_chain("MKTAY"),
    confidence=Confidence(np.array([0.2, 0.4, 0.6, 0.8, 0.9], np.float32), ptm=0.7),
)  # fmt: skip


def _predicted(change=lambda text: text) -> str:
    return change(structure_text(_PREDICTED, "cif").replace("_workbench_chain", "_nobody"))


def _as_fraction(text: str) -> str:
    return re.sub(r"(1 A \d \w{3} 1) (\d+\.\d+)", lambda m: f"{m[1]} {float(m[2]) / 100:.3f}", text)


SCALES = {
    "0 to 100": lambda text: text,
    "0 to 1, as Boltz writes": _as_fraction,
    "0 to 1, as the type says": lambda text: _as_fraction(text).replace(
        "1 pLDDT pLDDT local", "1 QMEAN 'pLDDT all-atom in [0,1]' local"
    ),
    "another type of pLDDT": lambda text: text.replace(
        "1 pLDDT pLDDT local", "1 x 'pLDDT to polymer' local"
    ),
    "no mode": lambda text: text.replace(" local", " ?").replace(" global", " ."),
    "no type": lambda text: text.replace("1 pLDDT pLDDT local", "1 pLDDT ? local"),
}  # fmt: skip


@pytest.mark.parametrize("scale", SCALES)
def test_plddt_is_read_on_the_scale_that_the_file_says(read_text, scale):
    text = SCALES[scale](_predicted())
    assert (text == _predicted()) == (scale == "0 to 100")
    confidence = read_text(text, "predicted.cif").confidence
    np.testing.assert_allclose(confidence.plddt, _PREDICTED.confidence.plddt, atol=1e-3)
    assert confidence.ptm == pytest.approx(0.7)


@pytest.mark.parametrize("value", ["?", ".", "high", "1e30", "-1", "nan"])
def test_a_value_that_nobody_knows_is_unknown_and_refuses_nothing(read_text, value):
    text = _predicted(lambda text: re.sub(r"(1 A 3 THR 1) [\d.]+", rf"\1 {value}", text))
    plddt = read_text(text, "predicted.cif").confidence.plddt
    assert np.flatnonzero(np.isnan(plddt)).tolist() == [2]
    np.testing.assert_allclose(plddt[[0, 1, 3, 4]], [0.2, 0.4, 0.8, 0.9], atol=1e-3)


def test_each_model_has_its_own_confidence(shared):
    confidence = read_protein(shared / "cases" / "modelcif_two_models.cif").confidence
    np.testing.assert_allclose(confidence.plddt, 0.92, atol=1e-6)
    assert confidence.ptm == pytest.approx(0.9)


def test_confidence_as_other_programs_write_it(shared):
    fraction = read_protein(shared / "cases" / "boltz_plddt_fraction.cif").confidence.plddt
    np.testing.assert_allclose(fraction[:3], [0.901, 0.902, 0.903], atol=1e-6)
    unknown = read_protein(shared / "cases" / "qa_unknown_value.cif").confidence.plddt
    assert np.flatnonzero(np.isnan(unknown)).tolist() == [2]
