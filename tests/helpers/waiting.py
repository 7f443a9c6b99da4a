"""Waiting for what another thread does."""

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")
PATIENCE = 120
"""Seconds after which nothing more is expected."""


def until(true: Callable[[], Answer], seconds: float = PATIENCE) -> Answer:
    """What this says as soon as it holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not (answer := true()):
        assert time.monotonic() < deadline, "it does not come about"
        time.sleep(0.01)
    return answer
