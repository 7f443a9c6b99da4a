"""Whether values made of arrays are equal, NaN being equal to itself."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass

import numpy as np


def same_fields(one: object, other: object, names: Iterable[str]) -> bool:
    """Whether these fields of two values are equal, in fields of their own too."""
    pairs = [(getattr(one, name), getattr(other, name)) for name in names]
    return all(
        np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
        if isinstance(a, np.ndarray)
        else same_fields(a, b, [entry.name for entry in fields(a)])
        if is_dataclass(a)
        else a == b
        for a, b in pairs
    )
