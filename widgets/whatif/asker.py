"""Asker: questions to the model, answered one at a time in a thread of their own.

A newer question of a kind takes the place of an older one, asked or under way. A quick question is
answered between two passes of a long one. Runs go on beside it; the kernel stays free.
"""

import threading
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from workbench.whatif.asking import Progress, Stopped

from ..running.model_source import ModelSource

if TYPE_CHECKING:
    from workbench.model.model import Model

IDLE_SECONDS = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class ModelQuestion:
    """``work`` answers it; ``report`` gets the passes done and all there are, and in the end
    ``over`` the error that ended it, or None.
    """

    kind: str
    work: "Callable[[Model, Progress], object]"
    report: Callable[[int, int], object]
    over: Callable[[Exception | None], object]
    quick: bool = False


class Asker:
    """Asks the model of one bench."""

    def __init__(self, source: ModelSource) -> None:
        self._source = source
        self._waiting: dict[str, ModelQuestion] = {}
        self._at_hand: dict[str, ModelQuestion] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def ask(self, question: ModelQuestion) -> None:
        """Have this answered; return at once."""
        with self._changed:
            self._waiting[question.kind] = question
            self._at_hand.pop(question.kind, None)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=copy_context().run, args=(self._work,), name="bench-what-if", daemon=True
                )
                self._thread.start()
            self._changed.notify_all()

    def stop(self, kind: str) -> None:
        """Leave questions of this kind unanswered; one under way ends after its pass."""
        with self._changed:
            given_up = self._waiting.pop(kind, None)
            self._at_hand.pop(kind, None)
        if given_up is not None:
            given_up.over(Stopped("stopped before it began"))

    def wait(self, timeout: float | None = None) -> bool:
        """Block until everything asked is answered, False on timeout."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._waiting or self._at_hand), timeout)

    # -- the worker ------------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._changed.wait_for(lambda: self._waiting, IDLE_SECONDS):
                    self._thread = None
                    return
            self._answer(quick=True)
            self._answer()

    def _answer(self, *, quick: bool = False) -> None:
        """Answer the question that waits for longest, or the quick ones."""
        with self._changed:
            chosen = [
                question for question in self._waiting.values() if question.quick or not quick
            ][:1]
            for question in chosen:
                del self._waiting[question.kind]
                self._at_hand[question.kind] = question
        for question in chosen:
            error: Exception | None = None
            try:
                question.work(self._source.load(), partial(self._go_on, question))
            except Exception as caught:  # the thread border: shown where the question was asked
                error = caught
            with self._changed:
                current = self._at_hand.get(question.kind) is question
                if current:
                    del self._at_hand[question.kind]
                self._changed.notify_all()
            if current or isinstance(error, Stopped):
                question.over(error)

    def _go_on(self, question: ModelQuestion, done: int, rows: int) -> bool:
        """Whether the answer is still wanted; quick questions go between."""
        if not question.quick:
            self._answer(quick=True)
        with self._changed:
            current = self._at_hand.get(question.kind) is question
        if current:
            question.report(done, rows)
        return current
