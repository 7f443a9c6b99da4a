"""What a run is asked, and what painting and settings change about it and about the next one."""

import pytest
from bench_driving import finished, painted
from waiting import until

RECIPE = "structure:4,sequence:4"


@pytest.mark.usefixtures("slow")
def test_painting_during_a_run_leaves_it_alone_and_is_what_the_next_run_starts_from(bench):
    bench.run("sequence:12")
    until(lambda: bench._state.run.taken >= 3)
    prompt = bench.prompt
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
    assert bench.session.designs[0].prompt is prompt
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
    plan, prompt = bench._panel.plan, bench.prompt
    assert bench._panel.estimate.startswith(f"{len(plan)} steps · ")
    bench._panel.comm.say({"type": "run"})
    finished(bench)
    before, *others = bench.session.designs
    assert len(before.steps) == 4
    assert [design.seed for design in others] == list(range(6))
    assert all(design.prompt is prompt for design in others)
    for design in others:
        assert plan == [[step.track.value, len(step.positions)] for step in design.steps]
    assert len({str(design.recipe) for design in others}) == 1


@pytest.mark.usefixtures("slow")
def test_settings_changed_during_a_run_are_those_of_the_next_one(bench):
    bench.run("sequence:4", designs=6)
    until(lambda: bench._state.run.designs_done == 4)
    bench._panel.comm.say({"type": "settings", "changes": {"recipe": "sequence:2", "designs": 1}})
    painted(bench, "restore", 4, 6)
    finished(bench)
    assert [len(design.steps) for design in bench.session.designs] == [4] * 6
    assert len({id(design.prompt) for design in bench.session.designs}) == 1


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
        [step.track.value, len(step.positions)] for step in bench.session.trajectory.steps
    ]


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
