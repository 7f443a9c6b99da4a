"""Sampling runs on a small random model; every property holds for any weights."""

import numpy as np
import pytest
import torch
from ideal_chains import strand
from toys import SEQUENCE

from workbench.constants import ATOM37
from workbench.embedded import example
from workbench.errors import PromptError, SamplingError
from workbench.model.checkpoint import load_model
from workbench.prompt import Prompt, State
from workbench.protein import Protein
from workbench.sampling.forward import choices, residue_logits
from workbench.sampling.recipe import Recipe
from workbench.sampling.stage_options import SCHEDULES
from workbench.sampling.trajectory import Trajectory, advance_together
from workbench.tokenizers.codec import to_rows
from workbench.tracks import TRACKS, Track


def run(
    model, prompt, recipe="sequence:5,structure:4,ss8:3,sasa:2", seed=1, **options
) -> Trajectory:
    trajectory = Trajectory(model, prompt, Recipe.parse(recipe), seed, **options)
    list(trajectory)
    return trajectory


def same(one, other) -> bool:
    return all(np.array_equal(getattr(one, t.value), getattr(other, t.value)) for t in Track)


def test_every_masked_residue_is_filled_and_every_given_one_is_kept(model, prompt):
    before = run(model, prompt).plan.start
    after = run(model, prompt).tokens()
    for track in (Track.SEQUENCE, Track.STRUCTURE, Track.SS8, Track.SASA):
        assert not after.masked(track).any()
        given = ~before.masked(track)
        ids = (getattr(before, track.value), getattr(after, track.value))
        assert np.array_equal(ids[0][given], ids[1][given])
        values = TRACKS[track].values
        assert ((ids[1] >= values.start) & (ids[1] < values.stop)).all()


def test_each_step_fills_just_what_the_plan_says(model, prompt):
    trajectory = Trajectory(model, prompt, Recipe.parse("sequence:5,structure:4"), 1)
    for planned, step in zip(trajectory.plan.passes, trajectory, strict=True):
        before = trajectory.tokens(step.index - 1).masked(step.track)
        after = trajectory.tokens(step.index).masked(step.track)
        assert len(step.positions) == planned.count
        assert np.array_equal(np.flatnonzero(before & ~after), step.positions)


def test_the_same_seed_makes_the_same_tokens_and_another_seed_others(model, prompt):
    first = run(model, prompt)
    assert same(first.tokens(), run(model, prompt).tokens())
    assert not same(first.tokens(), run(model, prompt, seed=2).tokens())


@pytest.mark.parametrize("back", [0, 1, 4, 8])
def test_rewinding_and_running_on_makes_the_same_tokens(model, prompt, back):
    trajectory = run(model, prompt)
    tokens = trajectory.tokens()
    trajectory.rewind(back)
    assert len(trajectory.steps) == back
    list(trajectory)
    assert same(trajectory.tokens(), tokens)


def test_drawing_on_other_generators_changes_nothing(model, prompt):
    tokens = run(model, prompt).tokens()
    trajectory = Trajectory(model, prompt, Recipe.parse("sequence:5,structure:4,ss8:3,sasa:2"), 1)
    for _ in trajectory:
        torch.rand(3)
        np.random.default_rng(0).random(5)
    assert same(trajectory.tokens(), tokens)


def test_watching_the_predicted_structure_changes_no_token(model, prompt):
    assert same(run(model, prompt, predict_structure=True).tokens(), run(model, prompt).tokens())


@pytest.mark.parametrize("strategy", ["random", "entropy"])
def test_peer_defect_12_only_the_twenty_amino_acids_are_sampled(model, strategy):
    blank = Prompt.blank(60)
    letters = (
        run(model, blank, f"sequence:3(strategy={strategy};temperature=50)").protein().sequence
    )
    assert set(letters) <= set("ACDEFGHIKLMNPQRSTVWY")


def test_allowed_residues_are_obeyed_position_by_position(model):
    prompt = Prompt.blank(30).allow(slice(0, 10), "AG").forbid(slice(10, 20), "LIVMFWC")
    letters = run(model, prompt, "sequence:4(temperature=20)").protein().sequence
    assert set(letters[:10]) <= set("AG")
    assert not set(letters[10:20]) & set("LIVMFWC")
    assert set(letters[20:]) - set("AG")


def test_residues_without_coordinates_keep_the_structure_mask(model, prompt):
    tokens = Trajectory(model, prompt, Recipe.parse("sequence:2")).plan.start
    masked = prompt.masked(Track.STRUCTURE)
    assert np.array_equal(tokens.structure == TRACKS[Track.STRUCTURE].mask, masked)
    assert np.isnan(tokens.backbone[masked]).all()
    assert np.isfinite(tokens.backbone[~masked]).all()


def test_peer_defect_7_a_motif_keeps_its_structure_tokens_through_a_run(model, prompt):
    trajectory = run(model, prompt, "structure:4")
    given = ~prompt.masked(Track.STRUCTURE)
    assert np.array_equal(
        trajectory.tokens().structure[given], trajectory.plan.start.structure[given]
    )


def test_peer_defect_8_a_structure_is_predicted_at_every_step(model, prompt):
    trajectory = Trajectory(
        model, prompt, Recipe.parse("sequence:3,structure:3"), 1, predict_structure=True
    )
    assert np.isfinite(trajectory.protein(0).backbone).all()
    for step in trajectory:
        protein = trajectory.protein()
        assert np.isfinite(protein.backbone).all()
        assert protein.confidence.pae.shape == (len(prompt), len(prompt))
        masked = trajectory.tokens().masked(Track.STRUCTURE)
        assert np.array_equal(step.predicted_probability < 1, masked)


def test_a_finished_design_has_its_side_chains_whatever_was_drawn_on_the_way():
    model, prompt = load_model("esm3-nano"), Prompt.from_protein(example()).mask("20-30")
    recipe = Recipe.parse("structure:2,sequence:2")
    runs = [Trajectory(model, prompt, recipe, 1, predict_structure=p) for p in (True, False)]
    drawn, alone = ([run.protein() for _ in run][-1] for run in runs)
    np.testing.assert_array_equal(drawn.coordinates, alone.coordinates)
    assert np.isfinite(drawn.coordinates[:, ATOM37.index("CG")]).any()


def test_a_step_on_view_is_decoded_once_and_again_only_for_what_was_not_asked(model, prompt):
    run = Trajectory(model, prompt, Recipe.parse("structure:3"), predict_structure=True)
    list(run)
    calls = []
    hook = model.structure_decoder.register_forward_hook(
        lambda module, given, named, out: calls.append(named["pairs"]), with_kwargs=True
    )
    try:
        bare = run.protein(pairs=False)
        assert run.protein(pairs=False) is bare
        whole = run.protein()
        assert run.protein(pairs=False) is whole
        assert calls == [False, True]
        assert whole.confidence.pae is not None
        np.testing.assert_array_equal(whole.coordinates, bare.coordinates)
        run.rewind(2)
        run.advance()
        assert run.protein() is not whole
        np.testing.assert_array_equal(run.protein().coordinates, whole.coordinates)
        assert not np.array_equal(run.protein(1).coordinates, whole.coordinates, equal_nan=True)
        assert calls == [False, True, True, True]
    finally:
        hook.remove()


def test_without_prediction_a_masked_structure_has_no_coordinates(model, prompt):
    trajectory = Trajectory(model, prompt, Recipe.parse("sequence:3"))
    assert np.isnan(trajectory.protein().coordinates).all()


def test_the_entropy_strategy_takes_the_surest_residues_first(model, prompt):
    trajectory = Trajectory(model, prompt, Recipe.parse("sequence:4(strategy=entropy)"))
    step = trajectory.advance()
    waiting = np.setdiff1d(np.flatnonzero(np.isfinite(step.entropy)), step.positions)
    assert step.entropy[step.positions].max() <= step.entropy[waiting].min()


def test_the_probability_told_is_that_of_the_value_chosen_at_temperature_1(model, prompt):
    trajectory = Trajectory(model, prompt, Recipe.parse("sequence:3(temperature=3)"))
    with torch.inference_mode():
        (logits,) = residue_logits(
            model, [trajectory.plan.start], [trajectory.plan.layout], {Track.SEQUENCE}
        )
    step = trajectory.advance()
    at = step.positions
    chances = (
        choices(trajectory.plan, Track.SEQUENCE, logits[Track.SEQUENCE], at).softmax(-1).numpy()
    )
    np.testing.assert_allclose(
        step.probability[at], chances[np.arange(len(at)), step.tokens.sequence[at]], atol=1e-6
    )
    assert np.isnan(np.delete(step.probability, at)).all()


def test_a_branch_starts_from_what_was_sampled_and_may_be_repainted(model, prompt):
    trajectory = run(model, prompt, "sequence:6,structure:4")
    at_four = trajectory.prompt_at(4)
    sampled = np.concatenate([step.positions for step in trajectory.steps[:4]])
    assert (at_four.state(Track.SEQUENCE)[sampled] == State.SAMPLED).all()
    branch = trajectory.branch(4, at_four.paint("20", "sequence", "W"))
    assert branch.total == trajectory.total - 4
    list(branch)
    protein = branch.protein()
    assert protein.sequence[19] == "W"
    kept = trajectory.protein().sequence
    assert all(protein.sequence[i] == kept[i] for i in sampled)


def test_a_prompt_written_back_after_a_run_encodes_to_the_same_tokens(model, prompt):
    trajectory = run(model, prompt)
    again = Trajectory(
        model, trajectory.prompt_at().mask("5", "sequence"), Recipe.parse("sequence:1")
    )
    end = trajectory.tokens()
    for track in (Track.STRUCTURE, Track.SS8, Track.SASA):
        assert np.array_equal(getattr(again.plan.start, track.value), getattr(end, track.value))


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_peer_defect_17_every_schedule_can_be_run_and_no_run_changes_its_recipe(
    model, prompt, schedule
):
    """The reference reaches two of its five schedules and cuts the caller's steps in place."""
    recipe = Recipe.parse(f"sequence:500(schedule={schedule})")
    trajectory = Trajectory(model, prompt, recipe)
    list(trajectory)
    assert not trajectory.tokens().masked(Track.SEQUENCE).any()
    assert trajectory.total < 500
    assert recipe.stages[0].steps == 500


def test_peer_defect_6_a_seed_makes_the_same_tokens_whatever_shares_its_batch(model, prompt):
    long = Prompt.blank(41)
    jobs = [
        (prompt, "sequence:5,structure:4", 1),
        (long, "structure:3,sequence:6(strategy=entropy)", 1),
        (prompt, "ss8:4", 7),
    ]
    together = [Trajectory(model, p, Recipe.parse(r), seed) for p, r, seed in jobs]
    while waiting := [t for t in together if not t.done]:
        advance_together(waiting)
    for trajectory, (p, r, seed) in zip(together, jobs, strict=True):
        assert same(trajectory.tokens(), run(model, p, r, seed).tokens())


def test_annotations_that_the_model_does_not_read_are_said(model, prompt):
    assert Trajectory(model, prompt, Recipe.parse("sequence:1")).notes == ()
    calls = prompt.annotate("kinase", "5-9").annotate("Active site", "3", "residue")
    notes = Trajectory(model, calls, Recipe.parse("sequence:1")).notes
    assert [("function" in note, "residue" in note) for note in notes] == [
        (True, False),
        (False, True),
    ]


def test_what_cannot_run_is_said(model, prompt):
    full = Prompt.from_protein(prompt.template)
    with pytest.raises(SamplingError, match="nothing is masked on sequence"):
        Trajectory(model, full, Recipe.parse("sequence:3"))
    with pytest.raises(SamplingError, match="seed is -1"):
        Trajectory(model, prompt, Recipe.parse("sequence:3"), seed=-1)
    done = run(model, prompt, "sequence:2")
    with pytest.raises(SamplingError, match="all 2 steps are made"):
        done.advance()
    with pytest.raises(SamplingError, match="cannot rewind to step 3"):
        done.rewind(3)


def test_a_protein_too_long_for_the_model_is_refused_with_its_length(model):
    with pytest.raises(PromptError, match="2047 residues; ESM3 takes at most 2046"):
        Trajectory(model, Prompt.blank(2047), Recipe.parse("sequence:1"))


def test_peer_defect_9_chains_stay_apart_and_pae_has_a_row_per_residue(model):
    """The reference's PAE is two larger each way, and breaks get ordinary structure tokens."""
    protein = Protein(SEQUENCE, strand(22), chain_id=np.array(["A"] * 9 + ["B"] * 13))
    trajectory = run(model, Prompt.from_protein(protein).mask("B:13-17"), "sequence:2,structure:2")
    assert trajectory.plan.layout.length == 22 + 3
    assert trajectory.plan.layout.breaks.tolist() == [10]
    row = to_rows([trajectory.tokens()], [trajectory.plan.layout])
    assert row.structure[0, 10] == TRACKS[Track.STRUCTURE].chain_break == 4100
    assert (row.structure[0, trajectory.plan.layout.rows] < 4096).all()
    result = trajectory.protein()
    assert result.chains == ("A", "B")
    assert result.confidence.plddt.shape == (22,)
    assert result.confidence.pae.shape == (22, 22)
