"""Header: what is open, with which model, what is selected; undo and redo."""

import traitlets

from . import assets
from .live import LiveWidget
from .state import BenchState


class Header(LiveWidget):
    """The line above the views. The selection can be typed there in the file's numbering."""

    _esm = assets.linked("header.js")
    _css = assets.style("header.css")

    name = traitlets.Unicode().tag(sync=True)
    about = traitlets.Unicode().tag(sync=True)
    notes = traitlets.List().tag(sync=True)
    model = traitlets.Unicode().tag(sync=True)
    selection = traitlets.Unicode().tag(sync=True)
    undo = traitlets.Unicode().tag(sync=True)
    redo = traitlets.Bool(False).tag(sync=True)
    snapshot = traitlets.Unicode().tag(sync=True)

    def __init__(self, state: BenchState, snapshot: str = "") -> None:
        self._state = state
        super().__init__(state.lock, snapshot=snapshot)
        self._draw(None)
        state.observe(self._draw, ["revision", "model", "selection"])

    def _draw(self, _: object) -> None:
        state, template = self._state, self._state.prompt.template
        chains = template.chains
        said = f"chain {chains[0]}" if len(chains) == 1 else f"{len(chains)} chains"
        self.push(
            name=template.name or "unnamed protein",
            about=f"{said} · {len(template)} residues",
            notes=list(template.notes),
            model=state.model,
            selection=state.selection_text,
            undo=state.session.history[-1] if state.session.can_undo else "",
            redo=state.session.can_redo,
        )

    def on_undo(self) -> None:
        """Take back one edit."""
        self._state.undo()

    def on_redo(self) -> None:
        """Take back one undo."""
        self._state.redo()

    def on_select(self, text: str) -> None:
        """Select what the person typed."""
        self._state.select(text)
        self._state.update(error="")

    def refused(self, error: Exception) -> None:
        """Show what was refused."""
        self._state.report(error)
