"""StepCurve: mean pLDDT, pTM and mean entropy of the run at hand, step by step.

Entropy is known of every step; pLDDT and pTM only of steps that were decoded to be shown.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int

from ..state import BenchState

if TYPE_CHECKING:
    from workbench.sampling.step import SamplingStep

    from ..frame import Frame

Column = Float[np.ndarray, " steps"]


class StepCurve:
    """Collects the confidence of every frame that the state shows."""

    def __init__(self, state: BenchState) -> None:
        self._state = state
        self._points: dict[int, tuple[SamplingStep, dict[int, tuple[float, float]]]] = {}
        state.observe(lambda change: self._note(change["new"]), "frame")

    def _note(self, frame: "Frame | None") -> None:
        steps = self._steps()
        if not steps or frame is None or not frame.index:
            return
        confidence = None if frame.protein is None else frame.protein.confidence
        if confidence is None or not np.isfinite(confidence.plddt).any():
            return
        _, points = self._points.setdefault(id(steps[0]), (steps[0], {}))
        ptm = points.get(frame.index, (0, np.nan))[1] if confidence.ptm is None else confidence.ptm
        points[frame.index] = (100 * float(np.nanmean(confidence.plddt)), float(ptm))

    def _steps(self) -> "Sequence[SamplingStep]":
        """Steps of the design on view, or of the run on the timeline."""
        design, run = self._state.viewed_design, self._state.session.trajectory
        if design is not None:
            return design.steps
        return [] if run is None else run.steps[: self._state.timeline[0]]

    def table(self) -> tuple[Int[np.ndarray, " steps"], Column, Column, Column]:
        """Steps from 1, mean pLDDT (0–100), pTM × 100, mean entropy (nats); NaN where unknown."""
        steps = self._steps()
        _, points = self._points.get(id(steps[0]), (None, {})) if steps else (None, {})
        numbers = np.arange(1, len(steps) + 1)
        known = np.array([points.get(i, (np.nan, np.nan)) for i in numbers.tolist()]).reshape(-1, 2)
        entropy = np.array([_mean(step.entropy) for step in steps], float)
        return numbers, known[:, 0], 100 * known[:, 1], entropy


def _mean(values: np.ndarray) -> float:
    known = np.isfinite(values)
    return float(values[known].mean()) if known.any() else float("nan")
