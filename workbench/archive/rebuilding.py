"""Rebuild: make the designs of a record again and say what came out the same."""

import os
from dataclasses import dataclass, fields
from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from ..embedded import embedded_models
from ..errors import RecordError
from ..metrics import ca_rmsd
from ..session import Design, Run, Session, made_designs, origin_of
from .record import open_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..model.model import Model
    from ..sampling.goals import Score
    from ..sampling.step import Steps


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One design made again.

    ``differences`` say what is not as it was when the design was made; ``changed`` of ``total``
    tokens came out otherwise, the first at ``first_step`` (None: nowhere); ``rmsd`` is of CA, in Å.
    """

    name: str
    differences: tuple[str, ...]
    changed: int
    total: int
    first_step: int | None
    rmsd: float

    @property
    def same(self) -> bool:
        """Whether every token of every step came out the same."""
        return self.changed == 0 and self.first_step is None

    def __str__(self) -> str:
        far = "" if isnan(self.rmsd) else f", CA RMSD {self.rmsd:.2g} Å"
        if self.same:
            verdict = f"the same {self.total} tokens again{far}"
        else:
            step = "" if self.first_step is None else f", first at step {self.first_step}"
            verdict = f"{self.changed} of {self.total} tokens differ{step}{far}"
        changes = f"; not as then: {', '.join(self.differences)}" if self.differences else ""
        return f"{self.name}: {verdict}{changes}"


def rebuild(
    path: str | os.PathLike,
    model: "Model | None" = None,
    scores: "Mapping[str, Score] | None" = None,
) -> list[Rebuilt]:
    """Make every design of a record again and compare it, token by token; not its controls.

    Without a model each design is made with the embedded one that its record names. ``scores`` are
    those of your own that steered the runs, by name; a record does not hold them.
    """
    from ..model.checkpoint import load_model

    loaded: dict[str, Model] = {}
    results = []
    for design in made_designs(open_record(path).designs):
        own = model
        if own is None:
            name = recorded_model(design)
            own = loaded[name] = loaded.get(name) or load_model(name)
        results.append(rebuilt(design, own, scores))
    return results


def recorded_model(design: Design) -> str:
    """The embedded model that a design's record names.

    A record may come from anybody: no other name of its choice is looked for, in a folder or on the
    hub. Raises RecordError.
    """
    name = design.origin.get("model", "esm3-nano")
    if name not in embedded_models():
        raise RecordError(
            f"{design.name} was made with the model {name[:80]!r}, which is not embedded; give it "
            "yourself: rebuild(record, load_model(...)), or --model"
        )
    return name


def rebuilt(design: Design, model: "Model", scores: "Mapping[str, Score] | None" = None) -> Rebuilt:
    """Make one design again with this model and compare."""
    predicted = design.run is not None and design.run.predict_structure
    session, recipe = Session(design.prompt, model), design.run_recipe
    trajectory = session.start(recipe, design.seed, predicted, scores)
    kept_at = None if design.run is None else _place(design.run.steps)
    while not trajectory.done and _place(trajectory.steps) != kept_at:
        trajectory.advance()
    protein = trajectory.protein()
    now = origin_of(model)
    differences = tuple(
        f"{name} was {design.origin.get(name, 'not written down')}, is {value}"
        for name, value in now.items()
        if design.origin.get(name) != value
    )
    first, changed, total = _compared(design, Run.of(trajectory), protein.sequence)
    return Rebuilt(
        design.name, differences, changed, total, first, ca_rmsd(protein, design.protein)
    )


def _place(steps: "Steps") -> tuple[int, int]:
    """Where a run is; a stage that is tried again has fewer steps, but more outcomes."""
    return len(steps), len(steps[-1].outcomes) if steps else 0


def _compared(design: Design, again: Run, sequence: str) -> tuple[int | None, int, int]:
    """The first step that differs, and how many tokens differ in the end, of how many."""
    if not design.steps:
        letters = zip(design.protein.sequence, sequence, strict=True)
        return None, sum(a != b for a, b in letters), len(sequence)
    assert design.run is not None
    once, twice = (design.run.start, *_tokens(design.run)), (again.start, *_tokens(again))
    pairs = zip(once, twice, strict=False)
    first = next((k for k, (a, b) in enumerate(pairs) if _differing(a, b)), None)
    if first is None and len(design.steps) != len(again.steps):
        first = min(len(design.steps), len(again.steps)) + 1
    before, after = design.steps[-1].tokens, again.steps[-1].tokens
    total = sum(getattr(before, name).size for name in _ids(before))
    return first, _differing(before, after), total


def _tokens(run: Run) -> list:
    return [step.tokens for step in run.steps]


def _ids(tokens: object) -> list[str]:
    names = [field.name for field in fields(tokens)]  # type: ignore[arg-type]
    return [name for name in names if getattr(tokens, name).dtype.kind in "iu"]


def _differing(one: object, other: object) -> int:
    return int(sum(np.sum(getattr(one, n) != getattr(other, n)) for n in _ids(one)))
