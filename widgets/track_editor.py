"""TrackEditor: the prompt as rows of cells, to look at and to paint on.

The browser paints at once and sends one ``paint`` message when the pointer goes up; the prompt it
gets back carries the message's number as ``ack`` and replaces what was painted in the meantime.
"""

from typing import Any

import traitlets

from workbench.tracks import Track

from . import assets, palette, track_rows
from .live import Buffer, LiveWidget
from .painting import PaintCommand, paint
from .state import BenchState


class TrackEditor(LiveWidget):
    """Rows for the six tracks, and below them pLDDT and entropy of the step on view."""

    _esm = assets.linked("track_editor.js")
    _css = assets.style("track_editor.css")

    axis = traitlets.Dict().tag(sync=True)
    brushes = traitlets.List().tag(sync=True)
    looks = Buffer()
    letters = Buffer()
    areas = Buffer()
    results = Buffer()
    entropy_top = traitlets.Float(3.0).tag(sync=True)
    annotations = traitlets.List().tag(sync=True)
    fresh = traitlets.Dict().tag(sync=True)
    selection = traitlets.List().tag(sync=True)
    hovered = traitlets.Int(-1).tag(sync=True)
    bus = traitlets.Unicode().tag(sync=True)
    plot_id = traitlets.Unicode().tag(sync=True)
    seq = traitlets.Int(0).tag(sync=True)
    ack = traitlets.Int(0).tag(sync=True)

    def __init__(self, state: BenchState, before_edit: Any = None) -> None:
        self._state = state
        self._before_edit = before_edit
        self._template = state.prompt.template
        super().__init__(
            state.lock,
            axis=track_rows.axis(self._template),
            brushes=palette.brushes(),
            bus=str(id(state)),
            **self._cells(),
        )
        state.observe(self._draw, ["revision", "frame"])
        state.observe(self._mark, ["selection", "hovered"])
        self._mark(None)

    # -- state out -------------------------------------------------------------------------------

    def _cells(self) -> dict[str, Any]:
        frame, prompt = self._state.frame, self._state.prompt
        shown = prompt if frame is None else frame.filled
        asked = prompt if frame is None else frame.prompt
        fresh: dict[str, Any] = {}
        if frame is not None and frame.track is not None:
            row = list(Track).index(frame.track)
            fresh = {"row": row, "positions": frame.fresh.tolist(), "step": frame.index}
        return {
            "looks": track_rows.looks(asked, shown).tobytes(),
            "letters": track_rows.letters(shown),
            "areas": track_rows.areas(shown),
            "results": track_rows.results(prompt, frame).tobytes(),
            "annotations": track_rows.annotations(shown),
            "entropy_top": 3.0 if frame is None else frame.entropy_top,
            "fresh": fresh,
        }

    def _draw(self, _: object) -> None:
        values = self._cells() | {"seq": self.seq + 1}
        self._state.sent = values["seq"]
        if self._state.prompt.template is not self._template:
            self._template = self._state.prompt.template
            values["axis"] = track_rows.axis(self._template)
        self.push(**values)

    def _mark(self, _: object) -> None:
        self.push(selection=track_rows.runs(self._state.selection), hovered=self._state.hovered)

    # -- intent in -------------------------------------------------------------------------------

    def on_paint(self, id: int, commands: list[dict]) -> None:
        """Paint these strokes as one undo step and acknowledge them."""
        try:
            if self._before_edit is not None:
                self._before_edit()
            prompt, label = paint(self._state.prompt, [PaintCommand.parse(one) for one in commands])
            self._state.edit(prompt, label)
        finally:
            self.push(ack=id)

    def on_drawn(self, seq: int) -> None:
        """The browser has drawn this picture and is ready for another."""
        self._state.drawn = max(self._state.drawn, seq)

    def on_select(self, ranges: list[list[int]]) -> None:
        """Select these half-open ranges."""
        self._state.select([i for start, stop in ranges for i in range(start, stop)])

    def on_hover(self, position: int) -> None:
        """Point at a residue."""
        self._state.hover(position)

    def on_undo(self) -> None:
        """Take back one edit."""
        self._state.undo()

    def on_redo(self) -> None:
        """Take back one undo."""
        self._state.redo()

    def on_theme(self, dark: bool) -> None:
        """Follow the notebook's theme; the first such message says that a browser is there."""
        self._state.update(dark=dark, watched=True)

    def refused(self, error: Exception) -> None:
        """Show what was refused."""
        self._state.report(error)
