"""Trajectory: one design as it is sampled, step by step, with every state kept.

The draws of a step come from (seed, stage, step) alone, so a run that is paused, rewound or
resumed makes the same tokens again. Nothing here starts a thread: whoever calls ``advance`` does
the work.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from ..errors import SamplingError
from ..model.model import Model
from ..prompt import Prompt
from ..protein import Protein
from ..tokenizers.codec import ResidueTokens, decode, encode, to_rows, unread
from ..tokenizers.layout import Layout
from ..tokenizers.residue import AMINO_ACID_IDS, decode_letters, decode_sasa
from ..tracks import TRACKS, Track
from .logits import draw, entropy, nucleus, restrict, tempered
from .recipe import Recipe, plan


@dataclass(frozen=True, slots=True, eq=False)
class SamplingStep:
    """What one model pass decided, and how sure it was.

    ``entropy`` (nats) is NaN where the model was not asked; ``probability`` is that of the value
    chosen on this track in this run. ``ghost`` holds structure tokens with masks filled by the
    likeliest code, and ``ghost_probability`` how likely each is.
    """

    index: int
    stage: int
    track: Track
    positions: Int[np.ndarray, " filled"]
    entropy: Float[np.ndarray, " length"]
    probability: Float[np.ndarray, " length"]
    tokens: ResidueTokens
    ghost: Int[np.ndarray, " length"] | None = None
    ghost_probability: Float[np.ndarray, " length"] | None = None


class Trajectory:
    """The run of one recipe on one prompt with one seed."""

    def __init__(
        self, model: Model, prompt: Prompt, recipe: Recipe, seed: int = 0, ghost: bool = False
    ) -> None:
        """Plan the run; nothing is sampled yet. ``ghost`` makes every step guess the whole
        structure.
        """
        if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
            raise SamplingError(f"the seed is {seed!r}; give a whole number of at least 0")
        self.model, self.prompt, self.recipe, self.seed = model, prompt, recipe, int(seed)
        self.ghost = ghost
        self.start = encode(prompt, model)
        self.notes = unread(prompt, model)
        self.layout = Layout.of(prompt.template)
        self.plan = _plan_stages(recipe, self.start)
        self.steps: list[SamplingStep] = []
        if not self.plan:
            tracks = ", ".join(dict.fromkeys(stage.track.value for stage in recipe.stages))
            raise SamplingError(f"nothing is masked on {tracks}; mask some residues there first")

    @property
    def total(self) -> int:
        """Passes planned in all."""
        return len(self.plan)

    @property
    def done(self) -> bool:
        """Whether every planned pass was made."""
        return len(self.steps) >= self.total

    def __iter__(self) -> Iterator[SamplingStep]:
        """Make and yield the remaining steps."""
        while not self.done:
            yield self.advance()

    def advance(self) -> SamplingStep:
        """Make one model pass and fill what the plan says."""
        return advance_together([self])[0]

    def rewind(self, index: int) -> None:
        """Keep the first ``index`` steps; 0 goes back to the prompt."""
        if not 0 <= index <= len(self.steps):
            raise SamplingError(f"cannot rewind to step {index}; {len(self.steps)} steps were made")
        del self.steps[index:]

    def tokens(self, index: int | None = None) -> ResidueTokens:
        """Tokens after ``index`` steps; None means after the last."""
        index = len(self.steps) if index is None else index
        if not 0 <= index <= len(self.steps):
            raise SamplingError(f"there is no step {index}; {len(self.steps)} steps were made")
        return self.steps[index - 1].tokens if index else self.start

    def prompt_at(self, index: int | None = None) -> Prompt:
        """The prompt with everything sampled after ``index`` steps written in: where a branch
        starts.
        """
        index = len(self.steps) if index is None else index
        tokens, prompt = self.tokens(index), self.prompt
        for track in dict.fromkeys(step.track for step in self.steps[:index]):
            at = np.flatnonzero(self.start.masked(track) & ~tokens.masked(track))
            ids = getattr(tokens, track.value)[at]
            if track is Track.STRUCTURE:
                prompt = prompt.with_tokens(at, ids)
            elif track is Track.SASA:
                prompt = prompt.paint(at, track, decode_sasa(ids))
            else:
                prompt = prompt.paint(at, track, decode_letters(ids, track))
        return prompt

    def branch(
        self, index: int, prompt: Prompt | None = None, seed: int | None = None
    ) -> "Trajectory":
        """A new run from ``index`` on, of the steps not made yet, from a prompt that may be
        repainted.
        """
        prompt = self.prompt_at(index) if prompt is None else prompt
        left = [stage_index for stage_index, _, _ in self.plan[index:]]
        stages = [
            replace(s, steps=left.count(i)) for i, s in enumerate(self.recipe.stages) if i in left
        ]
        if not stages:
            raise SamplingError(f"no steps are left after step {index}; branch from an earlier one")
        seed = self.seed if seed is None else seed
        return Trajectory(self.model, prompt, Recipe(tuple(stages)), seed, self.ghost)

    def protein(self, index: int | None = None, *, pairs: bool = True) -> Protein:
        """The protein after ``index`` steps, decoded with confidence; masked letters stay ``_``.

        With ``ghost``, masked structure is drawn as the model would most likely fill it.
        """
        index = len(self.steps) if index is None else index
        tokens = self.tokens(index)
        ghost = self.steps[index - 1].ghost if index else self._first_ghost()
        return decode(tokens, self.prompt, self.model, ghost, pairs=pairs)

    # -- one step --------------------------------------------------------------------------------

    @property
    def _wanted(self) -> tuple[Track, ...]:
        """Tracks whose logits the next step needs."""
        track = self.recipe.stages[self.plan[len(self.steps)][0]].track
        return (track, Track.STRUCTURE) if self.ghost else (track,)

    def _take(self, logits: dict[Track, Tensor]) -> SamplingStep:
        """Make the next step from the logits of its residues."""
        number = len(self.steps)
        step = self._filled(number, *self.plan[number], self.tokens(), logits)
        self.steps.append(step)
        return step

    def _filled(
        self,
        number: int,
        stage_index: int,
        step_in_stage: int,
        count: int,
        before: ResidueTokens,
        logits: dict[Track, Tensor],
    ) -> SamplingStep:
        stage, length = self.recipe.stages[stage_index], len(self.prompt)
        masked = np.flatnonzero(before.masked(stage.track))
        random = np.random.default_rng([self.seed, stage_index, step_in_stage])
        order, luck = random.random(length), random.random(length)
        at = torch.from_numpy(masked).to(self.model.device)
        choices = restrict(logits[stage.track][at], self._allowed(stage.track, masked))
        uncertainty = entropy(choices).cpu().numpy()
        first = np.argsort(
            order[masked] if stage.strategy == "random" else uncertainty, kind="stable"
        )
        chosen = np.sort(first[:count])
        picked = torch.from_numpy(chosen).to(self.model.device)
        passes = sum(index == stage_index for index, _, _ in self.plan)
        temperature = stage.temperature_at(step_in_stage, passes)
        final = nucleus(tempered(choices[picked], temperature), stage.top_p)
        ids = draw(final, torch.from_numpy(luck[masked[chosen]]).to(final.device))
        likely = choices[picked].softmax(-1).gather(-1, ids[:, None])[:, 0]
        spread = np.full(length, np.nan, np.float32)
        spread[masked] = uncertainty
        probability = self._probability_before(number, stage_index)
        probability[masked[chosen]] = likely.cpu().numpy()
        tokens = before.filled(stage.track, masked[chosen], ids.cpu().numpy())
        ghost, ghost_probability = self._ghost(tokens, logits.get(Track.STRUCTURE))
        return SamplingStep(
            index=number + 1,
            stage=stage_index,
            track=stage.track,
            positions=masked[chosen],
            entropy=spread,
            probability=probability,
            tokens=tokens,
            ghost=ghost,
            ghost_probability=ghost_probability,
        )

    def _allowed(
        self, track: Track, positions: Int[np.ndarray, " masked"]
    ) -> Bool[Tensor, "masked ids"]:
        size = TRACKS[track].values.stop if track is Track.STRUCTURE else TRACKS[track].size
        allowed = np.zeros((len(positions), size), bool)
        if track is Track.SEQUENCE:
            allowed[:, AMINO_ACID_IDS] = self.prompt.allowed[positions]
        elif track is Track.STRUCTURE:
            allowed[:, : self.model.config.used_codes] = True
        else:
            allowed[:, TRACKS[track].values.start : TRACKS[track].values.stop] = True
        return torch.from_numpy(allowed).to(self.model.device)

    def _probability_before(self, number: int, stage_index: int) -> Float[np.ndarray, " length"]:
        track = self.recipe.stages[stage_index].track
        earlier = [s.probability for s in self.steps[:number] if s.track is track]
        return earlier[-1].copy() if earlier else np.full(len(self.prompt), np.nan, np.float32)

    def _ghost(
        self, tokens: ResidueTokens, logits: Tensor | None
    ) -> tuple[np.ndarray | None, np.ndarray | None]:
        if logits is None or not self.ghost:
            return None, None
        everywhere = np.arange(len(self.prompt))
        chance = restrict(logits, self._allowed(Track.STRUCTURE, everywhere)).softmax(-1)
        best, code = (part.cpu().numpy() for part in chance.max(-1))
        masked = tokens.masked(Track.STRUCTURE)
        return np.where(masked, code, tokens.structure), np.where(masked, best, 1.0)

    def _first_ghost(self) -> np.ndarray | None:
        if not self.ghost or not self.start.masked(Track.STRUCTURE).any():
            return None
        with torch.inference_mode():
            (logits,) = _residue_logits([self], [self.start], {Track.STRUCTURE})
            return self._ghost(self.start, logits[Track.STRUCTURE])[0]


def advance_together(trajectories: Sequence[Trajectory]) -> list[SamplingStep]:
    """One step of several runs of one model in a single padded pass.

    Lengths, recipes and progress may differ; each run makes the same tokens as it would alone.
    """
    for trajectory in trajectories:
        if trajectory.done:
            raise SamplingError(
                f"all {trajectory.total} steps are made; rewind or start another run"
            )
        if trajectory.model is not trajectories[0].model:
            raise SamplingError("only runs of the same model can share a pass")
    wanted = {track for trajectory in trajectories for track in trajectory._wanted}
    with torch.inference_mode():
        logits = _residue_logits(trajectories, [t.tokens() for t in trajectories], wanted)
        return [t._take(own) for t, own in zip(trajectories, logits, strict=True)]


def _residue_logits(
    trajectories: Sequence[Trajectory], tokens: list[ResidueTokens], tracks: set[Track]
) -> list[dict[Track, Tensor]]:
    """Logits of these tracks at each run's own residues."""
    model, layouts = trajectories[0].model, [t.layout for t in trajectories]
    rows = to_rows(tokens, layouts, model.device)
    logits = model.trunk(rows, [track for track in Track if track in tracks])
    places = [torch.from_numpy(layout.rows).to(model.device) for layout in layouts]
    return [{t: v[i, at] for t, v in logits.items()} for i, at in enumerate(places)]


def _plan_stages(recipe: Recipe, start: ResidueTokens) -> list[tuple[int, int, int]]:
    """(stage, step within it, residues to fill) of every pass; a track once filled stays filled."""
    passes, filled = [], set()
    for index, stage in enumerate(recipe.stages):
        masked = 0 if stage.track in filled else int(start.masked(stage.track).sum())
        if masked:
            passes += [(index, step, count) for step, count in enumerate(plan(stage, masked))]
        filled.add(stage.track)
    return passes
