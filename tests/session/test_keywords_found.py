"""A design is not praised for annotations that it was merely given."""

import math
from dataclasses import replace

import pytest

from workbench.metrics import keyword_recovery
from workbench.prompt import Prompt
from workbench.sampling.annotation_reading import annotated_afresh
from workbench.sampling.recipe import Recipe
from workbench.sampling.trajectory import Trajectory
from workbench.session import Session
from workbench.tracks import Track


@pytest.fixture
def annotated(prompt) -> Prompt:
    return prompt.annotate("word3", "5-9").annotate("site 2", "4", Track.RESIDUE)


def read_by_a_run(model, trajectory) -> tuple:
    """What a run on nothing but the finished sequence and structure fills in, likeliest first."""
    hidden = [Track.SS8, Track.SASA, Track.FUNCTION, Track.RESIDUE]
    bare = trajectory.prompt_at().mask(slice(None), hidden)
    shares = []
    for track in (Track.FUNCTION, Track.RESIDUE):
        run = Trajectory(model, bare, Recipe.parse(f"{track}:1(temperature=0)"))
        list(run)
        protein = run.protein()
        shares.append(protein.function if track is Track.FUNCTION else protein.residue_annotations)
    return tuple(shares)


def test_keywords_found_are_those_that_the_model_reads_off_the_finished_design(reading, annotated):
    session = Session(annotated, reading)
    list(run := session.start(Recipe.parse("sequence:3,structure:3"), 4))
    design = session.keep(run)
    assert design.protein.function == annotated.function
    (read,) = annotated_afresh([design.protein], [run.tokens()], reading)
    assert (read.function, read.residue_annotations) == read_by_a_run(reading, run)
    template = annotated.template.with_(
        function=annotated.function, residue_annotations=annotated.residue
    )
    assert design.metrics["keyword_recovery"] == keyword_recovery(read, template) < 1


def test_a_gate_on_keywords_asks_the_same(reading, annotated):
    session = Session(annotated, reading)
    recipe = Recipe.parse("sequence:3,structure:3(gate=keyword_recovery>=0.9;retries=0)")
    list(run := session.start(recipe, 4))
    design = session.keep(run)
    judged = run.outcomes[-1].values["keyword_recovery"]
    assert judged == design.metrics["keyword_recovery"]
    assert design.status.startswith("missed keyword_recovery>=0.9: keyword_recovery 0")


@pytest.mark.parametrize("lacking", ["tables", "decoder"])
def test_keywords_that_a_model_cannot_read_are_not_said_to_be_missing(reading, prompt, lacking):
    wordless = replace(reading, folder=None)
    if lacking == "decoder":
        wordless = replace(reading, function_decoder=None)
        wordless = replace(wordless, config=replace(reading.config, function_decoder=None))
    session = Session(prompt.annotate("word3", "5-9"), wordless)
    list(run := session.start(Recipe.parse("sequence:1"), 4))
    assert math.isnan(session.keep(run).metrics["keyword_recovery"])
