"""Session: the prompt with its history, the current run and the finished designs."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import isnan
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..alignment import paired
from ..editing import delete
from ..errors import PromptError, SamplingError
from ..metrics import measure
from ..prompt import Prompt
from ..protein import Protein
from ..sampling.goals import own_metrics, scores_of
from ..sampling.recipe import Recipe
from .camera import Camera
from .columns import frame
from .design import Design, Run, origin_of
from .remark import NO_REMARK, Remark, Remarks, with_changes

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ..model.model import Model
    from ..sampling.goals import Score
    from ..sampling.trajectory import Trajectory

NOTHING: Remarks = MappingProxyType({})

CONTINUED = "continue from"
"""How the label of a prompt made of a result begins."""


class Edit(NamedTuple):
    """One state of the history: what was done, and the prompt and remarks after it."""

    label: str
    prompt: Prompt
    remarks: Remarks = NOTHING


class Session:
    """What one person is working on.

    ``camera`` is where the structure was last looked at from, for a view to go back to.
    """

    def __init__(self, prompt: Prompt, model: "Model | None" = None, label: str = "open") -> None:
        """Start from a prompt; the model may be set later, before the first run.

        ``label`` is how the history begins.
        """
        self.model = model
        self.trajectory: Trajectory | None = None
        self.designs: list[Design] = []
        self.unfinished: list[Run] = []
        self.scores: dict[str, Score] = {}
        self.camera: Camera = ()
        self._open: list[Trajectory] = []
        self._discarded: list[list[tuple[int, Design]]] = []
        self._past: list[Edit] = [Edit(label, prompt)]
        self._future: list[Edit] = []

    @classmethod
    def restored(
        cls,
        past: list[Edit],
        future: list[Edit],
        designs: list[Design],
        unfinished: list[Run],
        camera: Camera = (),
    ) -> "Session":
        """A session as it was when ``states``, ``designs`` and ``runs`` were written down."""
        session = cls(past[-1].prompt)
        session._past, session._future = list(past), list(future)
        session.designs, session.unfinished = list(designs), list(unfinished)
        session.camera = camera
        return session

    @property
    def states(self) -> tuple[list[Edit], list[Edit]]:
        """The history: states up to now, and those undone, last undone last."""
        return list(self._past), list(self._future)

    @property
    def prompt(self) -> Prompt:
        """The prompt as it is now."""
        return self._past[-1].prompt

    @property
    def opened(self) -> Prompt:
        """The prompt that it all began with."""
        return self._past[0].prompt

    @property
    def untouched(self) -> bool:
        """Whether nothing was done since it was opened."""
        return not (self.can_undo or self.can_redo or self.all_designs or self.runs)

    @property
    def history(self) -> list[str]:
        """What was done, oldest first."""
        return [state.label for state in self._past]

    @property
    def remarks(self) -> dict[str, Remark]:
        """Stars and notes as they are now, by the name of their design."""
        return dict(self._past[-1].remarks)

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return len(self._past) > 1

    @property
    def can_redo(self) -> bool:
        """Whether there is an edit to make again."""
        return bool(self._future)

    def edit(self, prompt: Prompt, label: str) -> None:
        """Make this the current prompt, as one step of the history."""
        self._past.append(Edit(label, prompt, self.remarks))
        self._future.clear()

    def remark(self, name: str, stars: int | None = None, note: str | None = None) -> Remark:
        """Give a design 0 to 3 stars, a note, or both, as one step of the history.

        None leaves what there is. A remark that changes nothing is no step.
        """
        before = self.remarks.get(self.design(name).name, NO_REMARK)
        now = Remark(
            before.stars if stars is None else stars, before.note if note is None else note
        )
        if now != before:
            remarks = with_changes(self.remarks, {name: now})
            self._past.append(Edit(f"{name}: {now}", self.prompt, remarks))
            self._future.clear()
        return now

    def merge(self, count: int) -> None:
        """Make one step of the last ``count`` steps of the history."""
        if count > 1:
            last = self._past[-count:]
            joined = " · ".join(state.label for state in last)
            self._past[-count:] = [last[-1]._replace(label=joined)]

    @property
    def origin(self) -> str:
        """Which result the prompt was continued from; empty where it was not."""
        for label in reversed(self.history):
            if label.startswith(CONTINUED):
                return label.partition(" · ")[0]
            if label.startswith("open"):
                break
        return ""

    def undo(self) -> Prompt:
        """Take the last edit back."""
        if not self.can_undo:
            raise PromptError("there is nothing to undo")
        self._future.append(self._past.pop())
        return self.prompt

    def redo(self) -> Prompt:
        """Make the edit last taken back again."""
        if not self.can_redo:
            raise PromptError("there is nothing to redo")
        self._past.append(self._future.pop())
        return self.prompt

    def start(
        self,
        recipe: Recipe,
        seed: int = 0,
        predict_structure: bool = True,
        scores: "Mapping[str, Score] | None" = None,
        prompt: Prompt | None = None,
    ) -> "Trajectory":
        """Plan a run of the current prompt, or of this one; the caller advances it.

        ``scores`` are metrics of your own, by the names that the recipe uses; the session keeps
        them, and what they say of a design stands among its metrics.
        """
        from ..sampling.trajectory import Trajectory

        if self.model is None:
            raise SamplingError("this session has no model yet; load one with load_model()")
        self.scores |= scores or {}
        prompt = self.prompt if prompt is None else prompt
        self.trajectory = Trajectory(self.model, prompt, recipe, seed, predict_structure, scores)
        self._open = [
            run for run in self._open if run.prompt is prompt and run.recipe == recipe
        ] + [self.trajectory]
        return self.trajectory

    @property
    def runs(self) -> list[Run]:
        """The runs under way that have made a step, and those that a record brought along."""
        return [Run.of(run) for run in list(self._open) if run.steps] + self.unfinished

    def trajectory_of(self, source: Run | Design) -> "Trajectory":
        """A run or a design as a trajectory again, to look at its steps or to go on from one.

        Scores of your own that it used are those of this session; steps can be looked at without.
        """
        from ..sampling.trajectory import Trajectory

        run = source.run if isinstance(source, Design) else source
        if run is None:
            raise SamplingError("the steps of this design were not kept; run its recipe again")
        if self.model is None:
            raise SamplingError("this session has no model yet; load one with load_model()")
        scores = scores_of(run.recipe.metrics, self.scores)
        return Trajectory(
            self.model, run.prompt, run.recipe, run.seed, run.predict_structure, scores, run.steps
        )

    @property
    def resumable(self) -> list[Run]:
        """The unfinished runs that a record brought along and this session's model can go on with:
        those that it began. Any may be, as long as no model is set.
        """
        known = {"", self.model.fingerprint} if self.model is not None else None
        return [run for run in self.unfinished if known is None or run.model_fingerprint in known]

    def resume_runs(self) -> "list[Trajectory]":
        """The ``resumable`` runs, ready to go on; those of another model stay unfinished."""
        resumable = self.resumable
        resumed = [self.trajectory_of(run) for run in resumable]
        self.unfinished = [run for run in self.unfinished if run not in resumable]
        self._open = list(resumed)
        if resumed:
            self.trajectory = resumed[0]
        return resumed

    def keep(self, trajectory: "Trajectory") -> Design:
        """Store what a trajectory has reached as a design, with its metrics."""
        protein = trajectory.protein()
        name = self._free_name()
        protein = protein.with_(name=name)
        metrics = _measured(protein, trajectory) | own_metrics(protein, trajectory.plan.scores)
        design = Design(
            name,
            trajectory.prompt,
            trajectory.recipe,
            trajectory.seed,
            trajectory.model.fingerprint,
            protein,
            metrics,
            Run.of(trajectory),
            origin_of(trajectory.model),
            trajectory.outcomes,
        )
        self.designs.append(design)
        self._open = [run for run in self._open if run is not trajectory]
        return design

    def add_designs(self, designs: Iterable[Design], remarks: Remarks = NOTHING) -> list[Design]:
        """Take designs made elsewhere into the table; one whose name is taken gets a free one.

        Their ``remarks`` come along and stay through undo, as the designs themselves do.
        """
        added, brought = [], {}
        for design in designs:
            exists = any(design.name == known.name for known in self.all_designs)
            name = self._free_name() if exists else design.name
            protein = design.protein.with_(name=name)
            added.append(replace(design, name=name, protein=protein))
            self.designs.append(added[-1])
            if design.name in remarks:
                brought[name] = remarks[design.name]
        for states in (self._past, self._future) if brought else ():
            states[:] = [
                state._replace(remarks=with_changes(state.remarks, brought)) for state in states
            ]
        return added

    def add_control(self, protein: Protein, name: str = "") -> Design:
        """Put a protein beside the designs, measured as they are: what to compare them with.

        Where the session's prompt has as many residues, they correspond one to one; else those
        that an alignment of the sequences pairs are compared. Its name, or another one, is made
        fit for a table; a taken one gets a number.
        """
        prompt = Prompt.from_protein(protein)
        name = self._name_of_control(name or protein.name)
        protein = protein.with_(name=name)
        metrics = self._metrics_of_control(protein)
        design = Design(name, prompt, None, 0, "", protein, metrics)
        self.designs.append(design)
        return design

    def _metrics_of_control(self, protein: Protein) -> dict[str, float]:
        """Of the whole protein; what compares residues, of those that stand for each other."""
        if len(protein) == len(self.prompt):
            return measure(protein, self.prompt)
        own = measure(protein, Prompt.blank(len(protein)))
        at, theirs = paired(self.prompt.template, protein)
        if not len(at):
            return own
        others = np.setdiff1d(np.arange(len(self.prompt)), at)
        part = delete(self.prompt, others) if len(others) else self.prompt
        compared = measure(protein.take(theirs), part)
        return {name: compared[name] if isnan(value) else value for name, value in own.items()}

    def _name_of_control(self, name: str) -> str:
        """The name as records may hold it, not taken by any design."""
        stem = re.sub(r"[^\w.+-]+", "-", name)[:80].strip("-") or "control"
        used = {known.name for known in self.all_designs}
        names = (stem, *(f"{stem}-{k}" for k in range(2, len(used) + 3)))
        return next(name for name in names if name not in used)

    def _free_name(self) -> str:
        used = {known.name for known in self.all_designs}
        numbers = itertools.count(len(used) + 1)
        return next(name for k in numbers if (name := f"design-{k}") not in used)

    def design(self, name: str) -> Design:
        """A finished design by its name."""
        for design in self.designs:
            if design.name == name:
                return design
        known = ", ".join(design.name for design in self.designs) or "none yet"
        raise SamplingError(f"there is no design {name!r}; there are: {known}")

    @property
    def all_designs(self) -> list[Design]:
        """Every design in the order they were made, those discarded too."""
        designs = list(self.designs)
        for batch in reversed(self._discarded):
            for place, design in batch:
                designs.insert(place, design)
        return designs

    @property
    def last_discarded(self) -> int:
        """How many designs were discarded last."""
        return len(self._discarded[-1]) if self._discarded else 0

    def discard(self, names: Sequence[str]) -> list[Design]:
        """Take designs out of the table and of what is saved, until they are brought back."""
        discarded = [self.design(name) for name in dict.fromkeys(names)]
        batch = [
            (place, design) for place, design in enumerate(self.designs) if design in discarded
        ]
        if batch:
            self._discarded.append(batch)
        for place, _ in reversed(batch):
            del self.designs[place]
        return discarded

    def bring_back(self) -> list[Design]:
        """Put the designs discarded last where they were in the table."""
        if not self._discarded:
            raise SamplingError("no design was discarded")
        batch = self._discarded.pop()
        for place, design in batch:
            self.designs.insert(place, design)
        return [design for _, design in batch]

    def table(self) -> "pd.DataFrame":
        """One row per design: where it came from, how it measures up, by scores of your own too,
        and what you remarked.

        Values are as in memory: pLDDT is 0–1, shares are 0–1, distances are in Å; NaN where a
        metric cannot be said. What each column means stands in ``workbench.metrics.METRICS``.
        """
        return frame(self.designs, self.remarks)


def _measured(protein: Protein, trajectory: "Trajectory") -> dict[str, float]:
    """The metrics of a finished protein; functions and sites are what the model reads off it."""
    from ..sampling.annotation_reading import annotated_afresh, readable

    prompt = readable(trajectory.prompt, trajectory.model)
    if prompt.function or prompt.residue:
        (protein,) = annotated_afresh([protein], [trajectory.tokens()], trajectory.model)
    return measure(protein, prompt)
