"""TableTraits: what the browser knows of a table of designs, of a bench or of a campaign."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import traitlets

from workbench.session import Column
from workbench.session.remark import MOST_LETTERS, MOST_STARS

from ..browser.loader import plotly_script


class TableTraits(traitlets.HasTraits):
    """Columns and rows to sort, filter, plot, align and tick."""

    columns = traitlets.List(
        help="what is written over a column, its tooltip, how its values are written and which are "
        "better (true: high, false: low, null: neither); the page leaves out one without a value"
    ).tag(sync=True)
    formats = traitlets.List(help="names and titles of the files that can be written").tag(
        sync=True
    )
    rows = traitlets.List(help="values by key, as they are on screen").tag(sync=True)
    visible = traitlets.List(
        help="names of the columns chosen to be on view; as many as there is room for where empty"
    ).tag(sync=True)
    discarded = traitlets.Int().tag(sync=True)
    shown = traitlets.Unicode().tag(sync=True)
    compared = traitlets.Unicode().tag(sync=True)
    chosen = traitlets.List().tag(sync=True)
    controls = traitlets.List(help="names of the rows that are controls").tag(sync=True)
    aligning = traitlets.Bool(False, help="whether the alignment is on view").tag(sync=True)
    alignment = traitlets.Dict(help="the template and all designs, column by column").tag(sync=True)
    selection = traitlets.List(help="ranges of the template's residues").tag(sync=True)
    most_stars = traitlets.Int(MOST_STARS).tag(sync=True)
    most_letters = traitlets.Int(MOST_LETTERS, help="letters that a note may have").tag(sync=True)
    live = traitlets.Bool(False).tag(sync=True)
    choosing = traitlets.Bool(False, help="whether rows can be ticked").tag(sync=True)
    best = traitlets.Unicode(help="the column sorted by at first; none where empty").tag(sync=True)
    upwards = traitlets.Bool(True).tag(sync=True)

    def on_plotly(self) -> None:
        """Send plotly's script to a page that has none yet."""
        self.send({"type": "plotly"}, [plotly_script()])  # type: ignore[attr-defined]


def described(columns: Sequence[Column]) -> list[dict[str, object]]:
    """Columns as the browser knows them."""
    return [
        {
            "key": column.name,
            "title": column.title,
            "help": column.help,
            "kind": column.kind,
            "digits": column.digits,
            "better": column.higher_is_better,
            "minor": column.minor,
        }
        for column in columns
    ]


def shown_rows(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]
) -> list[dict[str, object]]:
    """Rows of values as in memory, in the units of the page."""
    return [{column.name: column.shown(row.get(column.name)) for column in columns} for row in rows]
