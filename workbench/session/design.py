"""Design: a finished protein with all it takes to make it again; Run: the same while it grows."""

import platform
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ..errors import RecordError
from ..prompt import Prompt
from ..protein import Protein
from ..sampling.recipe import Recipe
from ..sampling.step import Outcome, missed_gate
from ..tracks import Track

if TYPE_CHECKING:
    from ..model.model import Model
    from ..sampling.step import SamplingStep
    from ..sampling.trajectory import Trajectory
    from ..tokenizers.residue_tokens import ResidueTokens


CONTROL = "control"
"""What the table says of a protein that is there for comparison."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """What it takes to make a run again, and every step it has made; ``start`` are the tokens of
    the prompt. Records of before version 0.2 do not say which model made it.
    """

    prompt: Prompt
    recipe: Recipe
    seed: int
    predict_structure: bool
    start: "ResidueTokens"
    steps: "tuple[SamplingStep, ...]"
    model_fingerprint: str = ""

    @classmethod
    def of(cls, trajectory: "Trajectory") -> "Run":
        """What a trajectory has made so far."""
        plan = trajectory.plan
        return cls(
            plan.prompt,
            plan.recipe,
            plan.seed,
            plan.predict_structure,
            plan.start,
            trajectory.steps,
            trajectory.model.fingerprint,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """A finished protein and all it takes to make it again, with every step of its run.

    ``metrics`` are those of ``workbench.metrics`` by name, pLDDT 0–1, and what scores of your own
    said of it. A control has no ``recipe`` and no run: it is a protein beside the designs, and its
    prompt gives all that it has. ``origin`` names the model, device, precision and package versions
    it was made with. ``outcomes`` say how every gate was met, all attempts included.
    """

    name: str
    prompt: Prompt
    recipe: Recipe | None
    seed: int
    model_fingerprint: str
    protein: Protein
    metrics: dict[str, float]
    run: Run | None = None
    origin: dict[str, str] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()

    @property
    def is_control(self) -> bool:
        """Whether no model made it: it is there to compare designs with."""
        return self.recipe is None

    @property
    def run_recipe(self) -> Recipe:
        """The recipe of its run; a RecordError for a control, which has none."""
        if self.recipe is None:
            raise RecordError(
                f"{self.name} is a control, which no run made; write_protein writes it"
            )
        return self.recipe

    @property
    def recipe_text(self) -> str:
        """The recipe as it is written; empty for a control."""
        return "" if self.recipe is None else str(self.recipe)

    @property
    def steps(self) -> "tuple[SamplingStep, ...]":
        """The steps of its run, oldest first; empty where they were not kept."""
        return self.run.steps if self.run is not None else ()

    def as_prompt(self) -> Prompt:
        """What was asked, with what the run filled, marked *sampled*: to go on from.

        Sampled structure is in it as coordinates, laid over those given.
        """
        from ..sampling.filled import filled_prompt, with_design

        run, prompt = self.run, self.prompt
        if run is not None:
            prompt = filled_prompt(prompt, run.start, run.steps)
        else:
            at = np.flatnonzero(prompt.masked(Track.SEQUENCE))
            letters = "".join(self.protein.sequence[i] for i in at)
            prompt = prompt.paint(at, Track.SEQUENCE, letters).mark_sampled(at, Track.SEQUENCE)
        return with_design(prompt, self.protein)

    @property
    def status(self) -> str:
        """That it is a control, and what is wrong with it: a gate that was missed, a broken chain;
        empty where nothing is.
        """
        parts, missed = [CONTROL] if self.is_control else [], missed_gate(self.outcomes)
        if missed is not None:
            parts.append(f"missed {missed.gate}: {missed.measured}")
        breaks = self.metrics.get("chain_breaks", 0.0)
        if breaks > 0:
            parts.append("1 chain break" if breaks == 1 else f"{breaks:.0f} chain breaks")
        return "; ".join(parts)


def made_designs(designs: Iterable[Design]) -> list[Design]:
    """Those that a model made: all but the controls."""
    return [design for design in designs if not design.is_control]


def origin_of(model: "Model") -> dict[str, str]:
    """With what a run of this model is made, as far as it may change the tokens."""
    import numpy as np
    import torch

    from .. import __version__

    return {
        "model": model.name,
        "fingerprint": model.fingerprint,
        "device": model.device.type,
        "dtype": model.precision,
        "decoder_dtype": model.decoder_precision,
        "linear": model.linear,
        "esm3-workbench": __version__,
        "torch": torch.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
    }
