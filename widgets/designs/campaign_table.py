"""CampaignTable: the designs of a campaign in the bench's own table and scatter.

What a campaign says is text from elsewhere; the browser writes it as text. Ticks stay with the rows
that they were put on, whatever comes in.
"""

import uuid
from collections.abc import Sequence
from typing import Any

import anywidget
import traitlets

from workbench.session import Column

from ..browser import loader
from ..browser.style import style
from .table_traits import TableTraits, described, shown_rows


class CampaignTable(TableTraits, anywidget.AnyWidget):
    """Rows to sort, filter, plot and tick; ``chosen`` are the names of those ticked."""

    _esm = loader.linked("designs/table.js")
    _css = style("designs/table.css")

    own_id = traitlets.Unicode().tag(sync=True)
    pushes = traitlets.Int(0).tag(sync=True)

    def __init__(self, best: str, upwards: bool) -> None:
        own_id = uuid.uuid4().hex
        super().__init__(model_id=own_id, own_id=own_id, choosing=True, best=best, upwards=upwards)
        self.on_msg(self._receive)

    def fill(self, columns: Sequence[Column], rows: Sequence[dict[str, Any]]) -> None:
        """Show these rows, values as in memory, by column name."""
        with self.hold_sync():
            self.columns, self.rows = described(columns), shown_rows(columns, rows)
            self.pushes += 1

    def _receive(self, _: object, content: dict, __: list) -> None:
        kind = content.get("type")
        if kind == "hello" and content.get("pushes") != self.pushes:
            self.send_state(["columns", "rows", "visible", "chosen", "shown", "pushes"])
        elif kind == "plotly":
            self.on_plotly()
        elif kind == "choose":
            known = {row["design"] for row in self.rows}
            self.chosen = [name for name in content.get("names", []) if name in known]
        elif kind == "columns":
            self.visible = [str(key) for key in content.get("keys", [])]
        elif kind == "show":
            name = str(content.get("name", ""))
            self.shown = "" if name == self.shown else name
