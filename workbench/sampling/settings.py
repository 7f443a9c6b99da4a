"""RunSettings: what a person sets for the next run, and recipes to start from. No torch."""

from dataclasses import dataclass, fields, replace

from ..errors import SamplingError
from .guidance import Guidance
from .recipe import Recipe, Stage
from .stage_options import SCHEDULES, STRATEGIES

PRESETS = (
    ("Redesign: structure, then sequence", "structure:8,sequence:8"),
    ("Inverse fold: sequence", "sequence:16"),
    ("Fold: structure", "structure:16"),
    ("Sequence, then fold", "sequence:8,structure:8"),
    ("Chain of thought: SS8, structure, sequence", "ss8:8,structure:8,sequence:8"),
)
"""Recipes to start from, with the name a person sees."""

DRAWING = ("schedule", "strategy", "temperature", "top_p")

BOUNDS = {"seed": (0, 2**31 - 1), "designs": (1, 1000)}
"""Least and greatest value of whole numbers that no stage has."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Recipe text and how to draw; what a stage of the recipe says itself goes first.

    ``guide`` weighs what the prompt gives, as in ``ss8:2+function:1``. ``designs`` runs follow each
    other with the seeds ``seed``, ``seed + 1`` and so on.
    """

    recipe: str = PRESETS[0][1]
    schedule: str = "cosine"
    strategy: str = "random"
    temperature: float = 1.0
    top_p: float = 1.0
    guide: str = ""
    seed: int = 0
    designs: int = 1

    def __post_init__(self) -> None:
        _among("schedule", self.schedule, SCHEDULES)
        _among("strategy", self.strategy, STRATEGIES)
        for name, (low, high) in BOUNDS.items():
            _inside(name, getattr(self, name), low, high)
        self.plan()

    def with_(self, **changes: object) -> "RunSettings":
        """These settings with some exchanged; numbers may come as text."""
        kinds = {field.name: type(getattr(self, field.name)) for field in fields(self)}
        unknown = sorted(set(changes) - set(kinds))
        if unknown:
            raise SamplingError(f"there is no setting {unknown[0]!r}; use {', '.join(kinds)}")
        converted = {}
        for name, value in changes.items():
            try:
                converted[name] = kinds[name](value)
            except (TypeError, ValueError):
                raise SamplingError(f"{value!r} is no {kinds[name].__name__} for {name}") from None
        return replace(self, **converted)

    def with_steps(self, steps: int) -> "RunSettings":
        """These settings with every stage of the recipe taking this many steps."""
        stages = Recipe.parse(self.recipe).stages
        return self.with_(recipe=Recipe(tuple(replace(stage, steps=steps) for stage in stages)))

    @property
    def weights(self) -> dict[str, float]:
        """The guidance by track or annotation."""
        return dict(Guidance.parse(self.guide).weights) if self.guide else {}

    def with_weight(self, name: str, weight: float) -> "RunSettings":
        """These settings with more or less guidance by a track or annotation; 0 is none."""
        weights = self.weights | {name: weight}
        nonzero = tuple((name, weight) for name, weight in weights.items() if weight)
        return self.with_(guide=Guidance(nonzero))

    def plan(self) -> Recipe:
        """The recipe that these settings mean."""
        stages = Recipe.parse(self.recipe).stages
        return Recipe(tuple(self._drawn(stage) for stage in stages))

    def _drawn(self, stage: Stage) -> Stage:
        options = {name: getattr(self, name) for name in DRAWING if not stage.has_own(name)}
        if self.guide and not stage.has_own("guide"):
            options["guide"] = Guidance.parse(self.guide)
        return replace(stage, **options)


def _among(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise SamplingError(f"there is no {name} {value!r}; use {', '.join(known)}")


def _inside(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise SamplingError(f"{name} {value} is outside {low:g} to {high:g}")
