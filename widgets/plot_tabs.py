"""PlotTabs: the line over the confidence figure: which picture, and its figures in words."""

import traitlets

from . import assets
from .confidence_plot import TABS, ConfidencePlot
from .live import LiveWidget
from .state import BenchState


class PlotTabs(LiveWidget):
    """Tabs for a ConfidencePlot."""

    _esm = assets.linked("plot_tabs.js")
    _css = assets.style("plot_tabs.css")

    tabs = traitlets.List([list(tab) for tab in TABS]).tag(sync=True)
    tab = traitlets.Unicode(TABS[0][0]).tag(sync=True)
    headline = traitlets.Unicode().tag(sync=True)

    def __init__(self, state: BenchState, plot: ConfidencePlot) -> None:
        self._state = state
        self._plot = plot
        super().__init__(state.lock)
        self._draw(None)
        state.observe(self._draw, ["revision", "frame"])

    def _draw(self, _: object) -> None:
        self.push(headline=self._plot.headline)

    def on_tab(self, tab: str) -> None:
        """Show another picture."""
        self._plot.show(tab)
        self.push(tab=tab)
        self._draw(None)

    def refused(self, error: Exception) -> None:
        """Show what was refused."""
        self._state.report(error)
