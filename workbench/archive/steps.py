"""Runs as arrays: the tokens of every step, each as its difference to the step before.

A track that never changed is one row. Entropy is kept in half precision, which is enough to draw
it; tokens are exact, and so are probabilities, which decide what is masked again. Attempts that
missed a gate are kept beside the steps of the run, for the best of them may be wanted yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from ..errors import RecordError
from ..sampling.goals import Goals
from ..sampling.recipe import Recipe
from ..sampling.step import Outcome, SamplingStep, Steps
from ..session import Run
from ..tokenizers.residue_tokens import ResidueTokens
from ..tracks import TRACKS, Track
from .values import Reading, Values

FLOATS = ("backbone", "plddt")
IDS = tuple(field.name for field in fields(ResidueTokens) if field.name not in FLOATS)
"""Fields of ResidueTokens that hold ids of the track of their name."""
MAX_STEPS = 20_000
"""Steps of a run, those of all its attempts included."""
LARGEST = float(np.finfo(np.float64).max)

Attempts = Mapping[tuple[int, int], Steps]
"""Steps by stage and attempt."""


def run_entry(run: Run, values: Values) -> dict[str, Any]:
    """A run as JSON, with its arrays kept in ``values``."""
    return {
        "prompt": values.prompt(run.prompt),
        "recipe": str(run.recipe),
        "seed": run.seed,
        "model_fingerprint": run.model_fingerprint,
        "ghost": run.predict_structure,
        "given": {name: values.any(getattr(run.start, name)) for name in FLOATS},
        **_steps_entry(run.start, run.steps, values),
        "attempts": _attempts_entry(run, values),
    }


def run_of(entry: dict[str, Any], reading: Reading) -> Run:
    """The run that an entry describes."""
    prompt = reading.prompt(entry["prompt"])
    recipe, seed, length = Recipe.parse(entry["recipe"]), entry["seed"], len(prompt)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise RecordError(f"the seed {str(seed)[:40]} is no whole number of at least 0")
    # Older records keep no attempts.
    tried = list(entry.get("attempts", ()))
    count = sum(max(1, len(written["steps"])) for written in (entry, *tried))
    if count > MAX_STEPS:
        raise RecordError(f"a run of {count} steps is longer than {MAX_STEPS}")
    backbone = reading.array(entry["given"]["backbone"], "f", (length, 3, 3)).astype(np.float32)
    plddt = reading.array(entry["given"]["plddt"], "f", (length,)).astype(np.float32)
    reader = _StepReader(reading, recipe, length, backbone, plddt)
    attempts: dict[tuple[int, int], Steps] = {}
    for earlier_run in tried:
        _, steps = reader.read(earlier_run, attempts)
        attempts[int(earlier_run["stage"]), int(earlier_run["attempt"])] = steps
    start, steps = reader.read(entry, attempts)
    model = str(entry.get("model_fingerprint", ""))
    return Run(prompt, recipe, seed, entry["ghost"] is True, start, steps, model)


def _attempts_entry(run: Run, values: Values) -> list[dict[str, Any]]:
    """The attempts that the outcomes of the run's steps know, each once, earlier ones first."""
    known = {
        (outcome.stage, outcome.attempt): outcome.steps
        for step in run.steps
        for outcome in step.outcomes
        if outcome.steps
    }
    entries, room = [], MAX_STEPS - max(1, len(run.steps))
    for (stage, attempt), steps in sorted(known.items()):
        room -= len(steps)
        if room < 0:
            # The run makes them again when it needs them.
            break
        first = steps[0].index - 1
        before = run.steps[first - 1].tokens if first else run.start
        entry = {"stage": stage, "attempt": attempt, "first": first}
        entries.append(entry | _steps_entry(before, steps, values))
    return entries


def _steps_entry(
    before: ResidueTokens, steps: Sequence[SamplingStep], values: Values
) -> dict[str, Any]:
    keep, length = values.any, len(before.sequence)
    tokens = (before, *(step.tokens for step in steps))
    rows = {
        name: _differences(np.stack([getattr(token, name) for token in tokens])) for name in IDS
    }
    values.budget.spend(_size_of(len(steps), length) + 8 * sum(row.size for row in rows.values()))
    return {
        "tokens": {name: keep(differences) for name, differences in rows.items()},
        "entropy": keep(_stacked([step.entropy for step in steps], length, np.float16)),
        "probability": keep(_stacked([step.probability for step in steps], length, np.float32)),
        "guess": _predicted(steps, values),
        "steps": [
            {
                "stage": step.stage,
                "track": step.track.value,
                "positions": keep(np.asarray(step.positions, np.int32)),
                "reward": keep(step.reward),
                "outcomes": [outcome_entry(outcome, values) for outcome in step.outcomes],
                "notes": list(step.notes),
            }
            for step in steps
        ],
    }


@dataclass(frozen=True, slots=True)
class _StepReader:
    """Reads the steps of a run and of its attempts, which share what is given as numbers."""

    reading: Reading
    recipe: Recipe
    length: int
    backbone: np.ndarray
    plddt: np.ndarray

    def read(self, entry: dict[str, Any], attempts: Attempts) -> tuple[ResidueTokens, Steps]:
        """The tokens before the first step, and the steps."""
        steps, shape = list(entry["steps"]), (len(entry["steps"]), self.length)
        first = entry.get("first", 0)
        if type(first) is not int or not 0 <= first <= MAX_STEPS:
            raise RecordError(f"an attempt begins at {str(first)[:40]}, which is no step")
        self.reading.budget.spend(_size_of(*shape))
        at = self._tokens(entry["tokens"], len(steps))
        entropy, probability = (
            self.reading.array(entry[name], "f", shape).astype(np.float32)
            for name in ("entropy", "probability")
        )
        codes, likely = self._predicted(entry["guess"], shape)
        return at[0], tuple(
            SamplingStep(
                index=first + k + 1,
                stage=self._stage(step["stage"], k),
                track=Track.named(step["track"]),
                positions=self._positions(step["positions"], k),
                entropy=entropy[k],
                probability=probability[k],
                tokens=at[k + 1],
                predicted_structure=None if codes is None else codes[k],
                predicted_probability=None if likely is None else likely[k],
                reward=None if step["reward"] is None else float(step["reward"]),
                outcomes=tuple(outcome_of(outcome, attempts) for outcome in step["outcomes"]),
                notes=tuple(str(note) for note in step["notes"]),
            )
            for k, step in enumerate(steps)
        )

    def _tokens(self, entry: dict[str, Any], count: int) -> list[ResidueTokens]:
        tokens = {name: self._rows(entry[name], name, count) for name in IDS}
        return [
            ResidueTokens(
                **{name: rows[min(k, len(rows) - 1)] for name, rows in tokens.items()},
                backbone=self.backbone,
                plddt=self.plddt,
            )
            for k in range(count + 1)
        ]

    def _rows(self, entry: Any, name: str, count: int) -> np.ndarray:
        blank = {"function": (8,), "residue": (16,)}.get(name, ())
        row_count = 1 if self.reading.shape(entry)[:1] == (1,) else count + 1
        differences = self.reading.array(entry, "i", (row_count, self.length, *blank))
        self.reading.budget.spend(8 * differences.size)
        rows = np.cumsum(differences, axis=0, dtype=np.int64)
        if not 0 <= rows.min() <= rows.max() < TRACKS[Track(name)].size:
            raise RecordError(f"a step has {name} tokens that there are not")
        return rows

    def _predicted(
        self, entry: dict[str, Any] | None, shape: tuple[int, int]
    ) -> tuple[np.ndarray | None, np.ndarray | None]:
        if entry is None:
            return None, None
        codes = np.cumsum(self.reading.array(entry["tokens"], "i", shape), axis=0, dtype=np.int64)
        if codes.size and not 0 <= codes.min() <= codes.max() < len(TRACKS[Track.STRUCTURE].values):
            raise RecordError("a step predicts structure tokens outside the codebook")
        return codes, self.reading.array(entry["chance"], "u", shape) / np.float32(255)

    def _stage(self, stage: object, k: int) -> int:
        if type(stage) is not int or not 0 <= stage < len(self.recipe.stages):
            raise RecordError(f"step {k + 1} is of a stage that its recipe does not have")
        return stage

    def _positions(self, entry: Any, k: int) -> np.ndarray:
        shape = self.reading.shape(entry)
        size = shape if len(shape) == 1 and shape[0] <= self.length else (self.length,)
        positions = self.reading.array(entry, "i", size)
        if len(positions) and not 0 <= positions.min() <= positions.max() < self.length:
            raise RecordError(f"step {k + 1} fills residues that there are not")
        return positions.astype(np.int64)


def _size_of(steps: int, length: int) -> int:
    """Bytes of so many steps but for their tokens: what each fills, and how sure the model was."""
    return steps * (28 * length + 1_000)


def _differences(stack: np.ndarray) -> np.ndarray:
    later = np.diff(stack.astype(np.int32), axis=0)
    small = np.concatenate([stack[:1].astype(np.int32), later])
    if not later.any():
        small = small[:1]
    return small if abs(small).max(initial=0) > 32767 else small.astype(np.int16)


def _stacked(rows: list[np.ndarray], length: int, kind: type) -> np.ndarray:
    return np.stack(rows).astype(kind) if rows else np.zeros((0, length), kind)


def _predicted(steps: Sequence[SamplingStep], values: Values) -> dict[str, Any] | None:
    codes = [s.predicted_structure for s in steps if s.predicted_structure is not None]
    chances = [s.predicted_probability for s in steps if s.predicted_probability is not None]
    if not steps or min(len(codes), len(chances)) < len(steps):
        return None
    stack, chance = np.stack(codes).astype(np.int16), np.stack(chances)
    return {
        "tokens": values.any(np.diff(stack, axis=0, prepend=np.zeros_like(stack[:1]))),
        "chance": values.any((np.nan_to_num(chance) * 255).round().astype(np.uint8)),
    }


def outcome_entry(one: Outcome, values: Values) -> dict[str, Any]:
    """How one attempt at a gate fared, as JSON."""
    # JSON has no infinity; the largest number passes and misses the same goals.
    known = {
        name: values.any(float(np.clip(value, -LARGEST, LARGEST)))
        for name, value in one.values.items()
    }
    return {"stage": one.stage, "attempt": one.attempt, "gate": str(one.gate), "values": known}


def outcome_of(entry: dict[str, Any], attempts: Attempts) -> Outcome:
    """The attempt that an entry describes, with its steps where they are known."""
    values = {str(n): np.nan if v is None else float(v) for n, v in entry["values"].items()}
    stage, attempt = int(entry["stage"]), int(entry["attempt"])
    steps = attempts.get((stage, attempt), ())
    return Outcome(stage, attempt, Goals.parse(entry["gate"]), values, steps)
