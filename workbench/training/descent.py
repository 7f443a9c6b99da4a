"""Descent: the optimiser of every training loop, with its learning rate, clipping and limits."""

import math
import time
from collections.abc import Iterator, Mapping
from typing import TypeVar

import torch
from torch import Tensor, nn

Name = TypeVar("Name", bound=str)

LOWEST = 0.02
"""Share of the peak rate at which a run ends."""


class Descent:
    """AdamW on one model: linear warm-up, then half a cosine; gradients clipped at norm 1."""

    def __init__(
        self, model: nn.Module, *, peak: float, warm_up: int, steps: int, seconds: float
    ) -> None:
        """A run ends after ``steps`` or ``seconds``, whichever comes first."""
        self.model, self.peak, self.warm_up = model, peak, warm_up
        self.steps, self.limit, self.seconds = steps, seconds, 0.0
        self.optimizer = torch.optim.AdamW(
            model.parameters(), lr=peak, betas=(0.9, 0.95), weight_decay=0.01
        )

    def __iter__(self) -> Iterator[tuple[int, float]]:
        """Yield the number of each step and the progress of the run, 0–1."""
        started = time.monotonic()
        for step in range(self.steps):
            self.seconds = time.monotonic() - started
            if self.seconds > self.limit:
                return
            progress = max(step / self.steps, self.seconds / self.limit)
            for group in self.optimizer.param_groups:
                group["lr"] = self.peak * learning_rate(step, progress, self.warm_up)
            yield step, progress

    def descend(
        self, terms: Mapping[Name, Tensor], weights: Mapping[Name, float]
    ) -> dict[str, float]:
        """One step down the weighted sum of these losses; their values, and the sum as ``loss``."""
        loss = torch.stack([weights[name] * term for name, term in terms.items()]).sum()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        values = {str(name): float(term.detach()) for name, term in terms.items()}
        return {"seconds": self.seconds, "loss": float(loss.detach()), **values}


def learning_rate(step: int, progress: float, warm_up: int) -> float:
    """Share of the peak rate: linear warm-up, then half a cosine over ``progress`` 0–1."""
    warm = min(1.0, (step + 1) / warm_up)
    return warm * (LOWEST + (1 - LOWEST) * (1 + math.cos(math.pi * min(1.0, progress))) / 2)
