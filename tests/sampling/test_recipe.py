import subprocess
import sys

import numpy as np
import pytest

from workbench.errors import SamplingError
from workbench.sampling.goals import Goal, Goals
from workbench.sampling.guidance import MAX_WEIGHT, Guidance
from workbench.sampling.recipe import Recipe, Stage, fillings
from workbench.sampling.settings import RunSettings
from workbench.sampling.stage_options import SCHEDULES
from workbench.tracks import Track


def counts_of(stage: Stage, masked: int) -> list[int]:
    return [count for _, count in fillings(stage, masked)]


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("steps", [1, 2, 7, 64, 500])
@pytest.mark.parametrize("masked", [1, 5, 100])
def test_every_plan_fills_every_residue_and_wastes_no_pass(schedule, steps, masked):
    counts = counts_of(Stage(Track.SEQUENCE, steps, schedule), masked)
    assert sum(counts) == masked
    assert min(counts) >= 1
    assert len(counts) <= min(steps, masked)


def test_peer_defect_15_cosine_with_a_step_per_residue_makes_no_empty_pass():
    # The published rule leaves 21 of 100 passes without a residue; those are not made.
    assert len(counts_of(Stage(Track.SEQUENCE, 100, "cosine"), 100)) == 79


def test_cosine_fills_few_residues_first_and_linear_the_same_number_always():
    cosine = counts_of(Stage(Track.SEQUENCE, 8, "cosine"), 80)
    assert cosine == sorted(cosine)
    assert counts_of(Stage(Track.SEQUENCE, 8, "linear"), 80) == [10] * 8


@pytest.mark.parametrize(
    "text",
    [
        "sequence:8",
        "sequence:8,structure:20",
        "ss8:4(schedule=linear),sasa:3(strategy=entropy;temperature=0.7;top_p=0.9)",
        "sequence:9(annealing=published)",
    ],
)
def test_a_recipe_reads_back_what_it_writes(text):
    assert str(Recipe.parse(text)) == text
    assert Recipe.parse(str(Recipe.parse(text))) == Recipe.parse(text)


@pytest.mark.parametrize("number", [0.1 + 0.2, 1 / 3, 2 / 3, 1e20, 1e-20, 123456789.125, 5.0, -2.5])
def test_a_number_in_a_recipe_keeps_every_digit(number):
    goals = Goals((Goal("ptm", ">=", number), Goal("plddt", "<", -number)))
    assert Goals.parse(str(goals)) == goals
    assert Goal.parse(str(Goal("ptm", ">", 0.6))).bound == 0.6
    if abs(number) <= MAX_WEIGHT:
        guidance = Guidance((("ss8", number), ("sasa", 0.25)))
        assert Guidance.parse(str(guidance)) == guidance


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cannot read ''"),
        ("sequence", "cannot read 'sequence'"),
        ("sequence:0", "0 steps"),
        ("colour:3", "no track 'colour'"),
        ("sequence:3(schedule=sine)", "no schedule 'sine'.*cosine"),
        ("sequence:3(strategy=best)", "no strategy 'best'.*random, entropy"),
        ("sequence:3(annealing=slow)", "no annealing 'slow'.*published"),
        ("sequence:3(temperature=hot)", "temperature is 'hot'"),
        ("sequence:3(temperature=-1)", "temperature -1.0"),
        ("sequence:3(temperature=nan)", "temperature nan"),
        ("sequence:3(top_p=0)", "top-p 0.0"),
        ("sequence:3(colour=red)", "no option 'colour'"),
        ("sequence:9999999999", "steps; give a whole number from 1 to"),
    ],
)
def test_nonsense_in_a_recipe_is_named(text, words):
    with pytest.raises(SamplingError, match=words):
        Recipe.parse(text)


def test_what_a_recipe_spells_out_holds_against_the_settings_of_the_whole_run():
    """Also where it is the default: a 1.0 that somebody wrote is meant."""
    text = "sequence:4(strategy=random;temperature=1.0;top_p=1.0),structure:4"
    assert str(Recipe.parse(text)) == text
    settings = RunSettings(text, strategy="entropy", temperature=0.2, top_p=0.5)
    first, second = settings.plan().stages
    assert (first.strategy, first.temperature, first.top_p) == ("random", 1.0, 1.0)
    assert (second.strategy, second.temperature, second.top_p) == ("entropy", 0.2, 0.5)
    assert RunSettings(str(settings.plan()), temperature=0.9).plan() == settings.plan()
    assert settings.with_steps(2).plan().stages[0].temperature == 1.0


@pytest.mark.parametrize("temperature", [1e200, 1e308])
def test_the_published_annealing_of_any_temperature_is_a_number(temperature):
    stage = Stage(Track.SEQUENCE, 5, temperature=temperature, annealing="published")
    assert np.isfinite(stage.temperature_at(4, 5))


WRONG = {
    "steps=2.5": "sequence: 2.5 steps; give a whole number from 1 to 100000",
    "steps=True": "sequence: True steps; give a whole number from 1 to 100000",
    "gibbs=1.5": "gibbs 1.5; give a whole number from 0 to 100000",
    "best=2.0": "best 2.0; give a whole number from 1 to 1000",
    "temperature='hot'": "temperature is 'hot'; give a number",
    "top_p=None": "top_p is None; give a number",
    "share=True": "share is True; give a number",
}


def test_a_stage_made_by_hand_is_checked_as_well():
    """In an interpreter that does not check types, as a person has it."""
    code = f"""
from workbench import Track
from workbench.errors import SamplingError
from workbench.sampling.recipe import Stage
for options in {list(WRONG)}:
    try:
        print(eval(f"Stage(track=Track.SEQUENCE, **(dict(steps=4) | dict({{options}})))"))
    except SamplingError as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == list(WRONG.values())


def test_peer_defect_13_the_published_annealing_is_there_by_name_only():
    plain = Stage(Track.SEQUENCE, 5, temperature=0.7)
    assert [plain.temperature_at(s, 5) for s in range(5)] == [0.7] * 5
    published = Stage(Track.SEQUENCE, 5, temperature=0.7, annealing="published")
    expected = [0.49, 0.2025, 0.04, 1e-6, 1e-6]
    assert [published.temperature_at(s, 5) for s in range(5)] == pytest.approx(expected)
    linear = Stage(Track.SEQUENCE, 5, temperature=0.8, annealing="linear")
    assert [linear.temperature_at(s, 5) for s in range(5)] == pytest.approx([0.8, 0.6, 0.4, 0.2, 0])
    assert published.temperature_at(0, 1) == pytest.approx(0.49)
