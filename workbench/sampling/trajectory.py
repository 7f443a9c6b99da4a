"""Trajectory: one design as it is sampled, step by step, with every state kept.

The draws of a step come from (seed, stage, step) alone, so a run that is paused, rewound or
resumed makes the same tokens again. Nothing here starts a thread: whoever calls ``advance`` does
the work.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from ..errors import SamplingError, WorkbenchError
from ..model.model import Model
from ..prompt import Prompt
from ..protein import Protein
from ..tokenizers.codec import decode, encode, unread
from ..tokenizers.layout import Layout
from ..tokenizers.residue import AMINO_ACID_IDS, decode_letters, decode_sasa
from ..tokenizers.residue_tokens import ResidueTokens
from ..tracks import TRACKS, Track
from .goals import Outcome, Score, check_metrics
from .logits import draw, entropy, nucleus, restrict, tempered
from .passes import Cost, cost_of, passes_of, remaining, temperature_at
from .recipe import Recipe
from .rows import ROW_TRACKS, draw_rows, draws_of, row_entropy
from .steering import (
    Upcoming,
    best_of,
    choosing,
    draw_avoiding,
    guided,
    missed,
    motif_guard,
    motif_notes,
    residue_logits,
    settle,
    stopped,
    upcoming,
)
from .step import SamplingStep


class Trajectory:
    """The run of one recipe on one prompt with one seed."""

    def __init__(
        self,
        model: Model,
        prompt: Prompt,
        recipe: Recipe,
        seed: int = 0,
        ghost: bool = False,
        scores: Mapping[str, Score] | None = None,
    ) -> None:
        """Plan the run; nothing is sampled yet. ``ghost`` makes every step guess the whole
        structure. ``scores`` are metrics of your own, by the names that the recipe uses.
        """
        if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
            raise SamplingError(f"the seed is {seed!r}; give a whole number of at least 0")
        self.model, self.prompt, self.recipe, self.seed = model, prompt, recipe, int(seed)
        self.ghost = ghost
        self.start = encode(prompt, model)
        self.scores = dict(scores or {})
        for stage in recipe.stages:
            check_metrics(stage.metrics, self.scores)
            self._check_tables(stage.track)
        self.bare: dict[str, ResidueTokens] = {}
        self.notes = unread(prompt, model) + motif_notes(self)
        self.layout = Layout.of(prompt.template)
        self.passes = passes_of(recipe, lambda track: int(self.start.masked(track).sum()))
        self.plan = [(one.stage, one.step, one.count) for one in self.passes]
        self.steps: list[SamplingStep] = []
        self._decoded: tuple[SamplingStep | None, Protein | None] = (None, None)
        if not self.plan:
            tracks = ", ".join(dict.fromkeys(stage.track.value for stage in recipe.stages))
            raise SamplingError(f"nothing is masked on {tracks}; mask some residues there first")

    @property
    def total(self) -> int:
        """Passes planned in all."""
        return len(self.plan)

    @property
    def done(self) -> bool:
        """Whether every planned pass was made, or a gate stopped the run."""
        return bool(self.stopped) or (len(self.steps) >= self.total and not missed(self))

    @property
    def cost(self) -> Cost:
        """What the whole run costs; known before it starts."""
        return cost_of(self.passes, self.recipe, self.prompt)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How every gate was met so far, all attempts included."""
        return self.steps[-1].outcomes if self.steps else ()

    @property
    def stopped(self) -> str:
        """Why a gate stopped the run; empty where none did."""
        return stopped(self)

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
            elif track in ROW_TRACKS:
                prompt = prompt.with_annotation_tokens(at, track, ids)
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
        stages = remaining(self.recipe, self.passes[index:])
        if not stages:
            raise SamplingError(f"no steps are left after step {index}; branch from an earlier one")
        seed = self.seed if seed is None else seed
        return Trajectory(self.model, prompt, Recipe(stages), seed, self.ghost, self.scores)

    def protein(self, index: int | None = None, *, pairs: bool = True) -> Protein:
        """The protein after ``index`` steps, decoded with confidence; masked letters stay ``_``.

        With ``ghost``, masked structure is drawn as the model would most likely fill it.
        """
        index = len(self.steps) if index is None else index
        tokens = self.tokens(index)
        step = self.steps[index - 1] if index else None
        latest, protein = self._decoded
        if protein is not None and latest is step and not (pairs and _lacks_pairs(protein)):
            return protein
        ghost = self._first_ghost() if step is None else step.ghost
        protein = decode(tokens, self.prompt, self.model, ghost, pairs=pairs)
        self._decoded = step, protein
        return protein

    def _check_tables(self, track: Track) -> None:
        """Refuse to sample annotations that no table gives a meaning."""
        tables = {
            Track.FUNCTION: self.model.function_vocabulary,
            Track.RESIDUE: self.model.residue_vocabulary,
        }.get(track)
        if tables is not None and not tables.available:
            raise SamplingError(f"{self.model.name} cannot sample {track}: {tables.note}")

    # -- one step --------------------------------------------------------------------------------

    def _track_of(self, coming: Upcoming) -> Track:
        return self.recipe.stages[self.passes[coming.number].stage].track

    def _wanted(self, coming: Upcoming) -> tuple[Track, ...]:
        """Tracks whose logits the next step needs."""
        track = self._track_of(coming)
        return (track, Track.STRUCTURE) if self.ghost else (track,)

    def _take(self, coming: Upcoming, logits: Sequence[dict[Track, Tensor]]) -> SamplingStep:
        """Make the next step from the logits of its residues."""
        steered = guided(coming, self._track_of(coming), logits)
        candidates = range(choosing(self, coming.number))
        drawn = [self._filled(coming, steered, candidate) for candidate in candidates]
        best, before = drawn[0] if len(drawn) == 1 else best_of(self, drawn), list(self.steps)
        self.steps[coming.number :] = [best]
        try:
            settle(self)
        except WorkbenchError:
            self.steps[:] = before
            raise
        return self.steps[-1]

    def _filled(
        self, coming: Upcoming, logits: dict[Track, Tensor], candidate: int = 0
    ) -> SamplingStep:
        number, before = coming.number, coming.before
        stage_index, step_in_stage, count = self.plan[number]
        stage, length = self.recipe.stages[stage_index], len(self.prompt)
        masked = np.flatnonzero(before.masked(stage.track))
        again = (coming.attempt, candidate) if coming.attempt or candidate else ()
        random = np.random.default_rng([self.seed, stage_index, step_in_stage, *again])
        order, luck = random.random(length), random.random(length)
        rows = stage.track in ROW_TRACKS
        if rows:
            choices = logits[stage.track][torch.from_numpy(masked).to(self.model.device)]
            uncertainty = row_entropy(choices, stage.track).cpu().numpy()
        else:
            choices = self.choices(stage.track, logits[stage.track], masked)
            uncertainty = entropy(choices).cpu().numpy()
        first = np.argsort(
            order[masked] if stage.strategy == "random" else uncertainty, kind="stable"
        )
        chosen = np.sort(first[:count])
        picked = torch.from_numpy(chosen).to(self.model.device)
        temperature = temperature_at(self.passes, number, stage)
        at, notes = masked[chosen], ()
        if rows:
            draws = draws_of(stage.track, self.model.config.trunk.residue_labels)
            row_luck = random.random((length, draws))[at]
            filled, likely = draw_rows(
                choices[picked], stage.track, row_luck, temperature, stage.top_p
            )
        elif stage.track is Track.SEQUENCE and self.prompt.constraints.forbidden:
            guard = motif_guard(self, before)
            ids, dead = draw_avoiding(
                choices[picked], at, luck[at], guard, temperature, stage.top_p
            )
            notes = tuple(
                f"no allowed residue at {self.prompt.template.label(int(i))} avoids every motif"
                for i in dead
            )
        else:
            final = nucleus(tempered(choices[picked], temperature), stage.top_p)
            ids = draw(final, torch.from_numpy(luck[at]).to(final.device))
        if not rows:
            likely = choices[picked].softmax(-1).gather(-1, ids[:, None])[:, 0].cpu().numpy()
            filled = ids.cpu().numpy()
        spread = np.full(length, np.nan, np.float32)
        spread[masked] = uncertainty
        probability = self._probability_before(number, stage_index)
        probability[masked] = np.nan
        probability[at] = likely
        tokens = before.filled(stage.track, at, filled)
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
            outcomes=coming.outcomes,
            notes=notes,
        )

    def choices(
        self, track: Track, logits: Float[Tensor, "length ids"], positions: Int[np.ndarray, " some"]
    ) -> Float[Tensor, "some choices"]:
        """Logits at some residues, biased and with only what the prompt allows."""
        at = torch.from_numpy(positions).to(logits.device)
        if track is Track.STRUCTURE:
            return logits.index_select(0, at)[:, : self.model.config.used_codes].float()
        own, bias = logits[at], self.prompt.constraints.bias[positions]
        if track is Track.SEQUENCE and bias.any():
            ids = torch.from_numpy(AMINO_ACID_IDS).to(own.device)
            own = own.float().index_add(1, ids, torch.from_numpy(bias).to(own.device))
        return restrict(own, self._allowed(track, positions))

    def _allowed(
        self, track: Track, positions: Int[np.ndarray, " masked"]
    ) -> Bool[Tensor, "masked ids"]:
        allowed = np.zeros((len(positions), TRACKS[track].size), bool)
        if track is Track.SEQUENCE:
            allowed[:, AMINO_ACID_IDS] = self.prompt.allowed[positions]
        else:
            allowed[:, TRACKS[track].values.start : TRACKS[track].values.stop] = True
        return torch.from_numpy(allowed).to(self.model.device)

    def _probability_before(self, number: int, stage_index: int) -> Float[np.ndarray, " length"]:
        track = self.recipe.stages[stage_index].track
        for step in reversed(self.steps[:number]):
            if step.track is track:
                return step.probability.copy()
        return np.full(len(self.prompt), np.nan, np.float32)

    def _ghost(
        self, tokens: ResidueTokens, logits: Tensor | None
    ) -> tuple[np.ndarray | None, np.ndarray | None]:
        if logits is None or not self.ghost:
            return None, None
        codes = logits[:, : self.model.config.used_codes].float()
        highest, likeliest = codes.max(-1)
        best = (highest - codes.logsumexp(-1)).exp().cpu().numpy()
        code = likeliest.cpu().numpy()
        masked = tokens.masked(Track.STRUCTURE)
        return np.where(masked, code, tokens.structure), np.where(masked, best, 1.0)

    def _first_ghost(self) -> np.ndarray | None:
        if not self.ghost or not self.start.masked(Track.STRUCTURE).any():
            return None
        with torch.inference_mode():
            (logits,) = residue_logits(self.model, [self.start], [self.layout], {Track.STRUCTURE})
            return self._ghost(self.start, logits[Track.STRUCTURE])[0]


def _lacks_pairs(protein: Protein) -> bool:
    return protein.confidence is not None and protein.confidence.pae is None


def advance_together(trajectories: Sequence[Trajectory]) -> list[SamplingStep]:
    """One step of several runs of one model, in passes that they share.

    Lengths, recipes and progress may differ; each run makes the same tokens as it would alone. A
    run that fails stays where it was; all others have made their step when RunsFailed is raised.
    """
    for trajectory in trajectories:
        if trajectory.done:
            made = trajectory.stopped or f"all {trajectory.total} steps are made"
            raise SamplingError(f"{made}; rewind or start another run")
        if trajectory.model is not trajectories[0].model:
            raise SamplingError("only runs of the same model can share a pass")
    coming: dict[Trajectory, Upcoming] = {}
    failures: dict[Trajectory, WorkbenchError] = {}
    for trajectory in trajectories:
        with _caught(failures, trajectory):
            coming[trajectory] = upcoming(trajectory)
    wanted = {track for trajectory, one in coming.items() for track in trajectory._wanted(one)}
    rows = [row for one in coming.values() for row in one.rows]
    layouts = [trajectory.layout for trajectory, one in coming.items() for _ in one.rows]
    steps = []
    with torch.inference_mode():
        found = residue_logits(trajectories[0].model, rows, layouts, wanted) if rows else []
        logits = iter(found)
        for trajectory, one in coming.items():
            own = [next(logits) for _ in one.rows]
            with _caught(failures, trajectory):
                steps.append(trajectory._take(one, own))
    if failures:
        raise RunsFailed(failures, steps) from next(iter(failures.values()))
    return steps


@contextmanager
def _caught(failures: dict[Trajectory, WorkbenchError], trajectory: Trajectory) -> Iterator[None]:
    try:
        yield
    except WorkbenchError as error:
        failures[trajectory] = error


class RunsFailed(SamplingError):
    """Runs that failed at a pass: the error of each, and the ``steps`` made by those that share
    the pass.
    """

    def __init__(
        self, failures: "dict[Trajectory, WorkbenchError]", steps: list[SamplingStep]
    ) -> None:
        self.failures, self.steps = failures, steps
        super().__init__(told(failures))


def told(failures: dict[Trajectory, WorkbenchError]) -> str:
    """Which runs failed and why, for the person."""
    return "; ".join(f"the run of seed {one.seed} failed: {why}" for one, why in failures.items())
