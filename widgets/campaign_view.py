"""Campaign view: a campaign's progress and its designs, in a cell while they come in.

It hears of rows in the campaign's own thread and redraws at most once a second, and once more when
the campaign rests. What a campaign says is text from elsewhere and is escaped.
"""

import html
import threading
import time
from math import isnan
from typing import TYPE_CHECKING

import ipywidgets

if TYPE_CHECKING:
    from workbench.campaign import Campaign

ROWS = 20
"""Designs listed at most, the best first."""

REDRAW_SECONDS = 1.0
COLUMNS = ("seed", "length", "ptm", "plddt", "recovery", "rmsd", "sequence", "error")


class CampaignView(ipywidgets.VBox):
    """How far a campaign is and its best designs, by the column ``best`` of its table."""

    def __init__(self, campaign: "Campaign", best: str = "ptm", ascending: bool = False) -> None:
        """Show a campaign, running or not; ``ascending`` puts low values first, as for an RMSD."""
        if best not in campaign.table().columns:
            raise ValueError(f"there is no column {best!r}; choose one of campaign.table().columns")
        self._campaign, self._best, self._ascending = campaign, best, ascending
        self._lock, self._drawn = threading.Lock(), 0.0
        self._bar = ipywidgets.IntProgress(layout={"width": "100%"})
        self._said, self._table = ipywidgets.HTML(), ipywidgets.HTML()
        super().__init__([self._bar, self._said, self._table])
        campaign.listen(self._heard)
        self.redraw()

    def redraw(self) -> None:
        """Show what there is now."""
        with self._lock:
            self._drawn = time.monotonic()
            progress = self._campaign.progress
            self._bar.max, self._bar.value = max(1, progress.total), progress.done
            self._said.value = html.escape(str(progress))
            self._table.value = self._rows()

    def _heard(self) -> None:
        resting = self._campaign.resting
        if resting or time.monotonic() - self._drawn > REDRAW_SECONDS:
            self.redraw()

    def _rows(self) -> str:
        rows = self._campaign.table().sort_values(
            self._best, ascending=self._ascending, na_position="last"
        )
        columns = list(dict.fromkeys([self._best, *COLUMNS]))
        head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
        body = "".join(
            f"<tr>{''.join(f'<td>{_cell(row[name])}</td>' for name in columns)}</tr>"
            for row in rows.head(ROWS).assign(plddt=100 * rows["plddt"]).to_dict("records")
        )
        more = f"<p>… and {len(rows) - ROWS:,} more</p>" if len(rows) > ROWS else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "–" if isnan(value) else f"{value:.3g}"
    return html.escape(str(value)[:200])
