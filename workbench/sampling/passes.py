"""Passes: every model pass of a recipe, and what a run costs, known before it starts. No torch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from ..prompt import Prompt
from ..tracks import Track
from .recipe import Recipe, Stage, fillings, steps_of


@dataclass(frozen=True, slots=True)
class Remask:
    """A round of resampling that opens with this pass: ``count`` residues become masked again.

    ``block`` (sweep, number in it, of how many) picks them at random, each once per sweep; None
    picks the least sure.
    """

    count: int
    block: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Pass:
    """One model pass: its stage, its number in that stage, how many residues it fills.

    ``scheduled`` is the step of the schedule of a pass that fills the prompt's masks; None marks
    the passes of later rounds.
    """

    stage: int
    step: int
    count: int
    remask: Remask | None = None
    scheduled: int | None = None

    @property
    def filling(self) -> bool:
        """Whether it fills the prompt's masks."""
        return self.scheduled is not None


def passes_of(recipe: Recipe, masked: Callable[[Track], int]) -> tuple[Pass, ...]:
    """All passes of a recipe; a track once filled stays filled, but for rounds of resampling."""
    passes: list[Pass] = []
    filled: set[Track] = set()
    for index, stage in enumerate(recipe.stages):
        total = masked(stage.track)
        first = [] if stage.track in filled or not total else fillings(stage, total)
        own: list[tuple[int, Remask | None, int | None]] = [(n, None, step) for step, n in first]
        for remask, again in _rounds(stage, total) if total else ():
            own += [(count, None if i else remask, None) for i, count in enumerate(again)]
        filled.add(stage.track)
        passes += [Pass(index, step, *counts) for step, counts in enumerate(own)]
    return tuple(passes)


def remaining(recipe: Recipe, left: Sequence[Pass]) -> tuple[Stage, ...]:
    """The stages, cut down to the passes that are left; rounds that have not begun stay whole."""
    stages = []
    for index, stage in enumerate(recipe.stages):
        own = [planned for planned in left if planned.stage == index]
        rounds = sum(planned.remask is not None for planned in own)
        steps = next((i for i, planned in enumerate(own) if planned.remask is not None), len(own))
        gibbs = min(stage.gibbs, rounds)
        if own:
            stages.append(replace(stage, steps=max(1, steps), refine=rounds - gibbs, gibbs=gibbs))
    return tuple(stages)


def _rounds(stage: Stage, total: int) -> list[tuple[Remask, list[int]]]:
    """What each round masks again, and how many residues each of its passes fills."""
    some = ceil(stage.share * total)
    shorter = replace(stage, steps=ceil(stage.share * stage.steps))
    again = [count for _, count in fillings(shorter, some)]
    rounds = [(Remask(some), again)] * stage.refine
    if stage.strategy == "entropy":
        return rounds + [(Remask(some), [some])] * stage.gibbs
    blocks = ceil(total / some)
    sizes = [len(block) for block in np.array_split(np.arange(total), blocks)]
    for number in range(stage.gibbs):
        sweep, block = divmod(number, blocks)
        rounds.append((Remask(sizes[block], (sweep, block, blocks)), [sizes[block]]))
    return rounds


@dataclass(frozen=True, slots=True)
class Cost:
    """Passes of one protein through the model; several that share a batch count each.

    ``plain`` is what filling alone takes, ``passes`` the whole run where every gate is passed at
    once, ``most`` with all retries used. ``decodes`` counts structures decoded for gates and
    rewards.
    """

    plain: int
    passes: int
    most: int
    decodes: int = 0

    def __str__(self) -> str:
        text = "1 pass" if self.passes == 1 else f"{self.passes} passes"
        text += f" instead of {self.plain}" if self.passes != self.plain else ""
        if self.decodes:
            text += f", {self.decodes} structure{'s' * (self.decodes > 1)} decoded"
        return text + (
            f", up to {self.most} passes with retries" if self.most > self.passes else ""
        )


def cost(recipe: Recipe, prompt: Prompt) -> Cost:
    """What a run of this recipe on this prompt will cost."""
    return cost_of(passes_of(recipe, lambda track: int(prompt.masked(track).sum())), recipe, prompt)


def cost_of(passes: Sequence[Pass], recipe: Recipe, prompt: Prompt) -> Cost:
    """What these passes cost."""
    masked_count = {track: int(prompt.masked(track).sum()) for track in Track}
    once, decodes = [0] * len(recipe.stages), [0] * len(recipe.stages)
    for number, planned in enumerate(passes):
        stage = recipe.stages[planned.stage]
        masked_count[stage.track] += (planned.remask.count if planned.remask else 0) - planned.count
        last = number + 1 == len(passes) or passes[number + 1].stage != planned.stage
        judged = stage.best if chooses(stage, planned.step, last) else 0
        judged += last and stage.gate is not None
        unfinished = masked_count[Track.SEQUENCE] or masked_count[Track.STRUCTURE]
        guided = len(stage.guide.active(prompt)) if stage.guide else 0
        once[planned.stage] += 1 + guided + (judged if unfinished else 0)
        decodes[planned.stage] += judged
    retried = [
        each * (1 + stage.retries if stage.gate else 1)
        for each, stage in zip(once, recipe.stages, strict=True)
    ]
    plain = sum(planned.filling for planned in passes)
    return Cost(plain, sum(once), sum(retried), sum(decodes))


def temperature_at(passes: Sequence[Pass], number: int, stage: Stage) -> float:
    """The temperature of a pass; rounds keep that at which the filling ended."""
    own = [planned for planned in passes[: number + 1] if planned.stage == passes[number].stage]
    step = next(
        (planned.scheduled for planned in reversed(own) if planned.scheduled is not None), 0
    )
    masked = sum(
        planned.count
        for planned in passes
        if planned.stage == passes[number].stage and planned.filling
    )
    return stage.temperature_at(step, steps_of(stage, masked))


def chooses(stage: Stage, step: int, last: bool) -> bool:
    """Whether this pass draws several candidates: every n-th and the last of its stage."""
    return stage.best > 1 and (last or (step + 1) % stage.every == 0)
