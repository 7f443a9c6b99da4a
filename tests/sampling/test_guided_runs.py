"""Guidance, and the best of several candidates; any weights will do."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from invented_tables import write_function_tables
from runs import RANK, planned, prompt_with_helix, rank, run, same
from toys import SEQUENCE, batches

from workbench.constants import AMINO_ACIDS
from workbench.errors import SamplingError
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.sampling.forward import residue_logits
from workbench.sampling.goals import BatchScore
from workbench.sampling.judging import judged_proteins
from workbench.sampling.next_step import guided, upcoming
from workbench.sampling.trajectory import advance_together
from workbench.tokenizers.residue import AMINO_ACID_IDS
from workbench.tracks import TRACKS, Track


def test_guidance_adds_the_difference_that_a_track_makes(model):
    prompt, weight = prompt_with_helix(), 2.5
    trajectory = planned(model, prompt, f"sequence:3(guide=ss8:{weight})")
    coming = upcoming(trajectory.plan, trajectory.steps)
    layouts = [trajectory.plan.layout] * 2
    both = residue_logits(model, coming.rows, layouts, {Track.SEQUENCE})
    bare = planned(model, prompt.mask(slice(None), "ss8"), "sequence:3").plan.start
    tokens = [trajectory.plan.start, bare]
    plain, without = (
        by_track[Track.SEQUENCE]
        for by_track in residue_logits(model, tokens, layouts, {Track.SEQUENCE})
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
    at = [row.gather(-1, favoured) for row in chances]
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


def test_candidates_are_completed_decoded_and_scored_in_one_batch(model):
    prompt = Prompt.from_protein(Protein(SEQUENCE * 2)).mask("3-18", "sequence")
    sizes = []

    @BatchScore
    def together(proteins: list[Protein]) -> np.ndarray:
        sizes.append(len(proteins))
        return np.array([rank(protein) for protein in proteins])

    scores = {"mine": together, "alone": rank}
    with batches(model.trunk) as completed, batches(model.structure_decoder) as decoded:
        batched = run(model, prompt, "sequence:3(best=5;reward=mine)", scores=scores)
    assert decoded == sizes == [5, 5, 5]
    assert completed == [1, 5] * 3
    one_by_one = run(model, prompt, "sequence:3(best=5;reward=alone)", scores=scores)
    assert same(batched.tokens(), one_by_one.tokens())
    assert [step.reward for step in batched.steps] == [step.reward for step in one_by_one.steps]


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
