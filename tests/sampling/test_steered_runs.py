"""Steered runs on a small random model; every property holds for any weights."""

import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from ideal_chains import strand
from invented_tables import write_function_tables
from toys import SEQUENCE, batches

from workbench.constants import AMINO_ACIDS
from workbench.errors import PromptError, SamplingError
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.sampling.forward import choices, residue_logits
from workbench.sampling.goals import BatchScore
from workbench.sampling.judging import judged_proteins
from workbench.sampling.next_step import guided, upcoming
from workbench.sampling.recipe import Recipe
from workbench.sampling.trajectory import Trajectory, advance_together
from workbench.tokenizers.codec import encode, to_rows
from workbench.tokenizers.layout import Layout
from workbench.tokenizers.residue import AMINO_ACID_IDS
from workbench.tracks import TRACKS, Track


def planned(model, prompt, recipe, seed=1, **options) -> Trajectory:
    return Trajectory(model, prompt, Recipe.parse(recipe), seed, **options)


def run(model, prompt, recipe, seed=1, **options) -> Trajectory:
    trajectory = planned(model, prompt, recipe, seed, **options)
    list(trajectory)
    return trajectory


def same(one, other) -> bool:
    return all(np.array_equal(getattr(one, t.value), getattr(other, t.value)) for t in Track)


def rank(protein: Protein) -> float:
    """A score that hardly two sequences share."""
    return float(sum(AMINO_ACIDS.find(letter) for letter in protein.sequence))


def prompt_with_helix() -> Prompt:
    protein = Protein(SEQUENCE, strand(22), ss8="H" * 22)
    return Prompt.from_protein(protein, ["structure", "ss8"]).mask("5-20", "structure")


# -- constraints ---------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [1, 4])
@pytest.mark.parametrize("seed", range(4))
def test_no_forbidden_motif_arises_even_when_one_pass_fills_everything(model, steps, seed):
    only = Prompt.blank(50).allow(slice(None), "NSTG")
    recipe = f"sequence:{steps}(temperature=5)"
    free = run(model, only, recipe, seed).protein().sequence
    assert re.search(r"(?=N.[ST])", free)
    guarded = run(model, only.forbid_motif("N-X-S/T"), recipe, seed)
    assert not re.search(r"(?=N.[ST])", guarded.protein().sequence)
    assert set(guarded.protein().sequence) <= set("NSTG")


def test_a_sampled_residue_does_not_complete_a_motif_with_given_ones(model):
    protein = Protein("ANGANGANGANGA")
    prompt = Prompt.from_protein(protein, "sequence").mask([3, 6, 9, 12], "sequence")
    prompt = prompt.allow(slice(None), "STA").forbid_motif("N-X-S/T")
    assert run(model, prompt, "sequence:2").protein().sequence == protein.sequence


def test_a_forbidden_motif_that_is_given_is_told_and_left(model):
    prompt = Prompt.from_protein(Protein("ANGSAAAAAN_S"), "sequence").mask("7", "sequence")
    trajectory = run(model, prompt.forbid_motif("N-X-S/T"), "sequence:2")
    given, forced = trajectory.notes
    assert "N-X-S/T is given and stays at A:2 to A:4" in given
    assert "cannot be avoided at A:10 to A:12" in forced
    assert trajectory.protein().sequence.startswith("ANGSAA")


def test_a_dead_end_between_two_motifs_is_filled_and_said(model):
    prompt = Prompt.from_protein(Protein("K_R"), "sequence").allow("2", "AG")
    trajectory = run(model, prompt.forbid_motif("K-A").forbid_motif("G-R"), "sequence:1")
    (note,) = trajectory.steps[0].notes
    assert "no allowed residue at A:2 avoids every motif" in note
    assert trajectory.protein().sequence in ("KAR", "KGR")


def test_motifs_leave_a_sequence_without_them_as_it_was(model, prompt):
    plain = run(model, prompt, "sequence:5").protein().sequence
    watched = prompt.forbid_motif("W-W-W-W-W-W")
    assert run(model, watched, "sequence:5").protein().sequence == plain


def test_a_bias_of_ln_2_doubles_the_odds(model):
    prompt = Prompt.blank(9)
    column = AMINO_ACIDS.index("W")
    biased = prompt.bias([4], {"W": np.log(2)})
    chances = []
    for one in (prompt, biased):
        trajectory = planned(model, one, "sequence:1")
        (logits,) = residue_logits(
            model, [trajectory.plan.start], [trajectory.plan.layout], {Track.SEQUENCE}
        )
        allowed = choices(trajectory.plan, Track.SEQUENCE, logits[Track.SEQUENCE], np.array([3, 4]))
        chances.append(allowed.softmax(-1)[:, AMINO_ACID_IDS].detach().numpy())
    odds = [one[1, column] / (1 - one[1, column]) for one in chances]
    assert odds[1] / odds[0] == pytest.approx(2, rel=1e-4)
    np.testing.assert_array_equal(chances[0][0], chances[1][0])


def test_a_strong_bias_decides(model):
    letters = run(model, Prompt.blank(20).bias("3-9", {"W": 500}), "sequence:3").protein().sequence
    assert letters[2:9] == "W" * 7


def plddt_read(model, prompt) -> tuple[float, np.ndarray]:
    """What the trunk reads of a prompt: the mean pLDDT, and that of each residue."""
    rows = to_rows([encode(prompt, model)], [Layout.of(prompt.template)])
    (mean,) = rows.average_plddt.unique().tolist()
    return mean, rows.residue_plddt[0, 1:-1].numpy()


def test_residues_with_coordinates_have_a_plddt_of_1_and_what_is_told_comes_first(model, prompt):
    placed = (~prompt.masked(Track.STRUCTURE)).astype(float)
    mean, each = plddt_read(model, prompt)
    assert mean == 1
    assert each.tolist() == placed.tolist()
    sure = prompt.with_plddt("1", 0.5).with_plddt("5-6", 0.8)
    mean, each = plddt_read(model, sure)
    expected = placed.copy()
    expected[[0, 4, 5]] = 0.5, 0.8, 0.8
    assert each == pytest.approx(expected)
    assert mean == pytest.approx(expected[expected > 0].mean())


def test_a_model_that_never_saw_a_plddt_reads_what_is_told_and_else_its_default(model, prompt):
    trunk = replace(model.config.trunk, plddt_of_coordinates=0)
    older = replace(model, config=replace(model.config, trunk=trunk))
    mean, each = plddt_read(older, prompt)
    assert (mean, each.any()) == (1, False)
    sure = prompt.with_plddt("3-4", 0.6).with_plddt("5-6", 0.8)
    mean, each = plddt_read(older, sure)
    assert mean == pytest.approx(0.7)
    assert each[2:6] == pytest.approx([0.6, 0.6, 0.8, 0.8])
    assert np.count_nonzero(each) == 4
    again = sure.with_plddt(slice(None), None)
    assert np.isnan(again.plddt).all()
    with pytest.raises(PromptError, match="a pLDDT of 90 is outside 0 to 1"):
        prompt.with_plddt("3", 90)


# -- rounds --------------------------------------------------------------------------------------


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
    opening = next(i for i, one in enumerate(trajectory.plan.passes) if one.remask)
    for _ in range(opening):
        trajectory.advance()
    chance = trajectory.steps[-1].probability
    again = upcoming(trajectory.plan, trajectory.steps).before.masked(Track.SEQUENCE)
    sampled = np.isfinite(chance)
    assert again.sum() == trajectory.plan.passes[opening].remask.count
    assert chance[again].max() <= chance[sampled & ~again].min()


def test_a_residue_masked_again_has_no_probability_until_it_is_filled_again(model, prompt):
    trajectory = planned(model, prompt, "sequence:5(refine=1;share=0.5)")
    opening = next(i for i, one in enumerate(trajectory.plan.passes) if one.remask)
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


# -- gates ---------------------------------------------------------------------------------------

HOT = "sequence:4(temperature=5;{}),structure:2"
RANK = {"rank": rank}


def test_a_stage_is_sampled_again_until_its_gate_is_passed(model, prompt):
    first = rank(run(model, prompt, "sequence:4(temperature=5)").protein())
    gate = HOT.format(f"gate=rank>{first};retries=50")
    trajectory = run(model, prompt, gate, scores=RANK)
    tried = trajectory.outcomes
    assert [one.passed for one in tried] == [False] * (len(tried) - 1) + [True]
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
    found = [one.values["rank"] for one in trajectory.outcomes]
    assert len(found) == 6
    assert len(set(found)) > 1
    assert rank(trajectory.protein()) == max(found)
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
    with pytest.raises(SamplingError, match="no metric 'beauty'; use ptm, plddt"):
        planned(model, prompt, "sequence:3(gate=beauty>1)")


# -- guidance ------------------------------------------------------------------------------------


def test_guidance_adds_the_difference_that_a_track_makes(model):
    prompt, weight = prompt_with_helix(), 2.5
    trajectory = planned(model, prompt, f"sequence:3(guide=ss8:{weight})")
    coming = upcoming(trajectory.plan, trajectory.steps)
    layouts = [trajectory.plan.layout] * 2
    both = residue_logits(model, coming.rows, layouts, {Track.SEQUENCE})
    bare = planned(model, prompt.mask(slice(None), "ss8"), "sequence:3").plan.start
    tokens = [trajectory.plan.start, bare]
    plain, without = (
        one[Track.SEQUENCE] for one in residue_logits(model, tokens, layouts, {Track.SEQUENCE})
    )
    expected = (1 + weight) * plain - weight * without
    torch.testing.assert_close(guided(coming, Track.SEQUENCE, both)[Track.SEQUENCE], expected)


def test_guidance_makes_likelier_what_the_track_makes_likelier(model):
    """Peer defect 19 is a sign turned round; here more weight is more of the track."""
    prompt = prompt_with_helix()
    chances = []
    for weight in (0, 1, 4):
        trajectory = planned(model, prompt, f"sequence:3(guide=ss8:{weight})")
        coming = upcoming(trajectory.plan, trajectory.steps)
        layouts = [trajectory.plan.layout] * len(coming.rows)
        logits = residue_logits(model, coming.rows, layouts, {Track.SEQUENCE})
        own = guided(coming, Track.SEQUENCE, logits)[Track.SEQUENCE][:, AMINO_ACID_IDS]
        chances.append(own.log_softmax(-1).detach())
    bare = planned(model, prompt.mask(slice(None), "ss8"), "sequence:3")
    (without,) = residue_logits(model, [bare.plan.start], [bare.plan.layout], {Track.SEQUENCE})
    without = without[Track.SEQUENCE][:, AMINO_ACID_IDS].log_softmax(-1)
    favoured = (chances[0] - without).argmax(-1, keepdim=True)
    at = [one.gather(-1, favoured) for one in chances]
    assert (at[1] >= at[0]).all()
    assert (at[2] >= at[1]).all()


@pytest.mark.parametrize("guide", ["ss8:0", "sasa:3"])
def test_weight_0_or_an_empty_track_is_exactly_plain_and_costs_nothing(model, guide):
    prompt = prompt_with_helix()
    steered, plain = (
        run(model, prompt, recipe) for recipe in (f"sequence:5(guide={guide})", "sequence:5")
    )
    assert same(steered.tokens(), plain.tokens())
    assert steered.cost == plain.cost


def test_guidance_hides_what_was_given_and_not_what_was_sampled(model, prompt):
    trajectory = planned(model, prompt, "structure:4(guide=structure:2)")
    trajectory.advance()
    coming = upcoming(trajectory.plan, trajectory.steps)
    ((_, bare),) = coming.unguided
    given = ~trajectory.plan.start.masked(Track.STRUCTURE)
    assert (bare.structure[given] == TRACKS[Track.STRUCTURE].mask).all()
    assert np.isnan(bare.backbone).all()
    assert np.array_equal(bare.structure[~given], coming.before.structure[~given])
    assert np.array_equal(bare.sequence, coming.before.sequence)


def test_guidance_by_one_annotation_leaves_the_others(model, prompt, tmp_path):
    reading = replace(model, folder=write_function_tables(tmp_path, seed=0))
    both = prompt.annotate("word3", "3-6").annotate("word5", "9-12")
    guided_run = planned(reading, both, "sequence:2(guide=word3:1.5)")
    ((_, bare),) = upcoming(guided_run.plan, guided_run.steps).unguided
    alone = planned(reading, prompt.annotate("word5", "9-12"), "sequence:2").plan.start
    assert np.array_equal(bare.function, alone.function)
    assert np.array_equal(bare.structure, alone.structure)


def test_a_guided_run_is_the_same_in_a_batch(model, prompt):
    jobs = [
        (prompt_with_helix(), "sequence:4(guide=ss8:2+structure:1)", 1),
        (prompt, "sequence:3,structure:3", 1),
        (Prompt.blank(41), "sequence:3(best=3;reward=rank)", 5),
    ]
    together = [planned(model, *job, scores=RANK) for job in jobs]
    while waiting := [t for t in together if not t.done]:
        advance_together(waiting)
    for trajectory, job in zip(together, jobs, strict=True):
        assert same(trajectory.tokens(), run(model, *job, scores=RANK).tokens())


# -- best of several -----------------------------------------------------------------------------


def recorded(into: list[float], score):
    def scored(protein: Protein) -> float:
        into.append(score(protein))
        return into[-1]

    return scored


def test_the_best_candidate_is_kept_and_not_the_last(model, prompt):
    """Peer defect 19: the reference keeps the latest candidate."""
    seen: list[float] = []
    scores = {"mine": recorded(seen, rank)}
    for step in planned(model, prompt, "sequence:3(best=5;reward=mine)", scores=scores):
        assert len(seen) == 5
        assert step.reward == max(seen)
        seen.clear()
    chosen = run(model, prompt, "sequence:1(best=5;reward=mine)", scores=scores)
    assert rank(chosen.protein()) == max(seen)


def test_candidates_are_completed_decoded_and_scored_in_one_batch(model, prompt):
    asked = []

    @BatchScore
    def together(proteins: list[Protein]) -> np.ndarray:
        asked.append(len(proteins))
        return np.array([rank(one) for one in proteins])

    scores = {"mine": together, "alone": rank}
    with batches(model.trunk) as completed, batches(model.structure_decoder) as decoded:
        batched = run(model, prompt, "sequence:3(best=5;reward=mine)", scores=scores)
    assert decoded == asked == [5, 5, 5]
    assert completed == [1, 5] * 3
    one_by_one = run(model, prompt, "sequence:3(best=5;reward=alone)", scores=scores)
    assert same(batched.tokens(), one_by_one.tokens())
    assert [one.reward for one in batched.steps] == [one.reward for one in one_by_one.steps]


def test_a_score_for_a_batch_must_give_a_number_for_each_protein(model, prompt):
    scores = {"mine": BatchScore(lambda proteins: [1.0])}
    with pytest.raises(SamplingError, match="'mine' gave 1 numbers for 5 proteins"):
        run(model, prompt, "sequence:3(best=5;reward=mine)", scores=scores)


def test_candidates_that_meet_the_constraint_come_first(model, prompt):
    """Peer defect 19: the reference's constraints push the wrong way."""
    seen: list[float] = []
    scores = {"mine": recorded(seen, rank), "less": lambda protein: -rank(protein)}
    recipe = "sequence:1(temperature=5;best=6;reward=less{})"
    run(model, prompt, "sequence:1(temperature=5;best=6;reward=mine)", scores=scores)
    free = run(model, prompt, recipe.format(""), scores=scores)
    assert rank(free.protein()) == min(seen)
    bound = float(np.median(seen))
    bounded = run(model, prompt, recipe.format(f";subject=mine>={bound}"), scores=scores)
    assert rank(bounded.protein()) == min(value for value in seen if value >= bound)
    never = run(model, prompt, recipe.format(";subject=mine>=99999"), scores=scores)
    assert rank(never.protein()) == max(seen)


def test_one_candidate_is_exactly_plain_and_the_first_of_several_is_the_plain_one(model, prompt):
    plain = run(model, prompt, "sequence:4")
    assert same(run(model, prompt, "sequence:4(best=1)").tokens(), plain.tokens())
    equal = run(model, prompt, "sequence:4(best=3;reward=none)", scores={"none": lambda p: 0.0})
    assert same(equal.tokens(), plain.tokens())


def test_candidates_are_drawn_at_every_nth_pass_and_at_the_last(model, prompt):
    trajectory = run(model, prompt, "sequence:5(schedule=linear;best=2;every=3)")
    assert [step.reward is not None for step in trajectory.steps] == [
        False,
        False,
        True,
        False,
        True,
    ]


def test_candidates_are_judged_as_the_proteins_they_lead_to(model, prompt):
    trajectory = planned(model, prompt, "sequence:4")
    (protein,) = judged_proteins(trajectory.plan, [trajectory.plan.start])
    assert set(protein.sequence) <= set(AMINO_ACIDS)
    assert np.isfinite(protein.coordinates[:, :3]).all()
    given = ~prompt.masked(Track.SEQUENCE)
    kept = np.array(list(protein.sequence))[given]
    assert np.array_equal(kept, prompt.sequence[given])


# -- branches ------------------------------------------------------------------------------------


def test_a_branch_takes_the_rounds_and_gates_that_are_left(model, prompt):
    trajectory = run(model, prompt, "sequence:5(refine=2),structure:3(gate=ptm>2;retries=1)")
    branch = trajectory.branch(2, seed=9)
    assert branch.recipe.stages[0].refine == 2
    assert str(branch.recipe.stages[1].gate) == "ptm>2"
    list(branch)
    assert not branch.tokens().masked(Track.STRUCTURE).any()
