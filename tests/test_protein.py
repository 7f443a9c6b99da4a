import dataclasses

import numpy as np
import pytest

from workbench.constants import RESIDUE_NAMES
from workbench.errors import StructureError
from workbench.prompt import Prompt
from workbench.protein import Confidence, FunctionAnnotation, Protein


def test_a_sequence_is_enough_for_a_protein():
    protein = Protein("MKTAY")
    assert len(protein) == 5
    assert protein.chains == ("A",)
    assert protein.residue_number.tolist() == [1, 2, 3, 4, 5]
    assert protein.ss8 == "_____"
    assert np.isnan(protein.coordinates).all()
    assert np.isnan(protein.sasa).all()
    assert not protein.has_backbone.any()


def test_every_letter_of_the_alphabet_and_the_mask_is_a_residue():
    letters = "".join(RESIDUE_NAMES) + "_"
    assert Protein(letters).sequence == letters


def test_a_protein_without_residues_is_refused():
    with pytest.raises(StructureError, match="at least one residue"):
        Protein("")


def test_a_letter_outside_the_alphabet_is_refused_with_its_place():
    with pytest.raises(StructureError, match="'J' at position 2"):
        Protein("MKJAY")


def test_lower_case_is_no_residue():
    with pytest.raises(StructureError, match="'k' at position 1"):
        Protein("MkTAY")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("chain_id", np.array(["A", "A"])),
        ("residue_number", np.arange(6)),
        ("insertion_code", np.array([""])),
        ("ss8", "HHHH"),
        ("sasa", np.zeros(4, np.float32)),
    ],
)
def test_a_track_of_another_length_is_refused_by_name(name, value):
    with pytest.raises(StructureError, match=f"{name} has {len(value)} entries .* 5 residues"):
        Protein("MKTAY", **{name: value})


def test_an_ss8_letter_outside_dssp_is_refused():
    with pytest.raises(StructureError, match="'L' is not an SS8 class"):
        Protein("MKTAY", ss8="HHLHH")


def test_an_annotation_beyond_the_end_is_refused():
    with pytest.raises(StructureError, match="'kinase' ends at 6, beyond this protein of 5"):
        Protein("MKTAY", function=(FunctionAnnotation("kinase", 2, 6),))


@pytest.mark.parametrize(("start", "stop"), [(3, 3), (4, 2), (-1, 2)])
def test_an_annotation_spans_at_least_one_residue_of_the_protein(start, stop):
    with pytest.raises(StructureError, match=f"{start}:{stop}"):
        FunctionAnnotation("kinase", start, stop)


def test_an_annotation_needs_a_label():
    with pytest.raises(StructureError, match="label"):
        FunctionAnnotation("", 0, 1)


def test_confidence_of_another_length_is_refused():
    with pytest.raises(StructureError, match=r"plddt has 4 entries .* 5 residues"):
        Protein("MKTAY", confidence=Confidence(np.ones(4)))


def test_a_protein_cannot_be_edited_in_place(annotated_protein):
    for name in ("coordinates", "chain_id", "residue_number", "insertion_code", "sasa"):
        values = getattr(annotated_protein, name)
        with pytest.raises(ValueError, match="read-only"):
            values[0] = values[1]
    with pytest.raises(dataclasses.FrozenInstanceError):
        annotated_protein.sequence = "M"


def test_a_protein_does_not_follow_the_array_it_was_made_from():
    sasa = np.zeros(5, np.float32)
    protein = Protein("MKTAY", sasa=sasa)
    sasa[0] = 99
    assert protein.sasa[0] == 0


def test_a_residue_has_a_backbone_only_with_n_ca_and_c(annotated_protein):
    coordinates = annotated_protein.coordinates.copy()
    coordinates[3, 2] = np.nan
    coordinates[5, [0, 2]] = np.nan
    protein = annotated_protein.with_(coordinates=coordinates)
    assert np.flatnonzero(~protein.has_backbone).tolist() == [3, 5]


def test_chains_are_runs_on_the_residue_axis(antibody_like):
    assert antibody_like.chains == ("H", "A-2")
    assert antibody_like.chain_ranges == ((0, 9), (9, 15))


def test_a_label_is_what_the_file_calls_the_residue(antibody_like):
    assert [antibody_like.label(i) for i in (0, 5, 13)] == ["H:-2", "H:52A", "A-2:27A"]


def test_with_changes_only_what_is_named(annotated_protein):
    renamed = annotated_protein.with_(name="other")
    assert renamed.name == "other"
    assert annotated_protein.name == "twelve"
    assert renamed.sequence == annotated_protein.sequence


def test_taking_residues_keeps_each_with_its_values(annotated_protein):
    confidence = Confidence(np.linspace(0, 1, 12), np.arange(144.0).reshape(12, 12), 0.7)
    protein = annotated_protein.with_(confidence=confidence)
    part = protein.take([9, 2, 3])
    assert part.sequence == "RTA"
    assert part.ss8 == "HEE"
    assert part.residue_number.tolist() == [10, 3, 4]
    assert np.array_equal(part.coordinates, protein.coordinates[[9, 2, 3]], equal_nan=True)
    assert part.confidence.plddt.tolist() == confidence.plddt[[9, 2, 3]].tolist()
    assert part.confidence.pae[0, 1] == confidence.pae[9, 2]
    assert part.confidence.ptm == 0.7


def test_taking_every_residue_in_order_changes_only_the_annotations(annotated_protein):
    whole = annotated_protein.take(range(12))
    assert whole.sequence == annotated_protein.sequence
    assert np.array_equal(whole.sasa, annotated_protein.sasa)
    assert whole.function == whole.residue_annotations == ()


def test_what_dssp_writes_for_coil_is_coil():
    """Its blank, a hyphen for it, and P for the polyproline helix of its newer versions."""
    assert Protein("MKTAYI", ss8="H -PE_").ss8 == "HCCCE_"
    prompt = Prompt.blank(Protein("MKTAYI")).paint("all", "ss8", "H -PE_")
    assert "".join(prompt.ss8) == "HCCCE_"
    assert "".join(prompt.paint("2-3", "ss8", "-").ss8) == "HCCCE_"
    with pytest.raises(StructureError, match="'Q' is not an SS8 class; use GHITEBSC or _"):
        Protein("MKTAYI", ss8="HHQHHH")
