"""Visitors: agents see what a bench holds and leave proposals, through a desk that both know."""

import threading
import weakref
from functools import partial

from workbench.agent.desk import Desk
from workbench.errors import WorkbenchError

from ..proposed import Proposed
from ..state import BenchState

PAUSE_SECONDS = 0.5
"""Between two looks at the desk."""


class Visitors:
    """Keeps a desk up to date with one bench, and shows what is proposed there, one at a time."""

    def __init__(self, state: BenchState, desk: Desk) -> None:
        self._desk = desk
        self._changed = True
        self._ended = threading.Event()
        state.observe(self._note, ["revision", "designs"])
        self.tend(state)
        follow = (weakref.ref(state), weakref.ref(self), self._ended)
        threading.Thread(target=_follow, args=follow, name="visitors", daemon=True).start()

    def _note(self, _: object) -> None:
        self._changed = True

    def tend(self, state: BenchState) -> None:
        """Write what has changed, and show the oldest proposal that waits."""
        if self._changed:
            self._changed = False
            with state.lock:
                self._desk.show(state.session)
        for name in self._desk.waiting():
            if state.proposed is not None or self._ended.is_set():
                return
            try:
                proposal = self._desk.proposal(name)
                proposed = Proposed(proposal, state.prompt, partial(self._desk.answer, name))
                proposal.applied(state.prompt)
            except WorkbenchError as error:
                self._desk.answer(name, f"refused: {error}")
            else:
                with state.lock:
                    if not self._ended.is_set():
                        state.update(proposed=proposed)

    def end(self, state: BenchState) -> None:
        """Leave the desk; what is proposed there and was not answered waits for the next bench."""
        with state.lock:
            self._ended.set()
            state.unobserve(self._note, ["revision", "designs"])
            state.update(proposed=None)


def _follow(
    state_of: "weakref.ref[BenchState]",
    visitors_of: "weakref.ref[Visitors]",
    ended: threading.Event,
) -> None:
    while not ended.wait(PAUSE_SECONDS):
        state, visitors = state_of(), visitors_of()
        if state is None or visitors is None:
            return
        try:
            visitors.tend(state)
        except (WorkbenchError, OSError) as error:
            state.report(error)
            return
        del state, visitors
