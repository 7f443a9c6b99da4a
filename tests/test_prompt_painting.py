"""Values and labels written on residues, and what cannot be written."""

import re

import numpy as np
import pytest
from prompts import FIELDS, values

from workbench.constants import AMINO_ACIDS
from workbench.errors import PromptError
from workbench.prompt import Prompt
from workbench.protein import FunctionAnnotation
from workbench.tracks import Track


def test_one_letter_paints_every_residue_and_a_text_paints_one_each(full):
    assert "".join(full.paint(slice(0, 3), "sequence", "W").sequence) == "WWWAYIAKQRQG"
    assert "".join(full.paint(slice(0, 3), "sequence", "CDE").sequence) == "CDEAYIAKQRQG"


@pytest.mark.parametrize("nothing", ["_", None])
@pytest.mark.parametrize("track", ["sequence", "ss8", "sasa"])
def test_painting_nothing_masks(full, track, nothing):
    assert values(full.paint([3, 4], track, nothing)) == values(full.mask([3, 4], track))


def test_a_text_with_holes_paints_and_masks(full):
    prompt = full.paint(slice(0, 4), "sequence", "W__C")
    assert "".join(prompt.sequence[:4]) == "W__C"
    assert prompt.masked("sequence")[:4].tolist() == [False, True, True, False]


def test_areas_are_painted_in_square_angstrom_and_none_masks_one(full):
    prompt = full.paint([2, 3, 4], "sasa", [10.0, None, 30.0])
    assert prompt.sasa[[2, 4]].tolist() == [10.0, 30.0]
    assert np.isnan(prompt.sasa[3])


def test_values_for_single_residues_go_where_they_were_meant(full):
    with pytest.raises(PromptError, match="ascending"):
        full.paint([5, 3], "sequence", "WC")
    with pytest.raises(PromptError, match="ascending"):
        full.with_tokens([5, 3], np.array([1, 2]))
    assert "".join(full.paint([5, 3], "sequence", "W").sequence[[3, 5]]) == "WW"


def test_tokens_take_the_place_of_coordinates_and_coordinates_of_tokens(full):
    prompt = full.with_tokens([2, 3], np.array([0, 4095]))
    assert prompt.structure_tokens[[2, 3]].tolist() == [0, 4095]
    assert np.isnan(prompt.coordinates[[2, 3]]).all()
    assert not prompt.masked("structure").any()
    back = prompt.restore([2], "structure")
    assert back.structure_tokens[[2, 3]].tolist() == [-1, 4095]
    assert back.has_backbone[[2, 3]].tolist() == [True, False]


def test_a_label_on_scattered_residues_becomes_one_annotation_per_run(full):
    prompt = full.annotate("Active site", [1, 2, 7], Track.RESIDUE)
    assert prompt.residue[1:] == (
        FunctionAnnotation("Active site", 1, 3),
        FunctionAnnotation("Active site", 7, 8),
    )


def test_asking_twice_for_the_same_label_asks_once(full):
    once = full.annotate("zinc", [1, 2])
    assert values(once.annotate("zinc", [1, 2])) == values(once)


def test_allowed_and_forbidden_residues_are_two_ways_to_say_the_same(full):
    only = full.allow("3-4", "KR")
    assert "".join(np.array(list(AMINO_ACIDS))[only.allowed[2]]) == "RK"
    rest = "".join(set(AMINO_ACIDS) - set("KR"))
    assert (full.forbid("3-4", rest).allowed == only.allowed).all()
    assert only.allowed[[1, 4]].all()


def test_to_forbid_takes_away_from_what_is_allowed_and_to_allow_replaces_it(full):
    everywhere = full.forbid("all", "C").forbid("3-4", "P")
    barred = [set(np.array(list(AMINO_ACIDS))[~row]) for row in everywhere.allowed]
    assert barred == [{"C"}] * 2 + [{"C", "P"}] * 2 + [{"C"}] * 8
    again = everywhere.allow("3", AMINO_ACIDS).allow("4", "CP")
    assert again.allowed[2].all()
    assert "".join(np.array(list(AMINO_ACIDS))[again.allowed[3]]) == "CP"
    assert (again.allowed[4:] == everywhere.allowed[4:]).all()


def test_to_forbid_the_last_residue_that_is_allowed_is_refused_and_named(full):
    with pytest.raises(PromptError, match="leaves no amino acid at A:3, where A is allowed; allow"):
        full.allow("2-3", "AC").allow("3", "A").forbid("2-3", "AV")


def test_masking_keeps_what_the_model_may_choose(full):
    prompt = full.allow([3], "KR")
    assert (prompt.mask(slice(None)).restore(slice(None)).allowed == prompt.allowed).all()


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.mask(slice(None)),
        lambda p: p.mask([3], "sequence").restore([3], "sequence"),
        lambda p: p.paint(slice(0, 5), "sequence", "W"),
        lambda p: p.paint(slice(0, 5), "ss8", "G"),
        lambda p: p.paint(slice(0, 5), "sasa", 1.0),
        lambda p: p.annotate("zinc", [1, 2]),
        lambda p: p.annotate("zinc", [1, 2], "residue"),
        lambda p: p.without([1, 2], "function"),
        lambda p: p.without([1, 2], "residue"),
        lambda p: p.with_tokens([1, 2], np.array([1, 2])),
        lambda p: p.allow([1, 2], "W"),
        lambda p: p.forbid([1, 2], "W"),
    ],
)
def test_painting_never_changes_the_prompt_it_started_from(full, change):
    before, template = values(full), full.template.sequence
    assert change(full) is not full
    assert values(full) == before
    assert full.template.sequence == template


def test_a_prompt_cannot_be_edited_in_place(full):
    painted = full.paint([1], "sequence", "W")
    for prompt in (full, painted, Prompt.blank(5)):
        for name in FIELDS:
            held = getattr(prompt, name)
            if isinstance(held, np.ndarray):
                with pytest.raises(ValueError, match="read-only"):
                    held[0] = held[1]


@pytest.mark.parametrize(
    ("track", "letter"), [("sequence", "J"), ("sequence", "a"), ("ss8", "L"), ("ss8", "A")]
)
def test_a_letter_outside_the_alphabet_is_refused(full, track, letter):
    with pytest.raises(PromptError, match=f"{letter!r} is no letter of the {track} track"):
        full.paint([1], track, letter)


def test_as_many_letters_as_residues_or_one_are_needed(full):
    with pytest.raises(PromptError, match="2 letters do not fit 3 residues of the sequence track"):
        full.paint([1, 2, 3], "sequence", "WC")


@pytest.mark.parametrize("area", [-1.0, float("inf"), "wide", [1.0, 2.0]])
def test_what_is_no_area_is_refused(full, area):
    with pytest.raises(PromptError, match="area"):
        full.paint([1, 2, 3], "sasa", area)


@pytest.mark.parametrize("track", ["structure", "function", "residue"])
def test_a_track_without_single_values_says_what_to_use_instead(full, track):
    use = rf"the {track} track has no single value to paint; use (\w+)\("
    with pytest.raises(PromptError, match=use) as refused:
        full.paint([1], track, "W")
    method = re.search(use, str(refused.value))[1]
    assert callable(getattr(full, method))


@pytest.mark.parametrize("track", ["sequence", "structure", "ss8", "sasa"])
def test_only_annotation_tracks_take_labels_and_none(full, track):
    with pytest.raises(PromptError, match=f"the {track} track takes no labels"):
        full.annotate("zinc", [1], track)
    with pytest.raises(PromptError, match=f"the {track} track has no state 'none'"):
        full.without([1], track)


@pytest.mark.parametrize("tokens", [[4096, 1], [-1, 1], [1], [1, 2, 3]])
def test_only_codes_of_the_codebook_are_structure_tokens(full, tokens):
    with pytest.raises(PromptError, match="give 2 structure tokens from 0 to 4095"):
        full.with_tokens([1, 2], np.array(tokens))


def test_some_amino_acid_must_stay_allowed(full):
    with pytest.raises(PromptError, match="at least one amino acid must stay allowed"):
        full.allow([1], "")
    with pytest.raises(PromptError, match="leaves no amino acid at A:2"):
        full.forbid([1], AMINO_ACIDS)


def test_only_standard_amino_acids_are_allowed_or_forbidden(full):
    with pytest.raises(PromptError, match="'X' is no standard amino acid"):
        full.allow([1], "KX")


def test_an_unknown_track_is_refused_everywhere(full):
    for refused in (full.mask, full.restore):
        with pytest.raises(PromptError, match="no track 'colour'"):
            refused([1], "colour")
    with pytest.raises(PromptError, match="no track 'colour'"):
        full.paint([1], "colour", "W")
    with pytest.raises(PromptError, match="no track 'colour'"):
        full.state("colour")
