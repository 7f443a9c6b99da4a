"""Sessions that outlive their kernel."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from waiting import PATIENCE, until

from widgets import Bench
from widgets.files.session_files import KEPT, KEPT_IN_TRASH, Mark, prepared
from widgets.run_status import RunStatus
from workbench.archive import save
from workbench.errors import PromptError
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.sampling.recipe import Recipe
from workbench.sampling.trajectory import Trajectory
from workbench.session import Session

SEQUENCE = "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ" * 3
DYING = f"""
import time
from widgets import Bench
bench = Bench("{SEQUENCE}", model="esm3-nano")
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
def test_writing_rests_longer_beside_a_run_and_no_longer_than_it(folder, phase):
    draws = np.random.default_rng(0)
    bench = Bench(Protein("A" * 200, coordinates=draws.normal(0, 9, (200, 37, 3))))
    for _ in range(4):  # so many coordinates to write that writing takes a while
        bench.prompt = Prompt.from_protein(
            bench.prompt.template.with_(coordinates=draws.normal(0, 9, (200, 37, 3)))
        )
    assert bench._autosave.wait(PATIENCE)
    began = time.monotonic()
    bench.prompt = bench.prompt.mask("1", "sequence")
    assert bench._autosave.wait(PATIENCE)
    bench._state.update(run=RunStatus(phase))
    rested = bench._autosave.wait(2 * (time.monotonic() - began))
    assert rested == (phase == "paused")
    bench._state.update(run=RunStatus("paused"))
    assert bench._autosave.wait(PATIENCE)


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


def left_by_another_kernel(folder, number: int) -> Path:
    """A session file of a process that is gone, older the smaller its number."""
    path = folder / f"20200101-0000{number:02d}-twelve-999999999-1.design"
    mark = Mark(Mark.own().machine, 999_999_999)
    save(Session(Prompt.blank(12)), path, mark=str(mark), private=True)
    os.utime(path, (number, number))
    return path


def test_old_sessions_make_room_and_can_be_had_back(folder, prompt, model):
    old = [left_by_another_kernel(folder, number) for number in range(KEPT + 3)]
    bench = Bench(prompt, model=model)
    bench._autosave.write()
    assert len(Bench.sessions()) == KEPT + 1
    assert Bench.sessions()[0] == bench._autosave.path
    assert not any(path.exists() for path in old[:3])
    assert len(Bench.resume(folder / "trash" / old[0].name, model=model).prompt) == 12


def test_the_trash_keeps_the_newest_and_no_more(folder, prompt, model):
    content = left_by_another_kernel(folder, 0).read_bytes()
    trash = prepared(folder / "trash")
    names = [f"20200101-000000-x-999999999-{n:03d}.design" for n in range(KEPT_IN_TRASH + 3)]
    for name in names:
        (trash / name).write_bytes(content)
    Bench(prompt, model=model)._autosave.write()
    assert sorted(path.name for path in trash.iterdir()) == names[3:]


def test_records_of_the_persons_own_stay_whatever_is_saved_beside_them(folder, prompt, model):
    own = [save(Session(prompt), folder / f"thesis{n}.design") for n in range(KEPT + 5)]
    named = [path.rename(folder / f"20200101-000000-x-1-{n}.design") for n, path in enumerate(own)]
    other = save(Session(prompt), folder / "thesis.design")
    for _ in range(3):
        Bench(prompt, model=model)._autosave.write()
    assert all(path.exists() for path in named)
    assert other not in Bench.sessions()


@pytest.mark.parametrize("where", ["here", "on another machine"])
def test_sessions_that_others_may_be_at_work_on_stay(where, folder, prompt, model):
    gone = str(Mark(Mark.own().machine, 999_999_999))
    living = gone.replace(" 999999999", f" {os.getppid():09d}")
    other = living if where == "here" else gone.replace(Mark.own().machine, "0123456789ab")
    elsewhere = [left_by_another_kernel(folder, number) for number in range(KEPT + 2)]
    for path in elsewhere:
        path.write_bytes(path.read_bytes().replace(gone.encode(), other.encode()))
    benches = [Bench(prompt, model=model) for _ in range(3)]
    for bench in benches:
        bench._autosave.write()
        os.utime(bench._autosave.path, (1, 1))
    benches[0]._autosave.write()
    assert all(path.exists() for path in elsewhere)
    assert all(bench._autosave.path.exists() for bench in benches)


def test_nobody_else_can_read_a_session(tmp_path, monkeypatch, prompt, model):
    monkeypatch.setenv("ESM3_WORKBENCH_SESSIONS", str(tmp_path / "new" / "sessions"))
    bench = Bench(prompt, model=model)
    bench._autosave.write()
    path = bench._autosave.path
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize("junk", ["damaged", "dangling", "folder", "pipe"])
def test_junk_among_the_sessions_is_passed_over(junk, folder, prompt, model):
    bench = Bench(prompt, model=model)
    bench.prompt = bench.prompt.mask(slice(0, 3), "sequence")
    bench._autosave.write()
    path = folder / "20990101-000000-twelve-1-1.design"
    if junk == "damaged":
        path.write_bytes(bench._autosave.path.read_bytes()[:-400])
    elif junk == "dangling":
        path.symlink_to(folder / "nowhere")
    elif junk == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    again = Bench.resume(model=model)
    assert again.prompt.masked("sequence").sum() == bench.prompt.masked("sequence").sum()
    assert ("could not be opened" in again._state.notice) == (junk == "damaged")


def test_a_folder_that_cannot_be_written_is_said_each_time_and_nothing_is_lost(
    tmp_path, monkeypatch, prompt, model
):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ESM3_WORKBENCH_SESSIONS", str(tmp_path / "file" / "sessions"))
    bench = Bench(prompt, model=model)
    bench.prompt = bench.prompt.mask(slice(0, 3), "sequence")
    for _ in range(2):
        bench._state.update(notice="")
        bench._autosave.write()
        assert "not being saved" in bench._state.notice
    assert bench.prompt.masked("sequence").sum() == 3
    (tmp_path / "file").unlink()
    bench._autosave.write()
    assert bench._state.notice == "this session is saved again"
    assert bench._autosave.path.exists()


def test_nothing_to_resume_is_said(folder):
    with pytest.raises(PromptError, match="no session"):
        Bench.resume()
