"""Sessions that outlive their kernel."""

import os
import signal
import subprocess
import sys
import time

import pytest
from waiting import PATIENCE, until

from widgets import Bench
from widgets.files import autosave
from widgets.files.autosave import KEPT
from widgets.running.status import RunStatus
from workbench.errors import PromptError
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.sampling.recipe import Recipe
from workbench.sampling.trajectory import Trajectory

SEQUENCE = "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ" * 3
DYING = f"""
import time
from widgets import Bench
bench = Bench("{SEQUENCE}")
bench.prompt = bench.prompt.mask(slice(10, 90), "sequence")
bench.run("sequence:80", seed=5)
print(bench._autosave.path, flush=True)
while not (bench.session.trajectory and bench.session.trajectory.steps):
    time.sleep(0.001)
bench.pause()
time.sleep(600)
"""
"""Pauses, since the embedded model could end its run before anything is written."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("ESM3_WORKBENCH_SESSIONS", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("phase", ["running", "paused"])
def test_writing_rests_longer_beside_a_run_and_no_longer_than_it(folder, phase, monkeypatch):
    monkeypatch.setattr(autosave, "DELAY_SECONDS", 0.01)
    written = []
    bench = Bench(SEQUENCE)

    def write():
        written.append(bench._state.run.phase)
        time.sleep(0.1)

    monkeypatch.setattr(bench._autosave, "write", write)
    bench.prompt = bench.prompt.mask(slice(10, 90), "sequence")
    until(lambda: len(written) == 1)
    bench._state.update(run=RunStatus(phase))
    time.sleep(1.0)
    assert written[1:] == ([] if phase == "running" else ["paused"])
    bench._state.update(run=RunStatus("paused"))
    until(lambda: len(written) == 2)


def test_a_run_goes_on_where_a_killed_kernel_left_it(folder, model):
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", DYING],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert process.stdout is not None
    path = process.stdout.readline().strip()

    def some_steps() -> bool:
        return bool(Bench.sessions()) and bool(Bench.resume(model=model).session.runs)

    until(some_steps)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    bench = Bench.resume(model=model)
    assert str(Bench.sessions()[0]) == path
    (run,) = bench.session.runs
    assert 0 < len(run.steps) < 80
    bench.run()
    assert bench.wait(PATIENCE)
    (sequence,) = bench.designs["sequence"]
    prompt = Prompt.from_protein(Protein(SEQUENCE), ["sequence"]).mask(slice(10, 90), "sequence")
    whole = Trajectory(model, prompt, Recipe.parse("sequence:80"), 5, predict_structure=True)
    for _ in whole:
        pass
    assert whole.protein().sequence == sequence


def test_two_benches_save_to_two_files_and_the_latest_is_resumed(folder, prompt, model):
    first, second = Bench(prompt, model=model), Bench(prompt, model=model)
    first.prompt = first.prompt.mask(slice(0, 3), "sequence")
    until(first._autosave.path.exists)
    second.prompt = second.prompt.mask(slice(5, 9), "sequence")
    until(second._autosave.path.exists)
    assert set(Bench.sessions()) == {first._autosave.path, second._autosave.path}
    assert Bench.resume(model=model).prompt.masked("sequence").nonzero()[0].tolist() == [5, 6, 7, 8]
    earlier = Bench.resume(first._autosave.path, model=model)
    assert earlier.prompt.masked("sequence").nonzero()[0].tolist() == [0, 1, 2]


def test_old_sessions_make_room(folder, prompt, model):
    for number in range(KEPT + 3):
        old = folder / f"{number}.design"
        old.write_bytes(b"")
        os.utime(old, (number, number))
    bench = Bench(prompt, model=model)
    bench._autosave.write()
    assert len(Bench.sessions()) == KEPT
    assert Bench.sessions()[0] == bench._autosave.path
    assert not (folder / "0.design").exists()


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_lost(
    tmp_path, monkeypatch, prompt, model
):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ESM3_WORKBENCH_SESSIONS", str(tmp_path / "file" / "sessions"))
    bench = Bench(prompt, model=model)
    bench.prompt = bench.prompt.mask(slice(0, 3), "sequence")
    bench._autosave.write()
    assert "not being saved" in bench._state.notice
    assert bench.prompt.masked("sequence").sum() == 3


def test_nothing_to_resume_is_said(folder):
    with pytest.raises(PromptError, match="no session"):
        Bench.resume()
