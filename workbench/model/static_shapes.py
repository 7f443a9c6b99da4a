"""Static shapes: passes whose work does not depend on what a tensor holds.

Reading a value on a GPU waits for all work before it, and a CUDA graph cannot contain that. Within
``static_shapes`` no shortcut is taken: what is computed then depends on shapes alone, with the same
results.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from jaxtyping import Bool
from torch import Tensor

_FIXED = ContextVar("static_shapes", default=False)


@contextmanager
def static_shapes() -> Iterator[None]:
    """Take no shortcut in here."""
    before = _FIXED.set(True)
    try:
        yield
    finally:
        _FIXED.reset(before)


def shapes_are_static() -> bool:
    """Whether no value may be looked at."""
    return _FIXED.get()


def holds(condition: Bool[Tensor, ""]) -> bool:
    """Whether a shortcut's condition is true; never where shapes are fixed."""
    return not _FIXED.get() and bool(condition)
