"""Runs in the worker thread, with the real embedded model."""

import threading
import time

import numpy as np
import pytest
from waiting import PATIENCE, until

from widgets import Bench
from widgets.confidence import plot as confidence_plot
from widgets.running import frame_rate
from workbench.errors import CheckpointError, SamplingError
from workbench.prompt import State
from workbench.sampling.batching import Batch

RECIPE = "structure:4,sequence:4"


@pytest.fixture
def bench(prompt, model) -> Bench:
    bench = Bench(prompt, model=model)
    bench.prompt = bench.prompt.mask(slice(4, 16), ["sequence", "structure"])
    return bench


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Model steps that take a while, so that there is time to press a button."""
    advance = Batch.advance

    def dawdling(self: Batch):
        time.sleep(0.25)
        return advance(self)

    monkeypatch.setattr(Batch, "advance", dawdling)


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture after every step."""
    for name in ("FRAME_SECONDS", "PATIENCE", "CROWDED_PATIENCE"):
        monkeypatch.setattr(frame_rate, name, 0.0)


def finished(bench: Bench) -> Bench:
    assert bench.wait(PATIENCE)
    return bench


def test_a_run_fills_what_was_masked_and_keeps_the_rest(bench, small):
    finished(bench.run(RECIPE, seed=3))
    design = bench.session.designs[0].protein
    assert "_" not in design.sequence
    assert design.sequence[:4] == small.sequence[:4]
    assert design.sequence[16:] == small.sequence[16:]
    assert bench._state.run.phase == "done"


def test_filled_cells_look_sampled(bench):
    finished(bench.run(RECIPE))
    looks = np.frombuffer(bench.tracks.looks, np.uint8).reshape(6, -1)
    assert (looks[:2, 4:16] == State.SAMPLED).all()
    assert (looks[:2, :4] == State.GIVEN).all()


def test_a_step_is_one_model_pass(bench):
    finished(bench.step(RECIPE))
    assert bench._state.run.taken == 1
    assert bench._state.run.phase == "paused"
    finished(bench.step())
    assert bench._state.run.taken == 2


def test_steps_and_a_run_with_one_seed_make_the_same_protein(bench):
    finished(bench.run(RECIPE, seed=5))
    bench.rewind(0)
    finished(bench)
    while bench._state.run.phase != "done":
        finished(bench.step())
    first, second = (design.protein.sequence for design in bench.session.designs)
    assert first == second


@pytest.mark.usefixtures("slow")
def test_a_run_returns_at_once_and_pause_answers_within_a_step(bench):
    bench.run("sequence:12")
    assert bench._state.run.taken < 12
    until(lambda: bench._state.run.taken >= 2)
    bench.pause()
    taken = len(bench.session.trajectory.steps)
    finished(bench)
    assert bench._state.run.phase == "paused"
    assert len(bench.session.trajectory.steps) <= taken + 1
    finished(bench.run())
    assert bench._state.run.phase == "done"


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("tells", [False, True], ids=["silent", "telling"])
def test_pictures_wait_for_a_browser_that_does_not_say_it_has_drawn(bench, tells, monkeypatch):
    monkeypatch.setattr(frame_rate, "DRAWING_SECONDS", 1e9)
    bench._state.update(watched=True)
    pictures = []
    bench.tracks.observe(lambda change: pictures.append(change["new"]), "seq")
    if tells:
        told = bench.tracks.on_drawn
        bench.tracks.observe(lambda change: told(change["new"] // 3 * 3), "seq")
    finished(bench.run("sequence:12"))
    assert (len(pictures) >= bench._state.run.taken) == tells
    assert bench.tracks.seq == pictures[-1]


@pytest.mark.usefixtures("eager")
def test_the_plot_follows_a_run_at_its_first_picture_and_every_third(bench, monkeypatch):
    monkeypatch.setattr(confidence_plot, "LIVE_SECONDS", 0.0)
    drawn = []

    def note(change):
        if change["new"]:
            drawn.append(bench._state.frame.index)

    bench.confidence.figure.observe(note, "_py2js_update")
    finished(bench.run("sequence:12"))
    assert drawn[:3] == [1, 4, 7]
    assert drawn[-1] == bench._state.run.taken


@pytest.mark.usefixtures("slow")
def test_stop_keeps_what_was_sampled_as_a_design(bench):
    bench.run("sequence:12")
    until(lambda: bench._state.run.taken >= 2)
    bench.stop()
    finished(bench)
    assert bench._state.run.phase == "stopped"
    assert "_" in bench.designs["sequence"][0]
    assert bench._state.run.taken >= 2


def painted(bench, op, start, stop, track="sequence", **value):
    """A stroke as the browser sends it, on the prompt where it is asked."""
    command = {"op": op, "tracks": [track], "start": start, "stop": stop, **value}
    bench.tracks.comm.say({"type": "paint", "id": 1, "commands": [command]})
    if bench.tracks.question:
        bench.tracks.comm.say({"type": "answer", "choice": "prompt"})


@pytest.mark.usefixtures("slow")
def test_painting_during_a_run_leaves_it_alone_and_is_what_the_next_run_starts_from(bench):
    bench.run("sequence:12")
    until(lambda: bench._state.run.taken >= 3)
    asked = bench.prompt
    painted(bench, "write", 4, 6, value="W")
    assert bench._state.frame is None
    assert "filled" in bench._panel.status
    assert "keeps the prompt it started from" in bench._panel.status
    assert bench.prompt.sequence[4:16].tolist() == ["W", "W", *"_" * 10]
    taken = bench._state.run.taken
    finished(bench)
    run = bench._state.run
    assert (run.phase, run.taken) == ("done", run.total)
    assert 3 <= taken <= run.total
    assert bench.session.designs[0].prompt is asked
    assert not bench._panel.run_state["goes_on"]
    finished(bench.run("sequence:3"))
    assert bench.session.designs[1].protein.sequence[4:6] == "WW"


def test_a_stroke_after_a_run_edits_the_prompt_and_not_its_result(bench):
    finished(bench.run(RECIPE))
    painted(bench, "write", 4, 6, value="W")
    assert bench.prompt.sequence[6:16].tolist() == ["_"] * 10
    assert bench.prompt.masked("structure")[4:16].all()
    assert bench._panel.plan
    finished(bench.run())
    assert bench.session.designs[1].protein.sequence[4:6] == "WW"


def test_every_design_of_a_run_is_asked_what_the_estimate_said(bench):
    bench._panel.comm.say({"type": "settings", "changes": {"recipe": "structure:8,sequence:8"}})
    for _ in range(4):
        finished(bench.step())
    painted(bench, "restore", 4, 6)
    bench._panel.comm.say({"type": "settings", "changes": {"designs": "6"}})
    plan, asked = bench._panel.plan, bench.prompt
    assert bench._panel.estimate.startswith(f"{len(plan)} steps · ")
    bench._panel.comm.say({"type": "run"})
    finished(bench)
    before, *made = bench.session.designs
    assert len(before.steps) == 4
    assert [one.seed for one in made] == list(range(6))
    assert all(one.prompt is asked for one in made)
    for one in made:
        assert plan == [[step.track.value, len(step.positions)] for step in one.steps]
    assert len({str(one.recipe) for one in made}) == 1


@pytest.mark.usefixtures("slow")
def test_settings_changed_during_a_run_are_those_of_the_next_one(bench):
    bench.run("sequence:4", designs=6)
    until(lambda: bench._state.run.designs_done == 4)
    bench._panel.comm.say({"type": "settings", "changes": {"recipe": "sequence:2", "designs": 1}})
    painted(bench, "restore", 4, 6)
    finished(bench)
    assert [len(one.steps) for one in bench.session.designs] == [4] * 6
    assert len({id(one.prompt) for one in bench.session.designs}) == 1


def test_a_run_paused_between_its_designs_makes_the_rest_when_it_goes_on(bench):
    bench.run("sequence:2", designs=6)
    until(lambda: bench._state.run.designs_done == 4)
    bench.pause()
    finished(bench)
    assert bench._state.run.phase == "paused"
    assert bench._panel.run_state["goes_on"]
    bench._panel.comm.say({"type": "run"})
    finished(bench)
    assert bench.designs["seed"].tolist() == list(range(6))


def test_undo_brings_the_prompt_of_a_paused_run_back_and_it_goes_on(bench):
    finished(bench.step("sequence:12"))
    run = bench.session.trajectory
    painted(bench, "mask", 0, 3)
    assert not bench._panel.run_state["goes_on"]
    bench.undo()
    assert bench._panel.run_state["goes_on"]
    finished(bench.run())
    assert bench.session.trajectory is run
    assert len(run.steps) == run.total


def test_a_paused_run_looked_at_goes_on_though_the_prompt_was_painted_since(bench):
    finished(bench.step("sequence:12"))
    run = bench.session.trajectory
    painted(bench, "mask", 0, 3)
    bench.show_step(1)
    finished(bench)
    assert bench._panel.run_state["goes_on"]
    finished(bench.run())
    assert bench.session.trajectory is run
    assert len(run.steps) == run.total


def test_a_paused_run_keeps_its_settings_and_says_so(bench):
    finished(bench.step("sequence:6", seed=4))
    run = bench.session.trajectory
    bench._panel.comm.say({"type": "settings", "changes": {"seed": "9"}})
    assert "keeps its own settings" in bench._panel.status
    bench._panel.comm.say({"type": "run"})
    finished(bench)
    assert bench.designs["seed"].tolist() == [4]
    assert bench.session.trajectory is run


def test_another_run_called_for_while_one_is_paused_keeps_what_that_one_sampled(bench):
    finished(bench.step("sequence:6", seed=4))
    finished(bench.run("sequence:2", seed=5))
    assert bench.designs["seed"].tolist() == [4, 5]
    assert "_" in bench.designs["sequence"][0]
    assert "_" not in bench.designs["sequence"][1]


def test_the_plan_is_drawn_before_the_run_and_again_when_it_is_painted(bench):
    bench._panel.comm.say({"type": "settings", "changes": {"recipe": RECIPE}})
    plan = bench._panel.plan
    assert [track for track, _ in plan] == ["structure"] * 4 + ["sequence"] * 4
    assert sum(count for _, count in plan) == 24
    bench.prompt = bench.prompt.restore(slice(4, 10), "sequence")
    assert sum(count for _, count in bench._panel.plan) == 18
    finished(bench.run())
    assert bench._panel.plan == [
        [one.track.value, len(one.positions)] for one in bench.session.trajectory.steps
    ]


def test_designs_that_share_passes_are_those_of_runs_alone(bench):
    finished(bench.run("sequence:4", seed=20, designs=3))
    together = bench.designs["sequence"].tolist()
    for seed in (20, 21, 22):
        finished(bench.run("sequence:4", seed=seed, designs=1))
    assert bench.designs["sequence"].tolist()[3:] == together


def test_the_timeline_shows_any_step_and_the_prompt(bench):
    finished(bench.run(RECIPE))
    bench.show_step(2)
    finished(bench)
    assert bench._state.index == 2
    bench.show_step(0)
    finished(bench)
    assert bench._state.frame is None


def test_an_earlier_step_stays_on_view_while_the_run_goes_on_until_its_newest_is_asked_for(
    bench, slow, eager
):
    bench.run("structure:8,sequence:8")
    until(lambda: bench._state.run.taken >= 3)
    bench.show_step(2)
    until(lambda: bench._state.index == 2)
    seen = bench._state.frame
    taken = bench._state.run.taken
    until(lambda: len(bench.session.trajectory.steps) >= taken + 3)
    assert bench._state.frame is seen
    bench._panel.comm.say({"type": "show", "index": bench._state.run.total})
    until(lambda: bench._state.index > taken)
    before = bench._state.index
    until(lambda: bench._state.index > before)
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


def test_a_design_stays_on_view_while_others_are_made(bench, slow, eager):
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


def test_several_designs_have_seeds_of_their_own(bench):
    finished(bench.run("sequence:2", seed=10, designs=3))
    assert bench.designs["seed"].tolist() == [10, 11, 12]
    assert len(bench._table.rows) == 3


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


def test_a_run_back_at_the_prompt_takes_the_settings_of_now(bench):
    finished(bench.run("sequence:4", seed=3))
    bench.rewind()
    finished(bench)
    first = str(bench.session.trajectory.recipe)
    bench._panel.comm.say({"type": "settings", "changes": {"recipe": "sequence:2"}})
    assert len(bench._panel.plan) == 2
    finished(bench.run())
    assert len(bench.session.designs[-1].steps) == 2
    bench.rewind(1)
    bench._panel.comm.say({"type": "settings", "changes": {"recipe": "sequence:4"}})
    finished(bench.run())
    assert (len(bench.session.designs[-1].steps), first) == (2, "sequence:4")


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


def test_the_cost_is_told_before_the_run_and_a_gate_missed_after_it(bench):
    gated = "sequence:2(gate=plddt>0.999;retries=1)"
    bench._panel.on_settings({"recipe": gated})
    assert "up to" in bench._panel.estimate
    bench.run().wait(PATIENCE)
    notes = " ".join(bench._panel.notes)
    assert "attempt 1 of stage 1 missed" in notes
    assert "attempt 2 of stage 1 missed" in notes
    assert "came closest" in notes


def test_an_error_is_shown_and_raised_and_loses_nothing(bench):
    finished(bench.run("sequence:2"))
    bench.prompt = bench.prompt.restore("all")
    bench.run("sequence:2")
    with pytest.raises(SamplingError, match="nothing is masked"):
        bench.wait(PATIENCE)
    assert bench._panel.run_state["phase"] == "error"
    assert "nothing is masked" in bench._panel.error
    assert len(bench.designs) == 1
    bench.undo()
    finished(bench.run("sequence:2"))
    assert len(bench.designs) == 2


def test_a_model_that_does_not_exist_is_named_in_the_bench(prompt):
    bench = Bench(prompt.mask("11-12", "sequence"), model="esm3-nowhere")
    bench.run("sequence:1")
    with pytest.raises(CheckpointError):
        bench.wait(PATIENCE)
    assert "esm3-nowhere" in bench._panel.error


def test_the_camera_needs_no_new_scene_from_step_to_step(bench):
    finished(bench.step(RECIPE))
    scene = bench.structure.scene
    finished(bench.step())
    assert bench.structure.scene is scene
    assert len(bench.structure.coordinates) == 4 * 3 * len(scene["owner"])


@pytest.mark.usefixtures("slow")
def test_painting_in_one_thread_and_running_in_another_lose_no_message(bench):
    threads = threading.active_count()
    bench.run("sequence:12")
    seen: list[int] = []
    bench.tracks.observe(lambda change: seen.append(change["new"]), "ack")
    for number in range(1, 51):
        bench.tracks.push(ack=number)
    finished(bench)
    assert seen == list(range(1, 51))
    assert threading.active_count() <= threads + 1
