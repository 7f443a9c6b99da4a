"""RunPlan: all that a run starts from. Functions of a plan and the steps so far make the next step.

A plan never changes. The random numbers of a step follow from its seed, stage, step, attempt and
candidate alone, so a run that is rewound, resumed or made beside others makes the same tokens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from ..errors import SamplingError
from ..model.model import Model
from ..prompt import Prompt
from ..tokenizers.codec import encode
from ..tokenizers.layout import Layout
from ..tokenizers.residue_tokens import ResidueTokens
from ..tracks import Track
from .goals import Score, check_metrics
from .guidance import without
from .passes import Pass, passes_of
from .recipe import Recipe, Stage


@dataclass(frozen=True, slots=True, eq=False)
class RunPlan:
    """One recipe on one prompt with one seed.

    ``start`` holds the tokens of the prompt, ``passes`` every model pass of the recipe.
    ``predict_structure`` has each step predict the structure tokens that are still masked.
    ``scores`` are metrics of your own by name. ``unguided`` holds, by the name of each track or
    label that guides, the tokens of the prompt without it.
    """

    model: Model
    prompt: Prompt
    recipe: Recipe
    seed: int
    predict_structure: bool
    scores: Mapping[str, Score]
    start: ResidueTokens
    layout: Layout
    passes: tuple[Pass, ...]
    unguided: Mapping[str, ResidueTokens]

    @classmethod
    def of(
        cls,
        model: Model,
        prompt: Prompt,
        recipe: Recipe,
        seed: int = 0,
        predict_structure: bool = False,
        scores: Mapping[str, Score] | None = None,
    ) -> "RunPlan":
        """Plan a run; a SamplingError says what cannot be run."""
        if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
            raise SamplingError(f"the seed is {seed!r}; give a whole number of at least 0")
        scores = MappingProxyType(dict(scores or {}))
        for stage in recipe.stages:
            check_metrics(stage.metrics, scores)
            _check_tables(model, stage.track)
        start = encode(prompt, model)
        passes = passes_of(recipe, lambda track: int(start.masked(track).sum()))
        if not passes:
            tracks = ", ".join(dict.fromkeys(stage.track.value for stage in recipe.stages))
            raise SamplingError(f"nothing is masked on {tracks}; mask some residues there first")
        guides = [stage.guide.active(prompt) for stage in recipe.stages if stage.guide]
        names = dict.fromkeys(name for weights in guides for name, _ in weights)
        unguided = {name: encode(without(prompt, name), model) for name in names}
        return cls(
            model=model,
            prompt=prompt,
            recipe=recipe,
            seed=int(seed),
            predict_structure=predict_structure,
            scores=scores,
            start=start,
            layout=Layout.of(prompt.template),
            passes=passes,
            unguided=MappingProxyType(unguided),
        )

    def stage(self, number: int) -> Stage:
        """The stage that a pass belongs to."""
        return self.recipe.stages[self.passes[number].stage]

    def opening(self, stage: int) -> int:
        """Number of the first pass of a stage."""
        return next(i for i, planned in enumerate(self.passes) if planned.stage == stage)

    def closes(self, number: int) -> bool:
        """Whether a pass is the last of its stage."""
        after = number + 1
        return after == len(self.passes) or self.passes[after].stage != self.passes[number].stage


def _check_tables(model: Model, track: Track) -> None:
    """Refuse to sample annotations that no table gives a meaning."""
    tables = {
        Track.FUNCTION: model.function_vocabulary,
        Track.RESIDUE: model.residue_vocabulary,
    }.get(track)
    if tables is not None and not tables.available:
        raise SamplingError(f"{model.name} cannot sample {track}: {tables.note}")
