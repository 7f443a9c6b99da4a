"""Steps and designs on view while runs go on, with the real embedded model."""

import numpy as np
import pytest
from bench_driving import finished
from waiting import PATIENCE, until

from widgets.confidence.plot import ConfidencePlot
from widgets.running.frame_rate import FrameRate
from widgets.running.progress import Progress
from widgets.state import IN_FLIGHT
from workbench.errors import SamplingError
from workbench.sampling.batching import Batch
from workbench.sampling.recipe import Recipe

RECIPE = "structure:4,sequence:4"


def every_picture(bench, model) -> None:
    """A run of twelve steps of which each is shown as soon as the browser takes it."""
    every = FrameRate(cores=8, shortest=0, patience=0, drawing=1e9)
    progress, state = Progress(bench._state, every), bench._state
    bench.session.model = model
    run = bench.session.start(Recipe.parse("sequence:12"), 0)
    progress.begin(Batch([run]), 0)
    state.update(run=state.run.with_(phase="running"), follows=True)
    for _ in run:
        progress.show(run)


@pytest.mark.parametrize("answers", [False, True], ids=["silent", "answering"])
def test_pictures_wait_for_a_browser_that_does_not_say_it_has_drawn(bench, model, answers):
    bench._state.update(watched=True)
    pictures = []
    bench.tracks.observe(lambda change: pictures.append(change["new"]), "seq")
    if answers:
        drawn = bench.tracks.on_drawn
        bench.tracks.observe(lambda change: drawn(change["new"] // 3 * 3), "seq")
    every_picture(bench, model)
    assert (len(pictures) > 2 * IN_FLIGHT) == answers
    assert bench.tracks.seq == pictures[-1]


def test_the_plot_follows_a_run_at_its_first_picture_and_every_third(bench, model):
    plot, drawn = ConfidencePlot(bench._state, live_seconds=0), []

    def note(change):
        if change["new"]:
            drawn.append(bench._state.frame.index)

    plot.figure.observe(note, "_py2js_update")
    every_picture(bench, model)
    assert drawn[:3] == [1, 4, 7]


@pytest.mark.parametrize("begun", [True, False])
@pytest.mark.parametrize("go", ["prompt", "edit", "design"])
def test_a_step_that_is_ready_late_takes_nobody_from_where_they_went_meanwhile(bench, go, begun):
    finished(bench.run(RECIPE))
    bench.look_at("prompt")
    with bench._state.lock if begun else bench._runner._changed:
        bench.show_step(2)
        match go:
            case "prompt":
                bench.look_at("prompt")
            case "edit":
                bench.prompt = bench.prompt.mask("15-19")
            case "design":
                bench.show("design-1")
    finished(bench)
    shown = bench._state.frame
    assert (None if shown is None else shown.title) == ("design-1" if go == "design" else None)


def test_the_timeline_shows_any_step_and_the_prompt(bench):
    finished(bench.run(RECIPE))
    bench.show_step(2)
    finished(bench)
    assert bench._state.index == 2
    bench.show_step(0)
    finished(bench)
    assert bench._state.frame is None


def test_an_earlier_step_stays_on_view_while_the_run_goes_on_until_its_newest_is_asked_for(
    bench, slow
):
    bench.run("structure:8,sequence:8")
    until(lambda: bench._state.run.taken >= 3)
    bench.show_step(2)
    until(lambda: bench._state.index == 2)
    frame = bench._state.frame
    taken = bench._state.run.taken
    until(lambda: len(bench.session.trajectory.steps) >= taken + 3)
    assert bench._state.frame is frame
    bench._panel.comm.say({"type": "show", "index": bench._state.run.total})
    until(lambda: bench._state.index > taken)
    finished(bench)
    assert bench._state.index == bench._state.run.total


def test_a_step_looked_at_in_mid_run_is_branched_from_and_the_run_is_kept(bench, slow):
    bench.run("structure:8,sequence:8")
    until(lambda: bench._state.run.taken >= 3)
    bench.show_step(2)
    until(lambda: bench._state.index == 2)
    bench._panel.comm.say({"type": "branch"})
    finished(bench)
    assert bench.session.history[-1] == "continue from step 2"
    finished(bench.run("sequence:2"))
    first, second = bench.session.designs
    assert "_" not in first.protein.sequence
    assert len(first.steps) > 3
    assert len(second.steps) == 2


def test_a_design_stays_on_view_while_others_are_made(bench, slow):
    finished(bench.run("sequence:2", seed=5))
    bench.run("sequence:3", seed=9, designs=3)
    until(lambda: bench._state.run.phase == "running" and bench._state.run.taken)
    bench.show("design-1")
    finished(bench)
    assert bench._state.viewed_design is bench.design("design-1")
    assert (bench._state.run.phase, len(bench.session.designs)) == ("done", 4)
    bench.show(None)
    finished(bench)
    assert bench._state.viewed_design is None
    assert bench._state.frame.prompt is bench.session.trajectory.prompt
    assert bench._state.index == 3


def test_a_branch_takes_the_step_on_view_as_the_new_prompt(bench):
    finished(bench.run(RECIPE))
    bench.show_step(4)
    finished(bench)
    prompt = bench.branch()
    assert bench.session.history[-1] == "continue from step 4"
    assert not prompt.masked("structure").any()
    assert prompt.masked("sequence")[4:16].all()
    bench.undo()
    assert bench.prompt.masked("structure")[4:16].all()


def test_branching_from_the_prompt_itself_is_refused(bench):
    with pytest.raises(SamplingError, match="prompt itself"):
        bench.branch()


def test_a_design_can_be_put_on_view_again(bench):
    finished(bench.run("sequence:2", designs=2))
    bench._table.comm.say({"type": "show", "name": "design-1"})
    assert bench._state.frame.title == "design-1"
    bench._table.comm.say({"type": "show", "name": "design-9"})
    assert "no design 'design-9'" in bench._panel.error


def test_a_design_on_view_is_left_for_the_run_or_the_prompt(bench):
    finished(bench.run("sequence:2", designs=2))
    for _ in range(2):
        bench._table.comm.say({"type": "show", "name": "design-1"})
    finished(bench)
    assert bench._state.viewed_design is None
    assert bench._state.frame.title == "step 2"
    bench.undo()
    bench.show("design-1")
    bench.show(None)
    finished(bench)
    assert bench._state.frame is None


def test_the_steps_of_a_finished_design_are_gone_through_again(bench):
    bench.run("sequence:4").wait(PATIENCE)
    seen = []
    for index in range(1, 5):
        bench.show_step(index)
        bench.wait(PATIENCE)
        seen.append(bench._state.frame)
    bench.run("sequence:3", seed=5).wait(PATIENCE)
    bench.show("design-1")
    panel = bench._panel
    assert (panel.run_state["design"], panel.run_state["shown"]) == ("design-1", 4)
    assert len(panel.plan) == 4
    assert np.array_equal(bench._state.frame.entropy, seen[3].entropy, equal_nan=True)
    bench.show_step(2)
    bench.wait(PATIENCE)
    assert bench._state.frame.filled.sequence.tolist() == seen[1].filled.sequence.tolist()
    assert np.array_equal(bench._state.frame.entropy, seen[1].entropy, equal_nan=True)
    assert bench._table.shown == "design-1"
    assert len(bench.confidence.curve.table()[0]) == 4
    bench.show_step(0)
    bench.wait(PATIENCE)
    assert bench._state.frame.filled is bench.design("design-1").prompt
    bench.run("sequence:3", seed=6).wait(PATIENCE)
    assert bench._panel.run_state["design"] == ""


def test_the_camera_needs_no_new_scene_from_step_to_step(bench):
    finished(bench.step(RECIPE))
    scene = bench.structure.scene
    finished(bench.step())
    assert bench.structure.scene is scene
    assert len(bench.structure.coordinates) == 4 * 3 * len(scene["owner"])
