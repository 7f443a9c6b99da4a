"""CellCard: the model's choice at the cell that is pointed at, beside it.

The browser asks when the mouse rests on a cell, and keeps the answers until ``epoch`` changes,
which it does whenever something else is on view. A newer question takes the place of an older one.
"""

from typing import Any

import traitlets

from workbench.tracks import Track
from workbench.whatif.asking import CELL_TRACKS, Progress, Stopped

from ..browser import loader
from ..browser.style import style
from ..state import BenchState, error_text
from ..tracks.edits import Edits
from ..tracks.spec import LABELS
from ..view import BenchView
from .asker import ModelQuestion
from .cell_answers import CellAnswers
from .what_if import WhatIf


class CellCard(BenchView):
    """A card that the tracks call up; a click on a choice paints it."""

    _esm = loader.linked("whatif/card.js")
    _css = style("whatif/card.css")

    rows = traitlets.List(
        [row if track in CELL_TRACKS else -1 for row, track in enumerate(Track)],
        help="rows of the tracks that have a card; -1 for one that has none",
    ).tag(sync=True)
    titles = traitlets.List([LABELS[track] for track in Track]).tag(sync=True)
    epoch = traitlets.Int(0).tag(sync=True)
    on_hover = traitlets.Bool(True, help="whether resting the mouse asks").tag(sync=True)
    ready = traitlets.Bool(help="whether a question costs no more than its passes").tag(sync=True)
    bus = traitlets.Unicode().tag(sync=True)

    def __init__(self, state: BenchState, what_if: WhatIf, edits: Edits) -> None:
        self._state, self._what_if, self._edits = state, what_if, edits
        self._answers = CellAnswers(state.shown)
        super().__init__(state, bus=str(id(state)), ready=what_if.ready)
        state.observe(self._renew, ["revision", "frame"])
        state.observe(lambda _: self.push(ready=what_if.ready), "model")

    def _renew(self, _: object) -> None:
        if self._answers.prompt is not self._state.shown:
            self._what_if.asker.stop("cell")
            self._answers = CellAnswers(self._state.shown)
            self.push(epoch=self.epoch + 1)

    def on_ask(self, row: int, position: int, epoch: int) -> None:
        """Answer what the model would choose at a cell, if it still is on view."""
        track, answers = list(Track)[row], self._answers
        if (
            epoch != self.epoch
            or track not in CELL_TRACKS
            or not 0 <= position < len(answers.prompt)
        ):
            return

        def work(model: Any, progress: Progress) -> None:
            for cards in answers.around(model, track, position, progress):
                self.send({"type": "cards", "row": row, "epoch": epoch, "cards": cards})

        def over(error: Exception | None) -> None:
            if error is not None and not isinstance(error, Stopped):
                message = error_text(error)
                self.send({"type": "failed", "row": row, "position": position, "text": message})

        self._what_if.asker.ask(
            ModelQuestion("cell", work, lambda done, rows: None, over, quick=True)
        )

    def on_paint(self, row: int, position: int, value: str | float) -> None:
        """Write a choice at a cell, one undo step."""
        self._edits.ask(lambda: self._edits.write(list(Track)[row], position, value))

    def on_hovering(self, on: bool) -> None:
        """Let resting the mouse ask, or only the key."""
        self.push(on_hover=bool(on))
