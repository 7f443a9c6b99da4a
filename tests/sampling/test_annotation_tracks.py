"""Function and residue annotations are sampled, read back, and carried over to a branch exactly."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from invented_tables import write_residue_labels
from toys import SEQUENCE

from workbench.errors import CheckpointError, PromptError, SamplingError
from workbench.prompt import Prompt, State
from workbench.protein import FunctionAnnotation, Protein
from workbench.sampling.recipe import Recipe
from workbench.sampling.rows import draw_rows, row_entropy
from workbench.sampling.trajectory import Trajectory
from workbench.tokenizers.annotations import choose_annotations
from workbench.tokenizers.codec import decode, encode
from workbench.tokenizers.function import choose_function
from workbench.tracks import FUNCTION_NONE, TRACKS, Track
from workbench.vocabulary import RESIDUE_LABELS_FILE

BOTH = (Track.FUNCTION, Track.RESIDUE)


@pytest.fixture
def annotated() -> Prompt:
    prompt = Prompt.from_protein(Protein(SEQUENCE)).annotate("word3", "5-9")
    return prompt.annotate("site 2", "4", Track.RESIDUE).without("12-14", Track.FUNCTION)


def run(model, prompt, recipe, seed=1, **options) -> Trajectory:
    trajectory = Trajectory(model, prompt, Recipe.parse(recipe), seed, **options)
    list(trajectory)
    return trajectory


def test_every_masked_residue_gets_a_function_and_annotations_and_given_ones_stay(
    reading, annotated
):
    trajectory = run(reading, annotated, "function:4,residue:3")
    for track in BOTH:
        before, after = (
            getattr(t, track.value) for t in (trajectory.plan.start, trajectory.tokens())
        )
        given = ~trajectory.plan.start.masked(track)
        assert given.any()
        assert not given.all()
        assert np.array_equal(before[given], after[given])
        assert not trajectory.tokens().masked(track).any()
    rows = trajectory.tokens().function
    assert ((rows > FUNCTION_NONE).all(-1) | (rows == FUNCTION_NONE).all(-1)).all()


def test_peer_defect_16_the_entropy_strategy_ranks_residues_on_both_tracks(reading, annotated):
    """Peer defect 16: the reference's entropy on the function track is one number per protein."""
    for track in BOTH:
        recipe = Recipe.parse(f"{track}:4(strategy=entropy)")
        step = Trajectory(reading, annotated, recipe).advance()
        known = step.entropy[np.isfinite(step.entropy)]
        assert len(np.unique(known)) > 1
        waiting = np.setdiff1d(np.flatnonzero(np.isfinite(step.entropy)), step.positions)
        assert step.entropy[step.positions].max() <= step.entropy[waiting].min()


def test_at_temperature_0_the_published_choice_is_made():
    torch.manual_seed(0)
    function, sites = torch.randn(30, 8, 260) * 3, torch.randn(30, 24) * 3
    function[:5, :, FUNCTION_NONE] += 9
    uniform = np.random.default_rng(0)
    ids, _ = draw_rows(function, Track.FUNCTION, uniform.random((30, 8)), 0.0, 1.0)
    assert np.array_equal(ids, choose_function(function).numpy())
    assert (ids[:5] == FUNCTION_NONE).all()
    ids, _ = draw_rows(sites, Track.RESIDUE, uniform.random((30, 20)), 0.0, 1.0)
    assert np.array_equal(ids, choose_annotations(sites.sigmoid().numpy()))


def test_labels_are_drawn_as_often_as_they_are_likely():
    logits = torch.full((4000, 6), -20.0)
    logits[:, 4], logits[:, 5] = np.log(0.7 / 0.3), np.log(0.2 / 0.8)
    uniform = np.random.default_rng(0).random((4000, 2))
    ids, chance = draw_rows(logits, Track.RESIDUE, uniform, 1.0, 1.0)
    assert (ids == 4).any(-1).mean() == pytest.approx(0.7, abs=0.03)
    assert (ids == 5).any(-1).mean() == pytest.approx(0.2, abs=0.03)
    neither = (ids[:, 0] == 3).nonzero()[0][0]
    assert chance[neither] == pytest.approx(0.3 * 0.8, rel=1e-4)
    sure, _ = draw_rows(logits, Track.RESIDUE, uniform, 1.0, 0.6)
    assert (sure[:, :2] == [4, 0]).all()


def test_a_function_row_is_as_likely_as_its_tables_together_and_none_as_they_say_on_average():
    logits = torch.full((2, 8, 260), -50.0)
    logits[0, :, 10], logits[0, :, 11] = np.log(0.9), np.log(0.1)
    logits[1, :, 10], logits[1, :, FUNCTION_NONE] = np.log(0.2), np.log(0.8)
    ids, likely = draw_rows(logits, Track.FUNCTION, np.full((2, 8), 0.5), 0.0, 1.0)
    assert (ids == [[10] * 8, [FUNCTION_NONE] * 8]).all()
    assert likely.tolist() == pytest.approx([0.9**8, 0.8], rel=1e-4)


def test_entropy_adds_up_over_tables_and_labels():
    flat = torch.zeros(2, 8, 260)
    assert row_entropy(flat, Track.FUNCTION).tolist() == pytest.approx([8 * np.log(257)] * 2)
    even = torch.zeros(2, 7)
    assert row_entropy(even, Track.RESIDUE).tolist() == pytest.approx([3 * np.log(2)] * 2)


def test_a_branch_carries_on_with_the_tokens_that_were_sampled(reading, annotated):
    recipe = "function:6,residue:6"
    whole = run(reading, annotated, recipe)
    for index in (2, 6, 8):
        again = encode(whole.prompt_at(index), reading)
        for track in BOTH:
            ids = getattr(whole.tokens(index), track.value)
            assert np.array_equal(getattr(again, track.value), ids)


def test_a_branch_ends_as_an_unbroken_run_does(reading, annotated):
    masked = int(annotated.masked(Track.RESIDUE).sum())
    plain = "(schedule=linear;strategy=entropy;temperature=0.0)"
    whole = run(reading, annotated, f"residue:{masked}{plain},function:1(temperature=0.0)")
    branch = whole.branch(7)
    list(branch)
    for track in BOTH:
        ids = (getattr(run.tokens(), track.value) for run in (whole, branch))
        assert np.array_equal(*ids)


def test_what_was_sampled_can_be_painted_over(annotated):
    at = np.arange(14, 18)
    for track in BOTH:
        rows = np.full((4, TRACKS[track].width), 7)
        prompt = annotated.with_annotation_tokens(at, track, rows)
        assert (prompt.state(track)[at] == State.GIVEN).all()
        assert (prompt.mask([14], track).state(track)[at] == [0, 1, 1, 1]).all()
        assert (prompt.restore([15], track).state(track)[at] == [1, 0, 1, 1]).all()
        assert (prompt.without([16], track).state(track)[at] == [1, 1, 2, 1]).all()
        tokens = getattr(prompt.annotate("word3", [17], track), f"{track.value}_tokens")
        assert (tokens[17] == -1).all()
        assert (tokens[16] == 7).all()
    with pytest.raises(PromptError, match="give 4 rows of 8 function tokens"):
        annotated.with_annotation_tokens(at, Track.FUNCTION, np.zeros((4, 3), int))


def test_peer_defect_3_a_sampled_site_on_one_residue_is_read_back(reading, annotated):
    """Peer defect 3: in the reference a single-residue annotation decodes to nothing."""
    tokens = encode(annotated, reading)
    row = np.array([[7, 9, *[0] * 14]])
    protein = decode(tokens.filled(Track.RESIDUE, np.array([10]), row), annotated, reading)
    assert set(protein.residue_annotations) == {
        *annotated.residue,
        FunctionAnnotation("site 3", 10, 11),
        FunctionAnnotation("site 5", 10, 11),
    }
    assert protein.function == annotated.function


def test_a_sampled_function_is_read_back_beside_the_prompts_own(reading, annotated):
    trajectory = run(reading, annotated, "function:4")
    protein = trajectory.protein()
    assert protein.function[: len(annotated.function)] == annotated.function
    sampled = protein.function[len(annotated.function) :]
    assert sampled
    kept = {*range(4, 9), *range(11, 14)}
    for annotation in sampled:
        assert set(range(annotation.start, annotation.stop)) - kept
    silent = replace(reading, function_decoder=None)
    silenced = decode(trajectory.tokens(), annotated, silent)
    assert silenced.function == annotated.function
    assert any("no function decoder" in note for note in silenced.notes)


@pytest.mark.parametrize("track", BOTH)
def test_peer_defect_4_three_states_reach_the_tokens_and_stay_three(reading, track):
    """Peer defect 4: in the reference one annotation turns every other residue into none."""
    label = "word3" if track is Track.FUNCTION else "site 2"
    prompt = Prompt.from_protein(Protein(SEQUENCE)).annotate(label, "3", track).without("6", track)
    ids = getattr(encode(prompt, reading), track.value)
    assert (ids[2] > 3).any()
    assert ids[5, 0] == 3
    assert not np.delete(ids, [2, 5], axis=0).any()


def test_a_model_without_tables_says_which_are_missing(model, prompt):
    for track, file in ((Track.FUNCTION, "hyperplanes"), (Track.RESIDUE, RESIDUE_LABELS_FILE)):
        with pytest.raises(SamplingError, match=rf"cannot sample {track}.*{file}.*copy from"):
            Trajectory(model, prompt, Recipe.parse(f"{track}:2"))


def test_a_label_table_of_another_model_is_refused(reading, prompt):
    write_residue_labels(reading.folder, 40)
    other = replace(reading)
    with pytest.raises(CheckpointError, match="makes 44 ids, but the trunk reads"):
        encode(prompt, other)
