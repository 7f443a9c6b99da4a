"""The next step of a run: which pass it is, on what tokens, in which order and with what draws.

Every function here takes the plan and the steps so far and changes neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Float
from torch import Tensor

from ..tokenizers.residue_tokens import ResidueTokens
from ..tracks import TRACKS, Track
from .drawing import Filled, Masked, drawn, masked_choices, order_of
from .forward import predicted_structure
from .judging import attempts_are_kept, best_of, candidate_count, judged, missed
from .passes import Remask, temperature_at
from .rows import ROW_TRACKS, draws_of
from .run_plan import RunPlan
from .step import Outcome, SamplingStep, Steps

SWEEP = 1 << 31
"""Keeps the random numbers of a sweep's order apart from those of its passes."""


@dataclass(frozen=True, slots=True, eq=False)
class Upcoming:
    """The next pass of a run: its number in the plan, and the tokens it starts from.

    ``unguided`` holds, for every track or label that guides, its weight and the tokens without it.
    """

    number: int
    attempt: int
    before: ResidueTokens
    outcomes: tuple[Outcome, ...]
    unguided: tuple[tuple[float, ResidueTokens], ...] = ()

    @property
    def rows(self) -> list[ResidueTokens]:
        """What the model reads: the plain tokens first."""
        return [self.before, *(tokens for _, tokens in self.unguided)]


def next_number(plan: RunPlan, steps: Steps) -> int:
    """Number of the next pass: the next of the plan, or the first of a stage that has to be tried
    again.

    A stage some of whose attempts were not kept, as in older records, is tried anew from the first.
    """
    number = plan.opening(steps[-1].stage) if missed(plan, steps) else len(steps)
    index, outcomes = plan.passes[number].stage, steps[-1].outcomes if steps else ()
    return number if attempts_are_kept(plan, outcomes, index) else plan.opening(index)


def upcoming(plan: RunPlan, steps: Steps) -> Upcoming:
    """The next pass and what it starts from."""
    number = next_number(plan, steps)
    index, outcomes = plan.passes[number].stage, steps[-1].outcomes if steps else ()
    if not attempts_are_kept(plan, outcomes, index):
        outcomes = tuple(outcome for outcome in outcomes if outcome.stage != index)
    following, stage = plan.passes[number], plan.stage(number)
    attempt = sum(outcome.stage == index for outcome in outcomes)
    before = steps[number - 1].tokens if number else plan.start
    if following.remask is not None:
        before = _remasked(plan, steps[:number], number, following.remask)
    weights = stage.guide.active(plan.prompt) if stage.guide else ()
    unguided = tuple((weight, _hidden(plan, name, before)) for name, weight in weights)
    return Upcoming(number, attempt, before, outcomes, unguided)


def wanted_tracks(plan: RunPlan, coming: Upcoming) -> tuple[Track, ...]:
    """Tracks whose logits the next step needs."""
    track = plan.stage(coming.number).track
    return (track, Track.STRUCTURE) if plan.predict_structure else (track,)


def steps_after(
    plan: RunPlan, steps: Steps, coming: Upcoming, logits: Sequence[dict[Track, Tensor]]
) -> Steps:
    """The steps of the run with the next one made from the logits of its residues."""
    own = guided(coming, plan.stage(coming.number).track, logits)
    candidates = [
        _made_step(plan, steps, coming, own, candidate)
        for candidate in range(candidate_count(plan, coming.number))
    ]
    return judged(plan, (*steps[: coming.number], best_of(plan, candidates)))


def guided(
    coming: Upcoming, track: Track, logits: Sequence[dict[Track, Tensor]]
) -> dict[Track, Tensor]:
    """(1 + w) · with − w · without, summed over what guides, on the track that is sampled."""
    plain = logits[0]
    if not coming.unguided:
        return plain
    steered = plain[track].float()
    for (weight, _), bare in zip(coming.unguided, logits[1:], strict=True):
        steered = steered + weight * (plain[track].float() - bare[track].float())
    return {**plain, track: steered}


def _made_step(
    plan: RunPlan, steps: Steps, coming: Upcoming, logits: dict[Track, Tensor], candidate: int
) -> SamplingStep:
    """One candidate for the next step."""
    stage, count = plan.stage(coming.number), plan.passes[coming.number].count
    lots, uniform = _random_numbers(plan, coming, candidate)
    masked = masked_choices(plan, coming.before, stage.track, logits[stage.track])
    picked = np.sort(order_of(masked, stage, lots)[:count])
    temperature = temperature_at(plan.passes, coming.number, stage)
    filled = drawn(plan, coming.before, masked, picked, stage, temperature, uniform)
    return _recorded(plan, steps, coming, masked, filled, logits)


def _random_numbers(
    plan: RunPlan, coming: Upcoming, candidate: int
) -> tuple[Float[np.ndarray, " length"], Float[np.ndarray, "length *draws"]]:
    """Numbers in [0, 1) of each residue: one for the order, and those that its values take."""
    following, track, length = (
        plan.passes[coming.number],
        plan.stage(coming.number).track,
        len(plan.prompt),
    )
    again = (coming.attempt, candidate) if coming.attempt or candidate else ()
    random = np.random.default_rng([plan.seed, following.stage, following.step, *again])
    lots, uniform = random.random(length), random.random(length)
    if track in ROW_TRACKS:
        draws = draws_of(track, plan.model.config.trunk.residue_labels)
        uniform = random.random((length, draws))
    return lots, uniform


def _recorded(
    plan: RunPlan,
    steps: Steps,
    coming: Upcoming,
    masked: Masked,
    filled: Filled,
    logits: dict[Track, Tensor],
) -> SamplingStep:
    """What was filled, as a step."""
    track = plan.stage(coming.number).track
    entropy = np.full(len(plan.prompt), np.nan, np.float32)
    entropy[masked.positions] = masked.entropy
    probability = _probability(plan, steps[: coming.number], track)
    probability[masked.positions] = np.nan
    probability[filled.positions] = filled.probability
    tokens = coming.before.filled(track, filled.positions, filled.ids)
    predicted, likely = (
        predicted_structure(plan, tokens, logits[Track.STRUCTURE])
        if plan.predict_structure
        else (None, None)
    )
    return SamplingStep(
        index=coming.number + 1,
        stage=plan.passes[coming.number].stage,
        track=track,
        positions=filled.positions,
        entropy=entropy,
        probability=probability,
        tokens=tokens,
        predicted_structure=predicted,
        predicted_probability=likely,
        outcomes=coming.outcomes,
        notes=filled.notes,
    )


def _probability(plan: RunPlan, steps: Steps, track: Track) -> Float[np.ndarray, " length"]:
    """How likely the values chosen so far on a track were; NaN where none was."""
    for step in reversed(steps):
        if step.track is track:
            return step.probability.copy()
    return np.full(len(plan.prompt), np.nan, np.float32)


def _remasked(plan: RunPlan, steps: Steps, number: int, remask: Remask) -> ResidueTokens:
    """The tokens after these steps with the residues masked that a round draws again."""
    index, track, tokens = plan.passes[number].stage, plan.stage(number).track, steps[-1].tokens
    free = np.flatnonzero(plan.start.masked(track))
    if remask.block is None:
        likely = _probability(plan, steps, track)
        at = free[np.argsort(likely[free], kind="stable")[: remask.count]]
    else:
        sweep, block, blocks = remask.block
        order = np.random.default_rng([plan.seed, index, SWEEP + sweep]).permutation(free)
        at = np.array_split(order, blocks)[block]
    at = np.sort(at)
    mask = np.full_like(getattr(tokens, track.value)[at], TRACKS[track].mask)
    return tokens.filled(track, at, mask)


def _hidden(plan: RunPlan, name: str, tokens: ResidueTokens) -> ResidueTokens:
    """Tokens without what the prompt gives by this name; what was sampled stays."""
    start, bare = plan.start, plan.unguided[name]
    hidden = {}
    for entry in fields(ResidueTokens):
        given, blank = getattr(start, entry.name), getattr(bare, entry.name)
        same = (given == blank) | ((given != given) & (blank != blank))
        hidden[entry.name] = np.where(same, getattr(tokens, entry.name), blank)
    return ResidueTokens(**hidden)
