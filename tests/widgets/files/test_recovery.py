"""A cell run again, and a kernel that died, lose no session: it is offered to go on with."""

import os
import subprocess
import sys

import pytest
from bench_driving import slow_passes
from ipywidgets.widgets import widget
from waiting import PATIENCE, until

from widgets import Bench, grid
from widgets.files.recovery import ago, earlier_session
from workbench.protein import Protein

SEQUENCE = "MKTAYIAKQRQISFVKSHFSRQ"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("ESM3_WORKBENCH_SESSIONS", str(tmp_path))
    return tmp_path


@pytest.fixture
def run_cell(enter_cell, tmp_path):
    """Opens a bench in this run of this cell, and looks at it as a browser does."""

    def opened(cell: str, run: str, source, **options) -> Bench:
        enter_cell(f"{cell} of {tmp_path.name}", run)
        bench = Bench(source, **options)
        bench._look_around()
        return bench

    return opened


def saved(bench: Bench) -> None:
    assert bench._autosave.wait(PATIENCE)
    assert bench._autosave.path.exists()


def test_a_cell_run_again_offers_what_its_last_run_made(run_cell, prompt, model):
    first = run_cell("one", "1", prompt, model=model)
    assert first._header.earlier == ""
    first.prompt = first.prompt.mask(slice(4, 8), "sequence")
    first.run("sequence:2", seed=3)
    assert first.wait(PATIENCE)
    first.prompt = first.prompt.mask(slice(0, 2), "sequence")
    second = run_cell("one", "2", prompt, model=model)
    assert second._header.earlier == "just now: 2 edits, 1 design"
    assert second.session.history == ["open"]
    second._header.comm.say({"type": "bring"})
    until(lambda: not second._header.earlier)
    assert second.session.history == first.session.history
    assert second.designs["sequence"].tolist() == first.designs["sequence"].tolist()
    assert len(second._table.rows) == 1
    second.undo()
    second.undo()
    assert not second.prompt.masked("sequence").any()


def test_a_run_under_way_rests_when_its_bench_is_replaced_and_goes_on_in_the_next(
    run_cell, prompt, model
):
    first = run_cell("one", "1", prompt, model=model)
    first.prompt = first.prompt.mask("all", "sequence")
    with slow_passes(model, 0.1):
        first.run("sequence:20", seed=3)
        until(lambda: first._state.run.taken >= 3)
        second = run_cell("one", "2", prompt, model=model)
        assert first.wait(PATIENCE)
    assert first._state.run.phase == "paused"
    saved(first)
    assert "1 edit, a run of " in second._header.earlier
    second.open(second._header._earlier.path)
    second.run()
    assert second.wait(PATIENCE)
    first.run()
    assert first.wait(PATIENCE)
    assert second.designs["sequence"].tolist() == first.designs["sequence"].tolist()


def test_the_views_of_a_bench_go_with_its_cell_unless_another_cell_shows_them(
    run_cell, enter_cell, prompt
):
    first = run_cell("one", "1", prompt)
    first._repr_mimebundle_()
    assert first.confidence.figure.comm is not None
    drawn = {part.model_id for part in grid._parts(first._grid.box)}
    assert len(drawn) > 12
    assert drawn <= set(widget._instances)
    second = run_cell("one", "2", prompt)
    assert first.tracks.comm is None
    assert first.confidence.figure.comm is None
    assert drawn.isdisjoint(widget._instances)
    first.prompt = first.prompt.mask(slice(4, 8), "sequence")
    assert "went when its cell was run again" in first._repr_mimebundle_()["text/plain"]
    second._repr_mimebundle_()
    enter_cell("elsewhere", "3")
    second._repr_mimebundle_()
    run_cell("one", "4", prompt)
    assert second.tracks.comm is not None


def test_what_was_painted_meanwhile_stays(run_cell, prompt):
    first = run_cell("one", "1", prompt)
    first.prompt = first.prompt.mask(slice(4, 8), "sequence")
    second = run_cell("one", "2", prompt)
    second.prompt = second.prompt.mask(slice(0, 2), "sequence")
    second.open(second._header._earlier.path)
    assert second.prompt.masked("sequence").nonzero()[0].tolist() == [4, 5, 6, 7]
    second.undo()
    assert second.prompt.masked("sequence").nonzero()[0].tolist() == [0, 1]


def test_benches_in_other_cells_or_of_the_same_run_keep_their_sessions(run_cell, prompt):
    first = run_cell("one", "1", prompt)
    first.prompt = first.prompt.mask(slice(4, 8), "sequence")
    saved(first)
    assert run_cell("one", "1", prompt)._header.earlier == ""
    assert run_cell("two", "2", prompt)._header.earlier == ""
    assert first._autosave.replaced is False


@pytest.mark.parametrize("other", [Protein(SEQUENCE[::-1], name="x"), Protein(SEQUENCE, name="y")])
def test_only_a_session_on_the_same_protein_in_which_something_was_made_is_offered(run_cell, other):
    protein = Protein(SEQUENCE, name="x")
    first = run_cell("one", "1", protein)
    first.prompt = first.prompt.mask(slice(4, 8), "sequence")
    saved(first)
    assert run_cell("one", "2", other)._header.earlier == ""
    assert run_cell("one", "3", protein)._header.earlier == "just now: 1 edit"
    untouched = run_cell("two", "4", protein)
    assert untouched._header.earlier == "just now: 1 edit"
    untouched.prompt = untouched.prompt.mask(slice(0, 2), "sequence")
    untouched.undo()
    saved(untouched)
    os.unlink(first._autosave.path)
    assert run_cell("two", "5", protein)._header.earlier == ""


@pytest.mark.parametrize("alive", [True, False])
def test_a_session_of_another_kernel_is_offered_once_that_kernel_is_gone(folder, prompt, alive):
    bench = Bench(prompt)
    bench.prompt = bench.prompt.mask(slice(4, 8), "sequence")
    saved(bench)
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    named = bench._autosave.path.name.replace(f"-{os.getpid()}-", f"-{other.pid}-")
    bench._autosave.path.rename(folder / named)
    if not alive:
        other.communicate(b"\n")
    (folder / "20260101-000000-small-1-1.design").write_bytes(b"damaged")
    earlier = earlier_session(Bench(prompt).session.opened)
    assert (earlier is None) == alive
    if alive:
        other.communicate(b"\n")
    else:
        assert earlier.path == folder / named
        assert earlier.text == "just now: 1 edit"


def test_an_offer_can_be_put_away(run_cell, prompt):
    first = run_cell("one", "1", prompt)
    first.prompt = first.prompt.mask(slice(4, 8), "sequence")
    second = run_cell("one", "2", prompt)
    assert second._header.earlier
    second._header.comm.say({"type": "leave"})
    assert second._header.earlier == ""
    assert first._autosave.path in Bench.sessions()


def test_code_after_a_session_came_back_names_the_source_and_not_the_session(
    run_cell, small, tmp_path, model
):
    from workbench import write_protein

    path = write_protein(small, tmp_path / "small.pdb")
    first = run_cell("one", "1", str(path), model=model)
    first.prompt = first.prompt.mask(slice(4, 8), "sequence")
    second = run_cell("one", "2", str(path), model=model)
    second.open(second._header._earlier.path)
    assert f"Bench({str(path)!r}" in second.code()
    arguments: dict = {"model": model}
    exec(second.code().partition("bench.run(")[0], arguments)
    assert arguments["bench"].prompt.masked("sequence").nonzero()[0].tolist() == [4, 5, 6, 7]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "just now"), (61, "1 minute ago"), (7200, "2 hours ago"), (200_000, "2 days ago")],
)
def test_ages_are_said_in_the_largest_unit(seconds, words):
    assert ago(seconds) == words
