import sys

import pytest
import torch
from reference import import_reference

from workbench.errors import SamplingError
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.sampling.goals import Goal, Goals, Reward
from workbench.sampling.guidance import Guidance
from workbench.sampling.passes import cost, passes_of, temperature_at
from workbench.sampling.recipe import Recipe
from workbench.sampling.stage_options import SCHEDULES
from workbench.sampling.step import Outcome

TEXTS = (
    "sequence:8(refine=2)",
    "sequence:8(strategy=entropy;gibbs=12;share=0.1)",
    "structure:8(gate=ptm>0.6;retries=5)",
    "structure:8(gate=ptm>=0.6+rmsd<1.5)",
    "sequence:8(guide=ss8:2+IPR000719:1.5)",
    "sequence:8(guide=Active%20site%2C%20%28zinc%29:0.5)",
    "sequence:8(best=4;every=2;reward=plddt;subject=ptm>0.75),structure:4",
    "sequence:8(temperature=0.7;best=16;reward=ptm>0.75)",
)


@pytest.mark.parametrize("text", TEXTS)
def test_a_steered_recipe_reads_back_what_it_writes(text):
    assert str(Recipe.parse(text)) == text
    assert Recipe.parse(str(Recipe.parse(text))) == Recipe.parse(text)


def test_a_label_with_commas_and_brackets_survives_the_text():
    guidance = Guidance((("Active site, (zinc)", 0.5),))
    assert Guidance.parse(str(guidance)) == guidance


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sequence:3(refine=some)", "refine is 'some'; give a whole number"),
        ("sequence:3(refine=5000)", "refine 5000; give a whole number from 0 to 1000"),
        ("sequence:3(share=0)", "share 0.0"),
        ("sequence:3(best=0)", "best 0"),
        ("structure:3(gate=ptm)", "cannot read the goal 'ptm'"),
        ("structure:3(gate=ptm>high)", "cannot read the goal 'ptm>high'"),
        ("sequence:3(guide=ss8)", "cannot read the guidance 'ss8'"),
        ("sequence:3(guide=ss8:1+ss8:2)", "names something twice"),
        ("sequence:3(guide=ss8:1000)", "guidance weight of ss8 is 1000"),
    ],
)
def test_nonsense_in_a_steered_recipe_is_named(text, words):
    with pytest.raises(SamplingError, match=words):
        Recipe.parse(text)


def counted(text: str, masked: int = 40) -> list[tuple[int, int]]:
    """(masked again, filled) of every pass."""
    passes = passes_of(Recipe.parse(text), lambda track: masked)
    return [(planned.remask.count if planned.remask else 0, planned.count) for planned in passes]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("masked", [1, 3, 40])
def test_every_residue_masked_again_is_filled_again_and_no_pass_is_empty(text, masked):
    passes = counted(text, masked)
    stages = len(Recipe.parse(text).stages)
    assert sum(filled for _, filled in passes) == stages * masked + sum(n for n, _ in passes)
    assert min(filled for _, filled in passes) >= 1


def test_refining_rounds_follow_the_filling():
    assert counted("sequence:4(schedule=linear;refine=2;share=0.5)") == [
        *[(0, 10)] * 4,
        *[(20, 10), (0, 10)] * 2,
    ]


def test_gibbs_passes_draw_a_share_anew_at_once():
    assert counted("sequence:1(gibbs=3;share=0.1)") == [(0, 40), (4, 4), (4, 4), (4, 4)]


def test_a_later_stage_may_refine_what_an_earlier_one_filled_and_fills_nothing_twice():
    passes = passes_of(Recipe.parse("sequence:4,structure:2,sequence:4(refine=1)"), lambda t: 40)
    assert [planned.remask is not None for planned in passes if planned.stage == 2] == [True]
    assert sum(planned.filling for planned in passes) == 6


def test_annealing_runs_over_the_filling_and_rounds_keep_its_end():
    recipe = Recipe.parse("sequence:4(schedule=linear;temperature=0.9;annealing=published;gibbs=2)")
    passes, stage = passes_of(recipe, lambda track: 40), recipe.stages[0]
    alone = [stage.temperature_at(step, 4) for step in range(4)]
    assert [temperature_at(passes, i, stage) for i in range(6)] == alone + [alone[-1]] * 2


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize(("steps", "masked"), [(100, 100), (20, 37), (50, 12), (7, 300)])
def test_the_published_annealing_is_the_reference_s_at_every_pass(schedule, steps, masked):
    """It counts the steps that fill nothing; these take no pass here."""
    import_reference()
    left_at = sys.modules["esm.utils.noise_schedules"].NOISE_SCHEDULE_REGISTRY[
        {"square_root": "square_root_schedule"}.get(schedule, schedule)
    ]
    temperature = sys.modules["esm.utils.generation"]._get_annealed_temperature
    theirs, before, planned = [], masked, min(steps, masked)
    for step in range(planned):
        masked_left = int(left_at(torch.tensor((step + 1) / planned)) * masked + 0.1)
        if masked_left < before:
            theirs.append((before - masked_left, temperature(step, planned, 0.9)))
        before = masked_left
    recipe = Recipe.parse(
        f"sequence:{steps}(schedule={schedule};temperature=0.9;annealing=published)"
    )
    passes = passes_of(recipe, lambda track: masked)
    ours = [
        (planned.count, temperature_at(passes, i, recipe.stages[0]))
        for i, planned in enumerate(passes)
    ]
    assert [count for count, _ in ours] == [count for count, _ in theirs]
    assert [t for _, t in ours] == pytest.approx([t for _, t in theirs])


def prompt() -> Prompt:
    protein = Protein("MKTAYIAKQRQISFVKSHFSRQMKTAYIAKQR", ss8="H" * 32)
    return Prompt.blank(protein).restore(slice(None), "ss8")


@pytest.mark.parametrize(
    ("recipe", "text"),
    [
        ("sequence:32(schedule=linear)", "32 passes"),
        ("sequence:1", "1 pass"),
        ("sequence:32(schedule=linear;guide=ss8:2)", "64 passes instead of 32"),
        ("sequence:32(schedule=linear;guide=ss8:0)", "32 passes"),
        ("sequence:32(schedule=linear;guide=structure:2)", "32 passes"),
        ("sequence:4(gibbs=6)", "10 passes instead of 4"),
        ("sequence:4(best=8;every=2)", "20 passes instead of 4, 16 structures decoded"),
        (
            "structure:4,sequence:4(gate=ptm>0.5;retries=2)",
            "8 passes, 1 structure decoded, up to 16 passes with retries",
        ),
    ],
)
def test_the_cost_is_known_before_a_run(recipe, text):
    assert str(cost(Recipe.parse(recipe), prompt())) == text


def test_guiding_by_what_the_prompt_does_not_have_is_refused():
    with pytest.raises(SamplingError, match="the prompt has no 'kinase' to guide by; it has"):
        cost(Recipe.parse("sequence:3(guide=kinase:2)"), prompt())


def test_a_goal_is_missed_by_a_share_of_its_bound_and_on_its_own_side_only():
    above, below = Goal.parse("ptm>0.8"), Goal.parse("rmsd<2")
    assert above.distance(0.6) == pytest.approx(0.25)
    assert above.distance(0.9) == 0
    assert below.distance(3.0) == pytest.approx(0.5)
    assert below.distance(1.0) == 0
    assert [above.reached(v) for v in (0.79, 0.8, 0.81, float("nan"))] == [
        False,
        False,
        True,
        False,
    ]
    assert Goal.parse("ptm>=0.8").reached(0.8)


def test_all_goals_must_be_reached():
    goals = Goals.parse("ptm>0.6+rmsd<1.5")
    assert goals.reached({"ptm": 0.7, "rmsd": 1.0})
    assert not goals.reached({"ptm": 0.7, "rmsd": 2.0})
    assert not Outcome(0, 0, goals, {"ptm": 0.5, "rmsd": 1.0}).passed


def test_less_is_better_for_a_distance_and_more_for_confidence():
    assert Reward.parse("rmsd").of({"rmsd": 1.0}) > Reward.parse("rmsd").of({"rmsd": 2.0})
    assert Reward.parse("ptm").of({"ptm": 0.8}) > Reward.parse("ptm").of({"ptm": 0.2})
    assert Reward.parse("ptm").of({"ptm": float("nan")}) == float("-inf")


def test_peer_defect_19_a_constraint_pulls_towards_its_own_side():
    """Peer defect 19: under "pTM ≥ 0.75" the reference prefers 0.20 to 0.80."""
    reward = Reward.parse("ptm>=0.75")
    assert reward.of({"ptm": 0.80}) > reward.of({"ptm": 0.74}) > reward.of({"ptm": 0.20})
    assert reward.of({"ptm": 0.80}) == reward.of({"ptm": 0.95}) == 0
