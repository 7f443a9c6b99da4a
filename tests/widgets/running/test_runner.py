"""Runs in the worker thread, with the real embedded model."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from bench_driving import finished
from waiting import PATIENCE, until

from widgets import Bench
from workbench.errors import CheckpointError, SamplingError
from workbench.prompt import State
from workbench.session import Run

RECIPE = "structure:4,sequence:4"


def test_a_run_fills_what_was_masked_and_keeps_the_rest(bench, small):
    finished(bench.run(RECIPE, seed=3))
    design = bench.session.designs[0].protein
    assert "_" not in design.sequence
    assert design.sequence[:4] == small.sequence[:4]
    assert design.sequence[16:] == small.sequence[16:]
    assert bench._state.run.phase == "done"


def test_filled_cells_look_sampled(bench):
    finished(bench.run(RECIPE))
    states = np.frombuffer(bench.tracks.states, np.uint8).reshape(6, -1)
    assert (states[:2, 4:16] == State.SAMPLED).all()
    assert (states[:2, :4] == State.GIVEN).all()


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


def test_a_run_of_another_model_waits_and_is_said(bench):
    finished(bench.step("sequence:12", seed=7))
    begun = replace(Run.of(bench.session.trajectory), model_fingerprint="0123456789abcdef")
    bench.stop()
    finished(bench)
    bench.session.unfinished = [begun]
    finished(bench.run("sequence:2", seed=3))
    assert bench.session.designs[-1].seed == 3
    assert bench.session.unfinished == [begun]
    assert "another model" in bench._state.notice


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


@pytest.mark.usefixtures("slow")
def test_stop_keeps_what_was_sampled_as_a_design(bench):
    bench.run("sequence:12")
    until(lambda: bench._state.run.taken >= 2)
    bench.stop()
    finished(bench)
    assert bench._state.run.phase == "stopped"
    assert "_" in bench.designs["sequence"][0]
    assert bench._state.run.taken >= 2


def test_designs_that_share_passes_are_those_of_runs_alone(bench):
    finished(bench.run("sequence:4", seed=20, designs=3))
    together = bench.designs["sequence"].tolist()
    for seed in (20, 21, 22):
        finished(bench.run("sequence:4", seed=seed, designs=1))
    assert bench.designs["sequence"].tolist()[3:] == together


def test_several_designs_have_seeds_of_their_own(bench):
    finished(bench.run("sequence:2", seed=10, designs=3))
    assert bench.designs["seed"].tolist() == [10, 11, 12]
    assert len(bench._table.rows) == 3


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
