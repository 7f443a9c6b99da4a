"""StepCurve: mean pLDDT, pTM and mean entropy of the run at hand, step by step.

Entropy is known of every step; pLDDT and pTM only of steps that were decoded to be shown.
"""

import weakref
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int

from .state import BenchState

if TYPE_CHECKING:
    from .frame import Frame

Column = Float[np.ndarray, " steps"]


class StepCurve:
    """Collects the confidence of every frame that the state shows."""

    def __init__(self, state: BenchState) -> None:
        self._state = state
        self._seen: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()
        state.observe(lambda change: self._note(change["new"]), "frame")

    def _note(self, frame: "Frame | None") -> None:
        run = self._state.session.trajectory
        if run is None or frame is None or not frame.index or frame.prompt is not run.prompt:
            return
        confidence = None if frame.protein is None else frame.protein.confidence
        if confidence is None or not np.isfinite(confidence.plddt).any():
            return
        seen = self._seen.setdefault(run, {})
        ptm = seen.get(frame.index, (0, np.nan))[1] if confidence.ptm is None else confidence.ptm
        seen[frame.index] = (100 * float(np.nanmean(confidence.plddt)), float(ptm))

    def table(self) -> tuple[Int[np.ndarray, " steps"], Column, Column, Column]:
        """Steps from 1, mean pLDDT (0–100), pTM × 100, mean entropy (nats); NaN where unknown."""
        run = self._state.session.trajectory
        steps = [] if run is None else list(run.steps)
        seen = {} if run is None else self._seen.get(run, {})
        numbers = np.arange(1, len(steps) + 1)
        known = np.array([seen.get(i, (np.nan, np.nan)) for i in numbers.tolist()]).reshape(-1, 2)
        entropy = np.array([_mean(step.entropy) for step in steps], float)
        return numbers, known[:, 0], 100 * known[:, 1], entropy


def _mean(values: np.ndarray) -> float:
    known = np.isfinite(values)
    return float(values[known].mean()) if known.any() else float("nan")
