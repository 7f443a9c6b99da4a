"""Runs as arrays: the tokens of every step, each as its difference to the step before.

A track that never changed is one row. Entropy and probabilities are kept in half precision, which
is enough to draw them; tokens are exact.
"""

from dataclasses import fields
from typing import Any

import numpy as np

from ..errors import RecordError
from ..sampling.goals import Goals
from ..sampling.recipe import Recipe
from ..sampling.step import Outcome, SamplingStep
from ..session import Run
from ..tokenizers.residue_tokens import ResidueTokens
from ..tracks import TRACKS, Track
from .values import Reading, Values

FLOATS = ("backbone", "plddt")
MAX_STEPS = 20_000


def run_entry(run: Run, values: Values) -> dict[str, Any]:
    """A run as JSON, with its arrays kept in ``values``."""
    keep = values.any
    steps = run.steps
    rows = {
        one.name: np.stack([getattr(t, one.name) for t in (run.start, *(s.tokens for s in steps))])
        for one in fields(ResidueTokens)
        if one.name not in FLOATS
    }
    return {
        "prompt": values.prompt(run.prompt),
        "recipe": str(run.recipe),
        "seed": run.seed,
        "ghost": run.predict_structure,
        "given": {name: keep(getattr(run.start, name)) for name in FLOATS},
        "tokens": {name: keep(_differences(stack)) for name, stack in rows.items()},
        "entropy": keep(_half([s.entropy for s in steps], len(run.prompt))),
        "probability": keep(_half([s.probability for s in steps], len(run.prompt))),
        "guess": _predicted(run, values),
        "steps": [
            {
                "stage": step.stage,
                "track": step.track.value,
                "positions": keep(np.asarray(step.positions, np.int32)),
                "reward": keep(step.reward),
                "outcomes": [_outcome(one, values) for one in step.outcomes],
                "notes": list(step.notes),
            }
            for step in steps
        ],
    }


def run_of(entry: dict[str, Any], reading: Reading) -> Run:
    """The run that an entry describes."""
    prompt = reading.prompt(entry["prompt"])
    length, steps = len(prompt), list(entry["steps"])
    count = len(steps)
    if count > MAX_STEPS:
        raise RecordError(f"a run of {count} steps is longer than {MAX_STEPS}")
    tokens = {name: _rows(entry["tokens"][name], name, count, length, reading) for name in IDS}
    backbone = reading.array(entry["given"]["backbone"], "f", (length, 3, 3))
    plddt = reading.array(entry["given"]["plddt"], "f", (length,))
    at = [
        ResidueTokens(
            **{name: rows[min(k, len(rows) - 1)] for name, rows in tokens.items()},
            backbone=backbone.astype(np.float32),
            plddt=plddt.astype(np.float32),
        )
        for k in range(count + 1)
    ]
    entropy, probability = (
        reading.array(entry[name], "f", (count, length)).astype(np.float32)
        for name in ("entropy", "probability")
    )
    codes = chance = None
    if entry["guess"] is not None:
        codes = np.cumsum(
            reading.array(entry["guess"]["tokens"], "i", (count, length)), axis=0, dtype=np.int64
        )
        chance = reading.array(entry["guess"]["chance"], "u", (count, length)) / np.float32(255)
        if codes.size and not 0 <= codes.min() <= codes.max() < len(TRACKS[Track.STRUCTURE].values):
            raise RecordError("a step guesses structure tokens outside the codebook")
    recipe, seed = Recipe.parse(entry["recipe"]), entry["seed"]
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise RecordError(f"the seed {str(seed)[:40]} is no whole number of at least 0")
    made = []
    for k, one in enumerate(steps):
        positions = reading.array(one["positions"], "i", _size(one["positions"], length, reading))
        if len(positions) and not 0 <= positions.min() <= positions.max() < length:
            raise RecordError(f"step {k + 1} fills residues that there are not")
        if type(one["stage"]) is not int or not 0 <= one["stage"] < len(recipe.stages):
            raise RecordError(f"step {k + 1} is of a stage that its recipe does not have")
        made.append(
            SamplingStep(
                index=k + 1,
                stage=one["stage"],
                track=Track.named(one["track"]),
                positions=positions.astype(np.int64),
                entropy=entropy[k],
                probability=probability[k],
                tokens=at[k + 1],
                predicted_structure=None if codes is None else codes[k],
                predicted_probability=None if chance is None else chance[k],
                reward=None if one["reward"] is None else float(one["reward"]),
                outcomes=tuple(_read_outcome(o) for o in one["outcomes"]),
                notes=tuple(str(note) for note in one["notes"]),
            )
        )
    return Run(prompt, recipe, seed, entry["ghost"] is True, at[0], tuple(made))


IDS = tuple(one.name for one in fields(ResidueTokens) if one.name not in FLOATS)
"""Fields of ResidueTokens that hold ids of the track of their name."""


def _size(entry: Any, length: int, reading: Reading) -> tuple[int, ...]:
    found = reading.shape(entry)
    return found if len(found) == 1 and found[0] <= length else (length,)


def _differences(stack: np.ndarray) -> np.ndarray:
    later = np.diff(stack.astype(np.int32), axis=0)
    small = np.concatenate([stack[:1].astype(np.int32), later])
    if not later.any():
        small = small[:1]
    return small if abs(small).max(initial=0) > 32767 else small.astype(np.int16)


def _rows(entry: Any, name: str, count: int, length: int, reading: Reading) -> np.ndarray:
    blank = {"function": (8,), "residue": (16,)}.get(name, ())
    kept = 1 if reading.shape(entry)[:1] == (1,) else count + 1
    found = reading.array(entry, "i", (kept, length, *blank))
    rows = np.cumsum(found, axis=0, dtype=np.int64)
    if not 0 <= rows.min() <= rows.max() < TRACKS[Track(name)].size:
        raise RecordError(f"a step has {name} tokens that there are not")
    return rows


def _half(rows: list[np.ndarray], length: int) -> np.ndarray:
    return np.stack(rows).astype(np.float16) if rows else np.zeros((0, length), np.float16)


def _predicted(run: Run, values: Values) -> dict[str, Any] | None:
    codes = [s.predicted_structure for s in run.steps if s.predicted_structure is not None]
    chances = [s.predicted_probability for s in run.steps if s.predicted_probability is not None]
    if not run.steps or min(len(codes), len(chances)) < len(run.steps):
        return None
    stack, chance = np.stack(codes).astype(np.int16), np.stack(chances)
    return {
        "tokens": values.any(np.diff(stack, axis=0, prepend=np.zeros_like(stack[:1]))),
        "chance": values.any((np.nan_to_num(chance) * 255).round().astype(np.uint8)),
    }


def _outcome(one: Outcome, values: Values) -> dict[str, Any]:
    known = {name: values.any(float(value)) for name, value in one.values.items()}
    return {"stage": one.stage, "attempt": one.attempt, "gate": str(one.gate), "values": known}


def _read_outcome(entry: dict[str, Any]) -> Outcome:
    values = {str(n): np.nan if v is None else float(v) for n, v in entry["values"].items()}
    return Outcome(int(entry["stage"]), int(entry["attempt"]), Goals.parse(entry["gate"]), values)
