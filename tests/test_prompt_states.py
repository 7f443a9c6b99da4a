"""What a cell of the prompt is: given, masked or explicitly none."""

from dataclasses import replace

import numpy as np
import pytest
from prompts import ANNOTATED, labels_per_residue

from workbench.constants import CA
from workbench.errors import PromptError
from workbench.prompt import Prompt
from workbench.protein import FunctionAnnotation, Protein
from workbench.tracks import Track


def test_a_blank_prompt_leaves_everything_to_the_model(annotated_protein):
    prompt = Prompt.blank(annotated_protein)
    for track in Track:
        assert prompt.masked(track).all()
    assert prompt.allowed.all()


def test_a_prompt_can_start_from_a_length_alone():
    prompt = Prompt.blank(40)
    assert len(prompt) == 40
    assert prompt.template.sequence == "_" * 40


@pytest.mark.parametrize("length", [0, -3])
def test_a_prompt_without_residues_is_refused(length):
    with pytest.raises(PromptError, match=f"at least one residue, not {length}"):
        Prompt.blank(length)


def test_a_protein_gives_its_sequence_and_structure_unless_told_otherwise(annotated_protein):
    prompt = Prompt.from_protein(annotated_protein)
    assert not prompt.masked("sequence").any()
    assert not prompt.masked("structure").any()
    for track in (Track.SS8, Track.SASA, *ANNOTATED):
        assert prompt.masked(track).all()


def test_a_protein_gives_every_track_that_is_asked_for(annotated_protein, full):
    assert "".join(full.sequence) == annotated_protein.sequence
    assert "".join(full.ss8) == annotated_protein.ss8
    assert full.sasa.tolist() == annotated_protein.sasa.tolist()
    assert np.array_equal(full.coordinates, annotated_protein.coordinates, equal_nan=True)
    assert full.function == annotated_protein.function
    assert full.residue == annotated_protein.residue_annotations


def test_what_the_protein_does_not_know_is_masked():
    prompt = Prompt.from_protein(Protein("MK_AY", ss8="HH_HH"), tuple(Track))
    assert prompt.masked("sequence").tolist() == [False, False, True, False, False]
    assert prompt.masked("ss8").tolist() == [False, False, True, False, False]
    assert prompt.masked("structure").all()
    assert prompt.masked("sasa").all()


def test_a_residue_with_part_of_its_backbone_is_masked_and_holds_no_coordinates(annotated_protein):
    coordinates = annotated_protein.coordinates.copy()
    coordinates[4, 0] = np.nan
    prompt = Prompt.from_protein(annotated_protein.with_(coordinates=coordinates))
    assert np.flatnonzero(prompt.masked("structure")).tolist() == [4]
    assert np.isnan(prompt.coordinates[4]).all()


def test_masked_given_and_none_are_three_different_states(full):
    prompt = full.mask(slice(0, 4), "function").without([4, 5], "function")
    assert prompt.state("function").tolist() == [0, 0, 0, 0, 2, 2, 1, 1, 1, 1, 1, 0]
    assert prompt.function_none[[4, 5]].all()
    assert not prompt.masked("function")[4]


def test_a_label_takes_the_place_of_an_explicit_none(full):
    prompt = full.without(slice(None), "function").annotate("zinc", [3, 4])
    assert prompt.state("function")[[2, 3, 4, 5]].tolist() == [2, 1, 1, 2]
    assert prompt.function == (FunctionAnnotation("zinc", 3, 5),)


def test_masking_takes_an_explicit_none_away(full):
    assert full.without(slice(None), "residue").mask(slice(None), "residue").masked("residue").all()


@pytest.mark.parametrize("seed", range(5))
def test_states_always_agree_with_the_values(full, seed):
    prompt, generator = full, np.random.default_rng(seed)
    for _ in range(30):
        where = np.flatnonzero(generator.random(12) < 0.4)
        track = generator.choice(ANNOTATED)
        prompt = [
            lambda p, at=where: p.mask(at, generator.choice(list(Track))),
            lambda p, at=where: p.restore(at, generator.choice(list(Track))),
            lambda p, at=where, on=track: p.without(at, on),
            lambda p, at=where, on=track: p.annotate("zinc", at, on),
            lambda p, at=where: p.paint(at, "sequence", "W"),
            lambda p, at=where: p.with_tokens(at, np.full(len(at), 17)),
        ][generator.integers(6)](prompt)

        assert (prompt.masked("sequence") == (prompt.sequence == "_")).all()
        assert (prompt.masked("ss8") == (prompt.ss8 == "_")).all()
        assert (prompt.masked("sasa") == np.isnan(prompt.sasa)).all()
        no_coordinates = np.isnan(prompt.coordinates).all(axis=(1, 2))
        no_token = prompt.structure_tokens == -1
        assert (prompt.masked("structure") == (no_coordinates & no_token)).all()
        for track, annotations, none in (
            ("function", prompt.function, prompt.function_none),
            ("residue", prompt.residue, prompt.residue_none),
        ):
            labelled = np.array([bool(s) for s in labels_per_residue(annotations, 12)])
            assert not (labelled & none).any()
            assert (prompt.masked(track) == ~(labelled | none)).all()


CHANGES = {
    "masked": lambda prompt: prompt.mask("3", "sequence"),
    "structure": lambda prompt: prompt.mask("3", "structure"),
    "ss8": lambda prompt: prompt.paint("3", "ss8", "G"),
    "sasa": lambda prompt: prompt.paint("3", "sasa", 12.0),
    "label": lambda prompt: prompt.annotate("kinase", "1-3"),
    "none": lambda prompt: prompt.without("12", "function"),
    "allowed": lambda prompt: prompt.forbid("3", "C"),
    "motif": lambda prompt: prompt.forbid_motif("N-X-S/T"),
    "plddt": lambda prompt: prompt.with_plddt("3", 0.5),
    "tokens": lambda prompt: prompt.with_tokens("3", np.array([17])),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_prompts_are_the_same_as_long_as_they_ask_the_same(annotated_protein, full, change):
    again = Prompt.from_protein(annotated_protein.with_(name="again"), tuple(Track))
    assert full.same_as(again)
    changed = change(full)
    assert not changed.same_as(full)
    assert not full.same_as(changed)
    assert changed.same_as(change(again))


def test_prompts_of_residues_with_other_names_are_not_the_same(annotated_protein, full):
    renumbered = annotated_protein.with_(residue_number=annotated_protein.residue_number + 1)
    assert not Prompt.from_protein(renumbered, tuple(Track)).same_as(full)
    assert not Prompt.blank(3).same_as(Prompt.blank(4))


@pytest.mark.parametrize("there", [1e6, -3e8, np.inf])
def test_a_backbone_out_of_all_reach_is_no_structure(annotated_protein, there):
    coordinates = annotated_protein.coordinates.copy()
    coordinates[2, CA, 1] = there
    prompt = Prompt.from_protein(annotated_protein.with_(coordinates=coordinates))
    assert np.flatnonzero(prompt.masked("structure")).tolist() == [2]
    assert not replace(prompt, coordinates=coordinates).has_backbone[2]
