"""Waiting for what another thread does."""

import time
from collections.abc import Callable

PATIENCE = 120
"""Seconds after which nothing more is expected."""


def until(true: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Return as soon as this holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it does not come about"
        time.sleep(0.01)
