"""Campaign view: a campaign's progress and its designs, in a cell while they come in.

It hears of rows in the campaign's own thread and redraws at most once a second, and once more when
the campaign rests. What a campaign says is text from elsewhere and is escaped.
"""

import html
import threading
import time
from typing import TYPE_CHECKING

import ipywidgets

from .designs.still import still_table

if TYPE_CHECKING:
    from workbench.campaign import Campaign

ROWS = 20
"""Designs listed at most, the best first."""

REDRAW_SECONDS = 1.0
LEFT_OUT = ("design", "prompt", "model", "device", "seconds")
"""Columns without room."""


class CampaignView(ipywidgets.VBox):
    """How far a campaign is and its best designs, by the column ``best`` of its table."""

    def __init__(
        self, campaign: "Campaign", best: str = "ptm", ascending: bool | None = None
    ) -> None:
        """Show a campaign, running or not; ``ascending`` puts low values first, None where lower is
        better.
        """
        column = next((one for one in campaign.columns if one.name == best), None)
        if column is None:
            raise ValueError(f"there is no column {best!r}; choose one of campaign.table().columns")
        if ascending is None:
            ascending = column.higher_is_better is False
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
        first = next(one for one in self._campaign.columns if one.name == self._best)
        rest = [one for one in self._campaign.columns if one.name not in (*LEFT_OUT, self._best)]
        rows = self._campaign.table().sort_values(
            self._best, ascending=self._ascending, na_position="last"
        )
        more = f"<p>… and {len(rows) - ROWS:,} more</p>" if len(rows) > ROWS else ""
        return still_table([first, *rest], rows.head(ROWS).to_dict("records")) + more
