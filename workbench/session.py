"""Session: the prompt with its history, the run at hand and the designs kept; notifies no one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from .errors import PromptError, SamplingError
from .metrics import design_metrics
from .prompt import Prompt
from .protein import Protein
from .sampling.recipe import Recipe

if TYPE_CHECKING:
    from .model.model import Model
    from .sampling.trajectory import Trajectory

COLUMNS = (
    "design", "seed", "length", "ptm", "plddt", "recovery", "rmsd", "tm_score", "lddt",
    "ss8_agreement", "sasa_rho", "recipe", "sequence",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """A finished protein and all it takes to make it again."""

    name: str
    prompt: Prompt
    recipe: Recipe
    seed: int
    model_fingerprint: str
    protein: Protein
    metrics: dict[str, float]


class Session:
    """What one person is working on."""

    def __init__(self, prompt: Prompt, model: "Model | None" = None) -> None:
        """Start from a prompt; the model may be set later, before the first run."""
        self.model = model
        self.trajectory: Trajectory | None = None
        self.designs: list[Design] = []
        self._past: list[tuple[str, Prompt]] = [("open", prompt)]
        self._future: list[tuple[str, Prompt]] = []

    @property
    def prompt(self) -> Prompt:
        """The prompt as it is now."""
        return self._past[-1][1]

    @property
    def history(self) -> list[str]:
        """What was done, oldest first."""
        return [label for label, _ in self._past]

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return len(self._past) > 1

    @property
    def can_redo(self) -> bool:
        """Whether there is an edit to make again."""
        return bool(self._future)

    def edit(self, prompt: Prompt, label: str) -> None:
        """Make this the current prompt, as one step of the history."""
        self._past.append((label, prompt))
        self._future.clear()

    def undo(self) -> Prompt:
        """Take the last edit back."""
        if not self.can_undo:
            raise PromptError("there is nothing to undo")
        self._future.append(self._past.pop())
        return self.prompt

    def redo(self) -> Prompt:
        """Make the edit last taken back again."""
        if not self.can_redo:
            raise PromptError("there is nothing to redo")
        self._past.append(self._future.pop())
        return self.prompt

    def start(self, recipe: Recipe, seed: int = 0, ghost: bool = True) -> "Trajectory":
        """Plan a run of the current prompt; the caller advances it."""
        from .sampling.trajectory import Trajectory

        if self.model is None:
            raise SamplingError("this session has no model yet; load one with load_model()")
        self.trajectory = Trajectory(self.model, self.prompt, recipe, seed, ghost)
        return self.trajectory

    def keep(self, trajectory: "Trajectory") -> Design:
        """Store what a trajectory has reached as a design, with its metrics."""
        protein = trajectory.protein()
        name = f"design-{len(self.designs) + 1}"
        protein = protein.with_(name=name)
        design = Design(
            name,
            trajectory.prompt,
            trajectory.recipe,
            trajectory.seed,
            trajectory.model.fingerprint,
            protein,
            design_metrics(protein, trajectory.prompt.template),
        )
        self.designs.append(design)
        return design

    def table(self) -> pd.DataFrame:
        """One row per design: where it came from and how it measures up."""
        rows = [
            {
                "design": design.name,
                "seed": design.seed,
                "length": len(design.protein),
                **design.metrics,
                "recipe": str(design.recipe),
                "sequence": design.protein.sequence,
            }
            for design in self.designs
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))
