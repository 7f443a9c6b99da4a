"""A run that is saved after any of its steps and opened again goes on as if it never stopped."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from recorded_runs import FILE, RecordedRun, rank, record, recorded_runs

from workbench.archive.rebuilding import rebuilt
from workbench.archive.record import record_bytes, session_of
from workbench.prompt import Prompt
from workbench.sampling.recipe import Recipe
from workbench.sampling.trajectory import Trajectory
from workbench.session import Run, Session

RECORDED = json.loads(FILE.read_text("utf-8"))
GATED = ["toy, gate", "toy, gate missed", "toy, all at once", "toy, all at once, passed"]
WALKED = [
    "toy, plain",
    "toy, by entropy",
    "toy, refine",
    "toy, gibbs",
    "toy, best of",
    "toy, guided",
    "toy, motifs forbidden",
    "toy, two chains, refine",
    "toy, annotations again",
    "toy, annotations guided",
    *GATED,
]


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> dict[str, RecordedRun]:
    return {
        recorded_run.name: recorded_run
        for recorded_run in recorded_runs(tmp_path_factory.mktemp("tables"))
    }


def reopened(run: Trajectory, change: Callable[[dict], None] = lambda document: None) -> Trajectory:
    """The run after its session was saved and opened; ``change`` is done to the record between."""
    session = Session(run.prompt, run.model)
    session.unfinished = [Run.of(run)]
    session = session_of(changed(record_bytes(session), change), "x.design")
    session.model, session.scores = run.model, {"rank": rank}
    (again,) = session.resume_runs()
    return again


def changed(data: bytes, change: Callable[[dict], None]) -> bytes:
    """A record with its document changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    document = json.loads(members["record.json"])
    change(document)
    members["record.json"] = json.dumps(document).encode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return file.getvalue()


def without_attempts(document: dict) -> None:
    """As records were before attempts were kept."""
    for run in document["runs"]:
        del run["attempts"]


@pytest.mark.parametrize("name", WALKED)
def test_a_run_goes_on_after_any_step_as_if_it_had_never_stopped(name, runs):
    run = runs[name].trajectory()
    steps_made = 0
    while not run.done:
        run.advance()
        steps_made += 1
        again = reopened(run)
        assert record(again) == RECORDED[name], f"after {steps_made} steps"
    assert steps_made >= len(run.steps)


@pytest.mark.parametrize("name", GATED[1:3])
def test_a_gated_run_of_an_older_record_makes_the_attempts_again_that_it_lacks(name, runs):
    run = runs[name].trajectory()
    while not run.done:
        run.advance()
        again = reopened(run, without_attempts)
        assert record(again) == RECORDED[name]
        assert [outcome.values for outcome in again.outcomes][: len(run.outcomes)] == [
            outcome.values for outcome in run.outcomes
        ]


@pytest.mark.parametrize("name", GATED[1:3])
def test_a_design_rebuilds_wherever_its_run_was_kept(name, runs):
    """Where a gate stopped it, where it passed, and in the middle of a later attempt."""
    run = runs[name].trajectory()
    while not run.done:
        run.advance()
        session = Session(run.prompt, run.model)
        result = rebuilt(session.keep(run), run.model, {"rank": rank})
        assert result.same, str(result)


def test_the_residues_masked_again_are_the_same_after_a_resume(model):
    """Half precision ties what is almost equally likely, and other residues are masked."""
    prompt = Prompt.blank(300)
    recipe = Recipe.parse("sequence:2(temperature=3;refine=2;share=0.3)")
    run = Trajectory(model, prompt, recipe, seed=1)
    run.advance()
    run.advance()
    again = reopened(run)
    assert record(again) == record(run)


def test_a_run_goes_on_with_the_model_that_began_it_alone(model):
    prompt = Prompt.blank(12)
    run = Trajectory(model, prompt, Recipe.parse("sequence:4"), seed=1)
    run.advance()
    session = Session(prompt, model)
    session.unfinished = [Run.of(run), replace(Run.of(run), model_fingerprint="0123456789abcdef")]
    session = session_of(record_bytes(session), "x.design")
    session.model = model
    assert [len(again.steps) for again in session.resume_runs()] == [1]
    assert [left.model_fingerprint for left in session.unfinished] == ["0123456789abcdef"]
    assert len(session.runs) == 2, "a record written now has both"
