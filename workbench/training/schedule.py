"""Learning rate over a run."""

import math


def learning_rate(step: int, progress: float, warm_up: int) -> float:
    """Share of the peak rate: linear warm-up, then half a cosine over ``progress`` 0–1."""
    warm = min(1.0, (step + 1) / warm_up)
    return warm * (0.02 + 0.98 * (1 + math.cos(math.pi * min(1.0, progress))) / 2)
