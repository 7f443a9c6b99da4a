"""Stages that are sampled again: refining, Gibbs sweeps and gates; any weights will do."""

import numpy as np
import pytest
from runs import RANK, planned, prompt_with_helix, rank, run, same

from workbench.errors import SamplingError
from workbench.sampling.next_step import upcoming
from workbench.tracks import Track


@pytest.mark.parametrize(
    "recipe", ["sequence:5(refine=2)", "sequence:3(gibbs=6)", "structure:3,sequence:4(refine=1)"]
)
def test_rounds_fill_all_again_and_leave_what_was_given(model, prompt, recipe):
    trajectory = run(model, prompt, recipe)
    tokens, start = trajectory.tokens(), trajectory.plan.start
    given = ~start.masked(Track.SEQUENCE)
    assert not tokens.masked(Track.SEQUENCE).any()
    assert np.array_equal(tokens.sequence[given], start.sequence[given])
    assert trajectory.done


def test_refining_masks_the_least_sure_again(model, prompt):
    trajectory = planned(model, prompt, "sequence:5(refine=1)")
    opening = next(i for i, planned in enumerate(trajectory.plan.passes) if planned.remask)
    for _ in range(opening):
        trajectory.advance()
    chance = trajectory.steps[-1].probability
    again = upcoming(trajectory.plan, trajectory.steps).before.masked(Track.SEQUENCE)
    sampled = np.isfinite(chance)
    assert again.sum() == trajectory.plan.passes[opening].remask.count
    assert chance[again].max() <= chance[sampled & ~again].min()


def test_a_residue_masked_again_has_no_probability_until_it_is_filled_again(model, prompt):
    trajectory = planned(model, prompt, "sequence:5(refine=1;share=0.5)")
    opening = next(i for i, planned in enumerate(trajectory.plan.passes) if planned.remask)
    for _ in range(opening + 1):
        step = trajectory.advance()
    sure = np.isfinite(step.probability)
    free = trajectory.plan.start.masked(Track.SEQUENCE)
    assert step.tokens.masked(Track.SEQUENCE).any()
    assert np.array_equal(sure, free & ~step.tokens.masked(Track.SEQUENCE))


def test_one_gibbs_sweep_draws_every_sampled_residue_once(model, prompt):
    trajectory = run(model, prompt, "sequence:3(gibbs=4;share=0.25)")
    sweep = np.concatenate([step.positions for step in trajectory.steps[-4:]])
    free = np.flatnonzero(trajectory.plan.start.masked(Track.SEQUENCE))
    assert np.array_equal(np.sort(sweep), free)


def test_a_stage_before_its_rounds_makes_the_same_tokens_as_alone(model, prompt):
    plain, refined = run(model, prompt, "sequence:5"), run(model, prompt, "sequence:5(refine=2)")
    assert same(refined.tokens(plain.total), plain.tokens())


HOT = "sequence:4(temperature=5;{}),structure:2"


def test_a_stage_is_sampled_again_until_its_gate_is_passed(model, prompt):
    first = rank(run(model, prompt, "sequence:4(temperature=5)").protein())
    gate = HOT.format(f"gate=rank>{first};retries=50")
    trajectory = run(model, prompt, gate, scores=RANK)
    tried = trajectory.outcomes
    assert [attempt.passed for attempt in tried] == [False] * (len(tried) - 1) + [True]
    assert len(tried) > 1
    assert tried[0].values == {"rank": first}
    assert rank(trajectory.protein()) > first
    assert trajectory.total == len(trajectory.steps)
    assert not trajectory.stopped


def test_a_gate_passed_at_once_changes_no_token(model, prompt):
    gated = run(model, prompt, HOT.format("gate=rank>0"), scores=RANK)
    plain = run(model, prompt, "sequence:4(temperature=5),structure:2")
    assert same(gated.tokens(), plain.tokens())


def test_a_gate_that_is_never_passed_stops_the_run_with_the_best_attempt(model, prompt):
    trajectory = run(model, prompt, HOT.format("gate=rank>9999;retries=5"), scores=RANK)
    ranks = [outcome.values["rank"] for outcome in trajectory.outcomes]
    assert len(ranks) == 6
    assert len(set(ranks)) > 1
    assert rank(trajectory.protein()) == max(ranks)
    assert trajectory.done
    assert trajectory.tokens().masked(Track.STRUCTURE).any()
    assert "the sequence stage missed rank>9999 in 6 attempts" in trajectory.stopped
    with pytest.raises(SamplingError, match=r"missed rank>9999.*rewind or start another run"):
        trajectory.advance()


@pytest.mark.parametrize("bound", [100, 9999])
@pytest.mark.parametrize("back", [0, 2, 3])
def test_rewinding_into_a_gated_stage_makes_the_same_tokens_again(model, prompt, bound, back):
    recipe = HOT.format(f"gate=rank>{bound};retries=4")
    trajectory = run(model, prompt, recipe, scores=RANK)
    tokens, outcomes = trajectory.tokens(), trajectory.outcomes
    trajectory.rewind(back)
    list(trajectory)
    assert same(trajectory.tokens(), tokens)
    assert trajectory.outcomes == outcomes


@pytest.mark.parametrize("metric", ["ptm", "plddt", "rmsd", "ss8"])
def test_every_metric_can_be_a_gate_before_the_structure_is_sampled(model, metric):
    trajectory = run(model, prompt_with_helix(), f"sequence:3(gate={metric}>0;retries=0)")
    (outcome,) = trajectory.outcomes
    assert np.isfinite(outcome.values[metric])


def test_watching_the_predicted_structure_changes_no_gate(model, prompt):
    recipe = "sequence:3(gate=plddt>0.99;retries=2)"
    predicting, without = (run(model, prompt, recipe, predict_structure=g) for g in (True, False))
    assert predicting.outcomes == without.outcomes
    assert same(predicting.tokens(), without.tokens())


def test_an_unknown_metric_is_refused_before_the_run(model, prompt):
    with pytest.raises(SamplingError, match="no metric 'beauty'; use motif_rmsd, painted_ss8"):
        planned(model, prompt, "sequence:3(gate=beauty>1)")


def test_a_branch_takes_the_rounds_and_gates_that_are_left(model, prompt):
    trajectory = run(model, prompt, "sequence:5(refine=2),structure:3(gate=ptm>2;retries=1)")
    branch = trajectory.branch(2, seed=9)
    assert branch.recipe.stages[0].refine == 2
    assert str(branch.recipe.stages[1].gate) == "ptm>2"
    list(branch)
    assert not branch.tokens().masked(Track.STRUCTURE).any()
