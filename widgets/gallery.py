"""Gallery: the designs of the session as a table, with a choice of the one to look at."""

import html
import math
from collections.abc import Callable

import traitlets

from . import assets
from .live import LiveWidget
from .state import BenchState

COLUMNS = (
    ("design", "design", ""),
    ("seed", "seed", ""),
    ("ptm", "pTM", ".2f"),
    ("plddt", "pLDDT", ".2f"),
    ("recovery", "recovery", ".0%"),
    ("rmsd", "cRMSD Å", ".2f"),
    ("tm_score", "TM-score", ".2f"),
    ("ss8_agreement", "SS8", ".0%"),
    ("sasa_rho", "SASA ρ", ".2f"),
    ("sequence", "sequence", ""),
)
"""Column of ``session.table()``, its heading and the format of its numbers."""


class Gallery(LiveWidget):
    """A table that fills as designs are finished; ``show`` is called with a design's name."""

    _esm = assets.linked("gallery.js")
    _css = assets.style("gallery.css")

    table = traitlets.Unicode().tag(sync=True)
    count = traitlets.Int(0).tag(sync=True)

    def __init__(self, state: BenchState, show: Callable[[str], object]) -> None:
        self._state = state
        self._show = show
        super().__init__(state.lock)
        self._draw(None)
        state.observe(self._draw, "designs")

    def _draw(self, _: object) -> None:
        frame = self._state.session.table()
        self.push(table=table_html(frame.to_dict("records")), count=len(frame))

    def on_show(self, name: str) -> None:
        """Put this design on view."""
        self._show(name)

    def refused(self, error: Exception) -> None:
        """Show what was refused."""
        self._state.report(error)


def table_html(rows: list[dict]) -> str:
    """Rows of ``session.table()`` as an HTML table; every text is escaped."""
    head = "".join(f'<th scope="col">{html.escape(title)}</th>' for _, title, _ in COLUMNS)
    body = "".join(_row(row) for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(row: dict) -> str:
    name = html.escape(str(row["design"]))
    cells = "".join(_cell(row.get(key), key, form) for key, _, form in COLUMNS[1:])
    button = f'<button class="esm-link" data-design="{name}" title="Show {name}">{name}</button>'
    return f'<tr><th scope="row">{button}</th>{cells}</tr>'


def _cell(value: object, key: str, form: str) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return '<td class="esm-none">–</td>'
    text = html.escape(format(value, form))
    kind = "esm-sequence" if key == "sequence" else "esm-number-cell"
    return f'<td class="{kind}" title="{text}">{text}</td>'
