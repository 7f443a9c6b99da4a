"""Masks free residues; restoring brings the template back."""

import numpy as np
import pytest
from prompts import states, values

from workbench.prompt import Prompt, State
from workbench.protein import FunctionAnnotation
from workbench.tracks import Track


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
