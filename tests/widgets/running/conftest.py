"""A bench with something to fill, and runs slow enough to press a button."""

from collections.abc import Iterator

import pytest
from bench_driving import slow_passes

from widgets import Bench


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
