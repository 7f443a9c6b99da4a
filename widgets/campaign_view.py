"""Campaign view: a campaign's progress and its designs, in a cell while they come in.

It hears of rows in the campaign's own thread and redraws at most once a second, less often where
there are many, and once more when the campaign rests. The table sorts, filters, plots and ticks;
the first rows are those best by one column.
"""

import html
import threading
import time
from typing import TYPE_CHECKING

import ipywidgets

from .designs.campaign_table import CampaignTable

if TYPE_CHECKING:
    import pandas as pd

    from workbench.campaign import Campaign

REDRAW_SECONDS = 1.0
ROWS_A_SECOND = 500
"""Rows that may be sent again every second."""

LEFT_OUT = ("prompt", "model", "device", "seconds")
"""Columns without room."""


class CampaignView(ipywidgets.VBox):
    """How far a campaign is and its designs, the best first by the column ``best`` of its table."""

    def __init__(
        self,
        campaign: "Campaign",
        best: str = "ptm",
        ascending: bool | None = None,
        redraw_seconds: float = REDRAW_SECONDS,
    ) -> None:
        """Show a campaign, running or not; ``ascending`` puts low values first, None where lower is
        better. While designs come in, the table is drawn again after ``redraw_seconds``, or later
        where it has many rows.
        """
        column = next((column for column in campaign.columns if column.name == best), None)
        if column is None:
            raise ValueError(f"there is no column {best!r}; choose one of campaign.table().columns")
        if ascending is None:
            ascending = column.higher_is_better is False
        self._campaign = campaign
        self._redraw_seconds = redraw_seconds
        self._lock, self._next = threading.Lock(), 0.0
        self._bar = ipywidgets.IntProgress(layout={"width": "100%"})
        self._note = ipywidgets.HTML()
        self.table = CampaignTable(best, ascending)
        super().__init__([self._bar, self._note, self.table])
        campaign.listen(self._on_news)
        self.redraw()

    @property
    def chosen(self) -> "pd.DataFrame":
        """The rows of the campaign's table that are ticked; ``campaign.designs`` takes them."""
        table = self._campaign.table()
        return table.loc[table["design"].isin(self.table.chosen)]

    def redraw(self) -> None:
        """Show what there is now."""
        with self._lock:
            progress = self._campaign.progress
            self._bar.max, self._bar.value = max(1, progress.total), progress.done
            self._note.value = html.escape(str(progress))
            table = self._campaign.table()
            columns = [column for column in self._campaign.columns if column.name not in LEFT_OUT]
            known = table.astype(object).where(table.notna(), None)
            self.table.fill(columns, known.to_dict("records"))
            seconds = self._redraw_seconds * max(1.0, len(table) / ROWS_A_SECOND)
            self._next = time.monotonic() + seconds

    def _on_news(self) -> None:
        if self._campaign.resting or time.monotonic() >= self._next:
            self.redraw()
