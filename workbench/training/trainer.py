"""Trainer: the loop of every training stage, resumable to the step after a kill.

Whatever a step draws depends on the seed, the process and the step alone, so a run that was killed
and resumed goes on exactly as it would have. Under ``torchrun`` every process draws its own crops
and torch's DistributedDataParallel averages the gradients.
"""

import math
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim.swa_utils import AveragedModel

from ..atomic_files import replacing
from ..model.reduced_precision import multiplies_bfloat16
from .plan import Plan

LOWEST = 0.02
"""Share of the peak rate at which a run ends."""

Report = Callable[[dict[str, float]], None]


Draw = Callable[[int, np.random.Generator, torch.device], Any]
"""Draws the batch of a step, on this device, with nothing but this generator."""


class Trainer:
    """AdamW on one objective: linear warm-up, peak, half a cosine; gradients clipped at norm 1.

    Matrices are multiplied in bfloat16 where the device does that faster.

    An objective is a module whose forward takes a batch and the progress 0–1 and returns losses by
    name. ``average`` holds its parameters' exponential moving average: what is kept in the end.
    """

    def __init__(
        self, objective: nn.Module, plan: Plan, weights: Mapping[str, float], state: Path | None
    ) -> None:
        """Resume from ``state`` where that file exists, and keep the run there."""
        self.plan, self.weights, self.state = plan, weights, state
        self.device = device_of_this_process()
        self.narrow = self.device.type == "cuda" or multiplies_bfloat16()
        self.objective = objective.to(self.device)
        self.average = AveragedModel(self.objective, multi_avg_fn=_towards(plan.decay))
        learnt = [p for p in self.objective.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(
            learnt, lr=plan.peak, betas=(0.9, 0.98), weight_decay=plan.weight_decay, fused=True
        )
        self.step = 0
        if state is not None and state.is_file():
            self._resume(state)

    def run(self, draw: Draw, report: Report = lambda record: None) -> Iterator[int]:
        """Go on to the last step, keeping the state every ``save_every``; yields after each."""
        model = self.objective
        if distributed.is_initialized():
            model = DistributedDataParallel(model, find_unused_parameters=True)
        while self.step < self.plan.steps:
            random = self._seeded()
            progress = self.step / self.plan.steps
            rate = self.plan.peak * learning_rate(self.step, progress, self.plan)
            for group in self.optimizer.param_groups:
                group["lr"] = rate
            batch = draw(self.step, random, self.device)
            with torch.autocast(self.device.type, torch.bfloat16, self.narrow):
                terms = model(batch, progress)
            loss = torch.stack([self.weights[name] * term for name, term in terms.items()]).sum()
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(self.objective.parameters(), 1.0)
            self.optimizer.step()
            self.average.update_parameters(self.objective)
            values = {name: float(term.detach()) for name, term in terms.items()}
            report({"step": self.step, "rate": rate, "loss": float(loss.detach()), **values})
            self.step += 1
            if self.step % self.plan.save_every == 0 or self.step == self.plan.steps:
                self.save()
            yield self.step

    def save(self) -> None:
        """Write everything that the next step depends on; the file is replaced when whole."""
        if self.state is None or process() > 0:
            return
        state = {
            "step": self.step,
            "objective": self.objective.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
        with replacing(self.state) as file:
            torch.save(state, file)

    def _resume(self, state: Path) -> None:
        saved = torch.load(state, map_location=self.device, weights_only=True)
        self.objective.load_state_dict(saved["objective"])
        self.average.load_state_dict(saved["average"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.step = saved["step"]

    def _seeded(self) -> np.random.Generator:
        random = np.random.default_rng([self.plan.seed, process(), self.step])
        torch.manual_seed(int(random.integers(1 << 62)))
        return random


def learning_rate(step: int, progress: float, plan: Plan) -> float:
    """Share of the peak rate: linear warm-up, the peak, and half a cosine over the plan's fall."""
    warm = min(1.0, (step + 1) / max(1, plan.warm_up))
    fallen = min(1.0, max(0.0, (progress - 1 + plan.fall) / plan.fall))
    return warm * (LOWEST + (1 - LOWEST) * (1 + math.cos(math.pi * fallen)) / 2)


def process() -> int:
    """Number of this process among those that torchrun started; 0 where it stands alone."""
    return distributed.get_rank() if distributed.is_initialized() else 0


def device_of_this_process() -> torch.device:
    """The GPU of this process, or the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0)))
    return torch.device("cpu")


def join_processes() -> None:
    """Meet the other processes, where torchrun started this one."""
    if "RANK" in os.environ and not distributed.is_initialized():
        if torch.cuda.is_available():
            torch.cuda.set_device(device_of_this_process())
        distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")


def _towards(decay: float) -> Callable[[Any, Any, Tensor | int], None]:
    """Moving averages that forget their first steps sooner."""

    def average(means: Any, values: Any, count: Tensor | int) -> None:
        steps = float(count)
        share = 1 - min(decay, (1 + steps) / (10 + steps))
        torch._foreach_lerp_(means, values, share)  # type: ignore[attr-defined]

    return average
