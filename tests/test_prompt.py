import dataclasses

import numpy as np
import pytest

from workbench.constants import AMINO_ACIDS
from workbench.errors import PromptError, SelectionError
from workbench.prompt import Prompt, State
from workbench.protein import FunctionAnnotation, Protein
from workbench.tracks import Track

FIELDS = [entry.name for entry in dataclasses.fields(Prompt) if entry.name != "template"]
ANNOTATED = (Track.FUNCTION, Track.RESIDUE)


@pytest.fixture
def full(annotated_protein) -> Prompt:
    """Every track given, as the protein has it."""
    return Prompt.from_protein(annotated_protein, tuple(Track))


def values(prompt: Prompt) -> dict[str, object]:
    """Everything the prompt holds, in a form that ``==`` compares, NaN equal to NaN."""
    held = {name: getattr(prompt, name) for name in FIELDS}
    return {
        name: np.nan_to_num(value, nan=-1).tolist()
        if isinstance(value, np.ndarray) and value.dtype.kind == "f"
        else value.tolist()
        if isinstance(value, np.ndarray)
        else value
        for name, value in held.items()
    }


def states(prompt: Prompt) -> dict[Track, list[int]]:
    return {track: prompt.state(track).tolist() for track in Track}


def labels_per_residue(annotations, length: int) -> list[set[str]]:
    return [{a.label for a in annotations if a.start <= i < a.stop} for i in range(length)]


# -- states --------------------------------------------------------------------------------------


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


# -- masking and restoring -----------------------------------------------------------------------


@pytest.mark.parametrize("track", Track)
def test_a_mask_frees_exactly_the_residues_under_it(full, track):
    before, after = full.state(track), full.mask([3, 4, 5], track).state(track)
    assert (after[[3, 4, 5]] == State.MASKED).all()
    others = np.setdiff1d(np.arange(12), [3, 4, 5])
    assert (after[others] == before[others]).all()


@pytest.mark.parametrize("track", Track)
def test_a_mask_on_one_track_leaves_the_others_alone(full, track):
    before, after = states(full), states(full.mask(slice(None), track))
    assert {other: before[other] for other in Track if other != track} == {
        other: after[other] for other in Track if other != track
    }


@pytest.mark.parametrize("track", [*Track, None])
def test_masking_twice_is_masking_once(full, track):
    once = full.mask([2, 3, 7], track)
    assert values(once.mask([2, 3, 7], track)) == values(once)


@pytest.mark.parametrize("track", [*Track, None])
def test_a_restored_mask_gives_the_template_back(full, track):
    assert values(full.mask([4, 5, 6, 10], track).restore([4, 5, 6, 10], track)) == values(full)


@pytest.mark.parametrize("track", Track)
def test_a_mask_restored_in_pieces_gives_the_template_back(full, track):
    prompt = full.mask(slice(None), track)
    for piece in ([5, 6, 7], [11, 0], [1, 2, 3, 4], [8, 9, 10]):
        prompt = prompt.restore(piece, track)
    assert values(prompt) == values(full)


def test_restoring_undoes_paint_labels_none_and_tokens(full):
    painted = (
        full.paint(slice(0, 6), "sequence", "W")
        .paint("3-5", "ss8", "H")
        .paint([1, 2], "sasa", 12.5)
        .annotate("zinc", [0, 1])
        .without([6, 7], "function")
        .annotate("Disulfide", [8], "residue")
        .with_tokens([2, 3], np.array([5, 6]))
    )
    assert values(painted.restore(slice(None))) == values(full)


def test_masks_on_several_tracks_at_once_are_the_masks_one_by_one(full):
    together = full.mask("4-9", ["sequence", Track.STRUCTURE])
    apart = full.mask("4-9", "sequence").mask("4-9", "structure")
    assert values(together) == values(apart)


def test_no_track_named_means_all_of_them(full):
    assert values(full.mask([1, 2])) == values(full.mask([1, 2], tuple(Track)))


def test_annotations_are_cut_where_a_mask_falls_inside_them(full):
    prompt = full.mask([5, 6], "function")
    assert prompt.function == (
        FunctionAnnotation("IPR000626", 2, 5),
        FunctionAnnotation("IPR000626", 7, 9),
        FunctionAnnotation("kinase", 7, 11),
    )


def test_an_annotation_wholly_under_a_mask_is_gone(full):
    assert full.mask([4], "residue").residue == ()


def test_masked_values_survive_a_round_trip_through_every_reader_of_states(full):
    prompt = full.mask("2-4,9", ("sequence", "structure", "ss8", "sasa"))
    again = Prompt.blank(prompt.template)
    for track in ("sequence", "ss8"):
        again = again.paint(slice(None), track, "".join(getattr(prompt, track)))
    again = again.paint(slice(None), "sasa", prompt.sasa.tolist())
    again = again.restore(~prompt.masked("structure"), "structure")
    for track in (Track.SEQUENCE, Track.STRUCTURE, Track.SS8, Track.SASA):
        assert (again.state(track) == prompt.state(track)).all()
        assert again.masked(track)[[1, 2, 3, 8]].all()


# -- painting ------------------------------------------------------------------------------------


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


# -- where ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "where",
    [
        "4-6",
        "A:4-6",
        slice(3, 6),
        slice(-9, -6),
        range(3, 6),
        [5, 3, 4, 4],
        np.array([3, 4, 5]),
        np.isin(np.arange(12), [3, 4, 5]),
    ],
)
def test_residues_may_be_meant_by_text_slice_indices_or_boolean_mask(full, where):
    assert full.positions(where).tolist() == [3, 4, 5]


def test_a_single_index_is_a_single_residue(full):
    assert full.positions(7).tolist() == [7]


def test_positions_come_sorted_from_a_backward_slice(full):
    assert full.positions(slice(5, 2, -1)).tolist() == [3, 4, 5]


@pytest.mark.parametrize("where", [[], slice(0, 0), np.zeros(12, bool)])
def test_no_residues_is_a_selection_that_changes_nothing(full, where):
    assert values(full.mask(where)) == values(full)


@pytest.mark.parametrize("where", [12, [3, 12], [-1, 3], range(10, 14)])
def test_a_position_outside_is_refused_with_the_numbers(full, where):
    with pytest.raises(SelectionError, match=r"position (12|13|-1) is outside this protein of 12"):
        full.mask(where)


@pytest.mark.parametrize("where", [slice(50, 60), slice(4, 13), slice(-13, 2)])
def test_a_slice_outside_is_refused_with_the_numbers(full, where):
    with pytest.raises(SelectionError, match=f"{where.start}:{where.stop} .* protein of 12"):
        full.mask(where)


def test_a_range_of_the_file_outside_is_refused(full):
    with pytest.raises(SelectionError, match="'10-13' are outside chain A"):
        full.mask("10-13", "sequence")


def test_half_a_residue_is_no_position(full):
    with pytest.raises(SelectionError, match="whole numbers"):
        full.mask(np.array([1.5]))


def test_a_boolean_mask_of_another_length_is_refused(full):
    with pytest.raises(SelectionError, match="11 entries does not fit this protein of 12"):
        full.mask(np.ones(11, bool))


# -- refusals ------------------------------------------------------------------------------------


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
    with pytest.raises(PromptError, match=f"the {track} track has no single value to paint; use"):
        full.paint([1], track, "W")


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
    for nothing in (lambda: full.allow([1], ""), lambda: full.forbid([1], AMINO_ACIDS)):
        with pytest.raises(PromptError, match="at least one amino acid must stay allowed"):
            nothing()


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
