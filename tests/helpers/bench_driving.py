"""Driving a bench as a person does: waiting for its run, painting, and time to press a button."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from waiting import PATIENCE

from widgets import Bench
from workbench.model.model import Model


def finished(bench: Bench) -> Bench:
    """The bench once its run is over or rests."""
    assert bench.wait(PATIENCE)
    return bench


def painted(
    bench: Bench, op: str, start: int, stop: int, track: str = "sequence", **value: object
) -> None:
    """A stroke as the browser sends it, on the prompt where the bench asks which."""
    command = {"op": op, "tracks": [track], "start": start, "stop": stop, **value}
    bench.tracks.comm.say({"type": "paint", "id": 1, "commands": [command]})
    if bench.tracks.question:
        bench.tracks.comm.say({"type": "answer", "choice": "prompt"})


@contextmanager
def slow_passes(model: Model, seconds: float = 0.25) -> Iterator[None]:
    """Model passes that take at least this long."""
    hook = model.trunk.register_forward_pre_hook(lambda *_: time.sleep(seconds))
    try:
        yield
    finally:
        hook.remove()
