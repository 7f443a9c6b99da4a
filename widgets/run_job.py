"""RunJob: what a run is asked, fixed when it starts; the estimate and the run are made of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.prompt import Prompt
from workbench.sampling.passes import Cost, Pass, cost_of, passes_of
from workbench.sampling.recipe import Recipe
from workbench.sampling.settings import RunSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.sampling.trajectory import Trajectory
    from workbench.session import Design, Run


@dataclass(frozen=True, slots=True, eq=False)
class RunJob:
    """A prompt and the settings to run it with; nothing painted or set later changes it."""

    prompt: Prompt
    settings: RunSettings

    @classmethod
    def of_runs(cls, runs: "Sequence[Run | Trajectory | Design]") -> "RunJob":
        """What runs of one prompt and recipe, with seeds that follow each other, were asked."""
        first = runs[0]
        settings = RunSettings(str(first.recipe), seed=first.seed, designs=len(runs))
        return cls(first.prompt, settings)

    @property
    def recipe(self) -> Recipe:
        """The recipe that the settings mean."""
        return self.settings.plan()

    @property
    def passes(self) -> tuple[Pass, ...]:
        """Every model pass of each design; none where nothing is masked on the recipe's tracks."""
        return passes_of(self.recipe, lambda track: int(self.prompt.masked(track).sum()))

    @property
    def cost(self) -> Cost:
        """What each design costs."""
        return cost_of(self.passes, self.recipe, self.prompt)
