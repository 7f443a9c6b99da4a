"""WhatIf: what a bench asks the model of the prompt or the result on view.

Code gets its answer at once; clicks leave a question and the answer comes into ``state.readings``.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.embedded import list_models
from workbench.prompt import Where
from workbench.tracks import Track
from workbench.whatif.asking import METHODS, Progress, Stopped

from ..running.model_source import ModelSource
from ..state import BenchState, error_text
from .asker import Asker, ModelQuestion
from .reading import INFLUENCE, MUTATIONS, PAIRS, WHY, Reading

if TYPE_CHECKING:
    import pandas as pd

    from workbench.model.model import Model
    from workbench.whatif.alternatives import Alternatives

Read = Callable[["Model", Progress | None], Reading]
"""Asks the model and gives back what it said; the progress hears how far it is."""

PROGRESS_SECONDS = 0.1
"""Between two messages on the progress of an answer."""


class WhatIf:
    """Questions about what is on view, and the answers kept."""

    def __init__(self, state: BenchState, source: ModelSource) -> None:
        self._state, self._source = state, source
        self.asker = Asker(source)

    @property
    def ready(self) -> bool:
        """Whether a question costs only its passes: the model is loaded or ships with us."""
        return self._source.loaded or self._source.name in list_models()

    # -- for code: the answer itself -------------------------------------------------------------

    def alternatives(self, where: Where | None, track: Track | str) -> "Alternatives":
        """The model's choice at these residues, or at those selected."""
        from workbench.whatif.alternatives import alternatives

        return alternatives(self._source.load(), self._state.shown, self._where(where), track)

    def landscape(self, where: Where | None, method: str) -> "pd.DataFrame":
        """Log-odds of every mutation; of the whole chain they come on view too."""
        return self._answer(MUTATIONS, self._mutations(where, method), keep=where is None)

    def why(self, where: Where | None) -> "pd.DataFrame":
        """What speaks for the letters of these residues, or of those selected."""
        return self._answer(WHY, self._reasons(self._where(where)))

    def couplings(self, where: Where | None) -> np.ndarray:
        """How strongly every two residues depend on each other; of all they come on view too."""
        return self._answer(PAIRS, self._pairs(where), keep=where is None)

    def _where(self, where: Where | None) -> Where:
        if where is not None:
            return where
        return list(self._state.marked) if self._state.marked else slice(None)

    def _answer(self, kind: str, read: Read, keep: bool = True) -> Any:
        reading = read(self._source.load(), None)
        if keep:
            self._keep(kind, reading)
        return reading.answer

    # -- for clicks: the answer comes later ------------------------------------------------------

    def ask_mutations(self, method: str = METHODS[0]) -> None:
        """Ask for the landscape of what is on view."""
        self._ask(MUTATIONS, self._mutations(None, method))

    def ask_why(self, at: list[int]) -> None:
        """Ask what speaks for these residues."""
        self._ask(WHY, self._reasons(at))

    def ask_influence(self, reason: str) -> None:
        """Ask what one track or annotation changes along the chain."""
        self._ask(INFLUENCE, self._influence(reason))

    def ask_pairs(self) -> None:
        """Ask for the couplings of what is on view."""
        self._ask(PAIRS, self._pairs(None))

    # -- what is asked, of what is on view now ---------------------------------------------------

    def _mutations(self, where: Where | None, method: str) -> Read:
        from workbench.whatif.landscape import landscape

        shown, at = self._state.shown, slice(None) if where is None else where
        return lambda model, progress: Reading(
            shown, method, landscape(model, shown, at, method, progress)
        )

    def _reasons(self, at: Where) -> Read:
        from workbench.whatif.why import why

        shown = self._state.shown
        return lambda model, progress: Reading(shown, "", why(model, shown, at, progress=progress))

    def _influence(self, reason: str) -> Read:
        from workbench.whatif.why import influence

        shown = self._state.shown
        return lambda model, progress: Reading(
            shown, reason, influence(model, shown, reason, progress)
        )

    def _pairs(self, where: Where | None) -> Read:
        from workbench.whatif.couplings import couplings

        shown, at = self._state.shown, slice(None) if where is None else where
        return lambda model, progress: Reading(
            shown, "", couplings(model, shown, at, progress=progress)
        )

    def stop(self, kind: str) -> None:
        """Leave a question unanswered."""
        self.asker.stop(kind)
        if self._state.reading_now.get("kind") == kind:
            self._state.update(reading_now={})

    def _ask(self, kind: str, read: Read) -> None:
        self._state.update(reading_now={"kind": kind, "done": 0, "rows": 0})
        last = 0.0

        def report(done: int, rows: int) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last > PROGRESS_SECONDS:
                last = now
                self._state.update(reading_now={"kind": kind, "done": done, "rows": rows})

        def over(error: Exception | None) -> None:
            now, problem = self._state.reading_now, {}
            if error is not None and not isinstance(error, Stopped):
                problem = {"error": error_text(error)}
            self._state.update(reading_now={} if now.get("kind") == kind else now, **problem)

        def work(model: "Model", progress: Progress) -> None:
            self._keep(kind, read(model, progress))

        self.asker.ask(ModelQuestion(kind, work, report, over))

    def _keep(self, kind: str, reading: Reading) -> None:
        with self._state.lock:
            self._state.update(readings={**self._state.readings, kind: reading})
