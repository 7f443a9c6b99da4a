"""Whether values made of arrays are equal, NaN being equal to itself."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass

import numpy as np


def same(one: object, other: object) -> bool:
    """Whether two values are equal: arrays, values made of them, or plain ones."""
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")  # type: ignore[arg-type]
    if is_dataclass(one):
        return same_fields(one, other, [entry.name for entry in fields(one)])
    return one == other


def same_fields(one: object, other: object, names: Iterable[str]) -> bool:
    """Whether these fields of two values are equal, in fields of their own too."""
    return all(same(getattr(one, name), getattr(other, name)) for name in names)
