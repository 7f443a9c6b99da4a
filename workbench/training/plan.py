"""Plans: how long, how fast and on what each stage of training runs; the file behind --config."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from ..errors import CheckpointError
from ..model.config import ModelConfig
from ..paths import given_path


@dataclass(frozen=True, slots=True)
class Plan:
    """One stage: ``residues`` per step in crops of ``lengths``, which take turns step by
    step.

    The rate falls over the last share ``fall`` of the steps; a run of more steps that is stopped
    where its fall would begin has done nothing else until then.
    """

    steps: int
    residues: int = 1024
    lengths: Sequence[int] = (64, 128, 192)
    peak: float = 1e-3
    warm_up: int = 100
    fall: float = 1.0
    decay: float = 0.998
    weight_decay: float = 0.01
    seed: int = 0
    save_every: int = 200
    options: dict[str, float] = field(default_factory=dict)

    def length(self, step: int) -> int:
        """Crop length at this step."""
        return self.lengths[step % len(self.lengths)]

    def crops(self, step: int) -> int:
        """Crops in the batch of this step."""
        return max(2, self.residues // self.length(step))


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """A model's sizes and the plan of every stage; chains longer than ``longest`` are left out.

    ``designed`` is how much chains of designed proteins weigh beside natural ones, where there are
    both; among each every family weighs the same.
    """

    model: ModelConfig
    stages: dict[str, Plan]
    longest: int = 400
    designed: float = 0.6

    def to_json(self) -> dict:
        """Plain values."""
        stages = {name: asdict(plan) for name, plan in self.stages.items()}
        return {
            "model": self.model.to_json(),
            "longest": self.longest,
            "designed": self.designed,
            "stages": stages,
        }

    @classmethod
    def read(cls, path: str | Path) -> "TrainingConfig":
        """Read a config file; a CheckpointError names what is wrong with it."""
        path = given_path(path, CheckpointError)
        try:
            values = json.loads(path.read_text("utf-8"))
        except ValueError as error:
            raise CheckpointError(f"{path} is not readable JSON: {error}") from None
        if not isinstance(values, dict) or not isinstance(values.get("stages"), dict):
            raise CheckpointError(f"{path} must be an object with a model and its stages")
        known = {entry.name for entry in fields(Plan)}
        stages = {}
        for name, plan in values["stages"].items():
            if name not in STAGES:
                raise CheckpointError(f"{path}: there is no stage {name!r}; use {list(STAGES)}")
            if not isinstance(plan, dict) or "steps" not in plan or not set(plan) <= known:
                raise CheckpointError(
                    f"{path}: stage {name} holds {plan!r}; it needs steps and may set "
                    f"{sorted(known)}"
                )
            stages[name] = Plan(**plan)
        model = ModelConfig.from_json(values.get("model"))
        longest, designed = int(values.get("longest", 400)), float(values.get("designed", 0.6))
        return cls(model, stages, longest, designed)


STAGES = ("encoder", "autoencoder", "decoder", "function", "trunk", "repair")
"""In the order in which they run; the first three make the structure tokenizer."""
EMBEDDED_PLAN = Path(__file__).with_name("esm3_mini.json")
"""The plan of the embedded model."""
