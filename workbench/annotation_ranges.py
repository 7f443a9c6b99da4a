"""Annotations as sets of positions: joined where they touch, cut where positions leave them."""

from collections.abc import Iterable

import numpy as np

from .protein import FunctionAnnotation
from .runs import ranges


def joined(annotations: Iterable[FunctionAnnotation]) -> list[FunctionAnnotation]:
    """The same labels on the same residues, pieces that touch made one."""
    under: dict[str, set[int]] = {}
    for annotation in annotations:
        under.setdefault(annotation.label, set()).update(range(annotation.start, annotation.stop))
    return [
        FunctionAnnotation(label, *run) for label, at in under.items() for run in ranges(sorted(at))
    ]


def cut(
    annotations: tuple[FunctionAnnotation, ...], at: np.ndarray
) -> tuple[FunctionAnnotation, ...]:
    """The annotations with these positions taken out, split where needed."""
    parts: list[FunctionAnnotation] = []
    for annotation in annotations:
        inside = np.setdiff1d(np.arange(annotation.start, annotation.stop), at)
        parts += [FunctionAnnotation(annotation.label, *run) for run in ranges(inside)]
    return tuple(parts)
