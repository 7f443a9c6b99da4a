"""The linter names what a model could not fulfil, and the residues it is about."""

from dataclasses import replace

import numpy as np
import pytest
from ideal_chains import STRAND, ideal_chain, wound_helix
from toys import SEQUENCE

from workbench import lint
from workbench.editing import delete, duplicate, insert
from workbench.embedded import example
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.vocabulary import FunctionVocabulary, ResidueVocabulary


@pytest.fixture
def helix() -> Prompt:
    """A helix whose sequence is given and whose SS8 is known to the template."""
    protein = Protein("ADEKLRQMEK" * 3, coordinates=wound_helix(30), ss8="H" * 30)
    return Prompt.from_protein(protein).mask("10-12", "sequence")


def about(prompt: Prompt, words: str, model: object = None) -> list[int]:
    """Positions of the finding that says this."""
    findings = [finding for finding in lint(prompt, model) if words in finding.message]
    assert len(findings) == 1, [str(finding) for finding in lint(prompt, model)]
    return findings[0].positions.tolist()


def test_an_ordinary_prompt_has_nothing_odd(helix):
    assert lint(helix) == ()


@pytest.mark.parametrize("torsions", [(-57.0, -47.0), STRAND])
def test_real_bonds_are_no_finding(torsions):
    chain = Protein("A" * 12, coordinates=ideal_chain("A" * 12, torsions))
    assert lint(Prompt.from_protein(chain).mask("1", "sequence")) == ()


def test_a_torn_motif_names_the_two_ends(helix):
    assert about(delete(helix, "14-18"), "residues are missing between") == [12, 13]
    moved = helix.coordinates.copy()
    moved[15:] += 9.0
    assert about(replace(helix, coordinates=moved), "too far apart") == [14, 15]


def test_a_gap_too_short_for_its_pieces_says_how_many_to_insert(helix):
    short = delete(helix, "8-22").mask("6-7", "structure")
    assert about(short, "cannot span") == [4, 5, 6, 7]
    assert "insert at least 5 more" in " ".join(str(finding) for finding in lint(short))
    enough = insert(short, "7", 5)
    assert not any("cannot span" in finding.message for finding in lint(enough))


def test_two_residues_in_one_place_are_found(helix):
    placed = helix.coordinates.copy()
    placed[20] = placed[5]
    assert {5, 20} <= set(about(replace(helix, coordinates=placed), "on top of each other"))


def test_a_copy_brings_no_clash(helix):
    assert not any("on top" in finding.message for finding in lint(duplicate(helix, "3-6")))


def test_ss8_that_the_given_coordinates_contradict(helix):
    prompt = helix.paint("5-8", "ss8", "E")
    assert about(prompt, "asks for strand where") == [4, 5, 6, 7]
    assert not any(
        "asks for" in finding.message for finding in lint(prompt.mask("5-8", "structure"))
    )


def test_proline_is_fine_only_in_the_first_turn():
    prompt = Prompt.blank(14).paint("3-12", "ss8", "H").paint("2,13", "ss8", "C")
    first, inner = prompt.paint("4", "sequence", "P"), prompt.paint("9", "sequence", "P")
    assert not any("proline" in finding.message for finding in lint(first))
    assert about(inner, "proline inside") == [8]


def test_a_helix_too_short_to_be_seen_is_a_note():
    prompt = Prompt.blank(10).paint("all", "ss8", "CCCHHCCCCC")
    assert about(prompt, "such a helix has at least 4") == [3, 4]
    assert lint(prompt.mask("6", "ss8")) == ()


def test_an_area_beyond_the_residue_is_found():
    prompt = Prompt.blank(6).paint("all", "sequence", "GWGGWG").paint("1-2", "sasa", 200)
    assert about(prompt, "beyond what the residue has") == [0]
    assert about(Prompt.blank(6).paint("3", "sasa", 900), "beyond") == [2]


def test_a_given_letter_that_is_forbidden_there(helix):
    assert about(helix.forbid("3-5", "E"), "forbidden at their own residue") == [2]


def test_a_forbidden_motif_that_is_already_given():
    prompt = Prompt.blank(8).paint("2-4", "sequence", "NAT").forbid_motif("N-X-S/T")
    assert about(prompt, "N-X-S/T is given") == [1, 2, 3]


def test_letters_beyond_the_twenty_are_noted(helix):
    assert about(helix.paint("2", "sequence", "X"), "no standard amino acid") == [1]


def test_a_protein_longer_than_the_context_is_an_error():
    long = Prompt.blank(2047)
    assert lint(long)[0].severity == "error"
    assert about(long, "at most 2046") == [2046]
    assert lint(Prompt.blank(2046)) == ()


def test_a_prompt_with_nothing_to_do_is_noted(helix):
    assert about(helix.restore("all", "sequence"), "given in full") == []


def reading(model, words: FunctionVocabulary, sites: ResidueVocabulary):
    """The model with these vocabularies."""
    reader = replace(model)
    reader.__dict__.update(function_vocabulary=words, residue_vocabulary=sites)
    return reader


def test_annotations_that_reach_no_model_are_said(model):
    prompt = Prompt.blank(len(SEQUENCE)).annotate("kinase", "3-5").annotate("zinc", "4", "residue")
    off = reading(model, FunctionVocabulary(note="none"), ResidueVocabulary(note="none"))
    findings = [finding for finding in lint(prompt, off) if "without effect" in finding.message]
    assert [finding.positions.tolist() for finding in findings] == [[2, 3, 4], [3]]


def test_a_keyword_that_the_tables_lack_is_said_with_its_residues(model):
    words = FunctionVocabulary(keywords=("kinase",))
    sites = ResidueVocabulary(("zinc binding",))
    prompt = Prompt.blank(9).annotate("kinase", "3-5").annotate("wizardry", "2-4")
    assert about(prompt, "'wizardry'", reading(model, words, sites)) == [1, 2, 3]
    assert not any(
        "'kinase'" in finding.message for finding in lint(prompt, reading(model, words, sites))
    )


def test_errors_come_before_notes():
    prompt = Prompt.blank(2047).paint("1", "sequence", "X")
    assert [finding.severity for finding in lint(prompt)] == ["error", "note"]


def test_a_cis_peptide_is_neither_a_clash_nor_torn(helix):
    placed = helix.coordinates.copy()
    ca = placed[15, 1]
    placed[16:] += ca + np.array([0, 0, 2.9], np.float32) - placed[16, 1]
    findings = lint(replace(helix, coordinates=placed).mask("1-15,18-30", "structure"))
    assert not [str(finding) for finding in findings]


def test_a_residue_that_is_far_away_is_said_to_be_so():
    coordinates = example().coordinates.copy()
    coordinates[20] = 99_999.0
    findings = lint(Prompt.from_protein(example().with_(coordinates=coordinates)))
    assert any("too far apart to be bonded" in finding.message for finding in findings)
