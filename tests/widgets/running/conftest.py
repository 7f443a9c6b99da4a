"""A bench with something to fill; runs slow enough to press a button; a picture of every step."""

from collections.abc import Iterator

import pytest
from bench_driving import slow_passes

from widgets import Bench
from widgets.running import frame_rate


@pytest.fixture
def bench(prompt, model) -> Bench:
    """Twelve residues of sequence and structure are masked."""
    bench = Bench(prompt, model=model)
    bench.prompt = bench.prompt.mask(slice(4, 16), ["sequence", "structure"])
    return bench


@pytest.fixture
def slow(model) -> Iterator[None]:
    """Model passes that take a while."""
    with slow_passes(model):
        yield


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture after every step."""
    for name in ("FRAME_SECONDS", "PATIENCE", "CROWDED_PATIENCE"):
        monkeypatch.setattr(frame_rate, name, 0.0)
