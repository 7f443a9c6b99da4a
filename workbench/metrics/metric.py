"""Metric: one number about a design, as tables, gates and rewards know it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..prompt import Prompt
from ..protein import Protein

Positions = Sequence[int] | np.ndarray | None
"""0-based residues that count; None is all of them."""

Need = Literal["pae", "annotations", "selection"]
"""What must be worked out before a metric can be: pTM and PAE, the functions and sites that the
model reads off the finished design, or a choice of residues."""


Measure = Callable[[Protein, Prompt, Positions], float]


@dataclass(frozen=True, slots=True)
class Metric:
    """One number about a design, as tables, gates and rewards know it.

    ``of(design, prompt, positions)`` returns a float, NaN where it cannot be said; proteins of
    different length are a StructureError. ``scale`` times the value is what people read, on screen
    and in files, with ``digits`` after the point. A ``minor`` one goes first where a page is short
    of room.
    """

    name: str
    title: str
    unit: str
    higher_is_better: bool
    description: str
    of: Measure
    scale: int = 1
    digits: int = 2
    needs: Need | None = None
    minor: bool = False

    @property
    def help(self) -> str:
        """What is measured on what, and which way is better: the tooltip of its column."""
        better = "higher" if self.higher_is_better else "lower"
        return f"{self.description} Column {self.name}; {better} is better."

    def shown(self, value: float) -> float:
        """A value as people read it: pLDDT is 0–1 in memory and 0–100 on screen and in files."""
        return self.scale * value
