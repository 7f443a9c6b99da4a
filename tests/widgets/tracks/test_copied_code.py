"""Copied code makes again what any sequence of clicks has made."""

import numpy as np
import pytest

from widgets import Bench
from workbench import write_protein
from workbench.errors import SamplingError, WorkbenchError

PATIENCE = 120
TRACKS = ("sequence", "structure", "ss8")


@pytest.fixture
def path(small, tmp_path):
    return str(write_protein(small, tmp_path / "small.pdb"))


def paint(bench: Bench, op: str, tracks: list[str], start: int, stop: int, **value) -> None:
    """A stroke on what is on view."""
    command = {"op": op, "tracks": tracks, "start": start, "stop": stop, **value}
    bench.tracks.comm.say({"type": "paint", "id": 1, "commands": [command]})


def click(bench: Bench, chance: np.random.Generator) -> str:
    """Something a person may do next."""
    length = len(bench.prompt)
    start = int(chance.integers(0, length - 4))
    stop = start + int(chance.integers(1, 5))
    designs = [design.name for design in bench.session.designs]
    some = str(chance.choice(designs)) if designs else ""
    recipe = str(chance.choice(["structure:3,sequence:3", "sequence:4", "ss8:2,structure:2"]))
    acts = {
        "mask": lambda: paint(bench, "mask", list(TRACKS[: chance.integers(1, 4)]), start, stop),
        "write": lambda: paint(bench, "write", ["sequence"], start, stop, value="W"),
        "ss8": lambda: paint(bench, "write", ["ss8"], start, stop, value="H"),
        "restore": lambda: paint(bench, "restore", ["sequence", "structure"], start, stop),
        "allow": lambda: paint(bench, "forbid", ["sequence"], start, stop, value="CP"),
        "insert": lambda: bench.insert(slice(start, stop), 2),
        "delete": lambda: bench.delete(slice(start, start + 2)),
        "undo": bench.undo,
        "redo": bench.redo,
        "step": bench.step,
        "run": bench.run,
        "stop": bench.stop,
        "set": lambda: bench._set(recipe, int(chance.integers(0, 50)), {}),
        "warm": lambda: bench._set(None, None, {"temperature": 1.3, "designs": 2}),
        "branch": lambda: bench._state.frame is not None and bench.branch(),
        "show step": lambda: bench.show_step(int(chance.integers(0, 5))),
        "show": lambda: some and bench.show(some),
        "to prompt": lambda: some and bench.to_prompt(some),
        "discard": lambda: some and bench.discard([some]),
    }
    name = str(chance.choice(list(acts)))
    bench._state.update(error="")
    try:
        acts[name]()
        assert bench.wait(PATIENCE)
    except WorkbenchError as error:
        bench._state.report(error)
    return f"{name} {start}:{stop} {some} {recipe} {bench._state.error}"


def executed(bench: Bench, model: object) -> Bench:
    names: dict = {"model": model}
    exec(bench.code(), names)
    return names["bench"]


def finished(bench: Bench) -> list:
    """Steps of the run at hand when it is done; what stands in its way otherwise."""
    try:
        assert bench.wait(PATIENCE)
    except SamplingError as error:
        return [str(error)]
    return [
        [getattr(step.tokens, track).tolist() for track in TRACKS]
        for step in bench.session.trajectory.steps
    ]


@pytest.mark.parametrize("seed", [*range(12), 259])
def test_any_clicks_are_made_again_by_the_code_copied(path, model, seed):
    chance = np.random.default_rng(seed)
    bench, done = Bench(path, model=model), []
    paint(bench, "mask", ["sequence", "structure"], 3, 12)
    for _ in range(14):
        done.append(click(bench, chance))
    if (design := bench._state.viewed_design) is not None:
        again = executed(bench, model)
        assert len(finished(again)) == len(design.steps), done
        assert again.session.designs[-1].protein.sequence == design.protein.sequence, done
        bench.branch()
    again, run = executed(bench, model), bench.session.trajectory
    assert again.prompt.same_as(bench.prompt), done
    if run is None or not run.done or run.prompt is not bench.prompt:
        bench.run()
    assert finished(again) == finished(bench), done
