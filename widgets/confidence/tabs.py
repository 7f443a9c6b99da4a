"""PlotTabs: the line over the confidence figure: which picture, and its figures in words."""

from collections.abc import Callable, Sequence

import traitlets

from ..axis import positions_of
from ..browser import loader
from ..browser.style import style
from ..state import BenchState
from ..view import BenchView
from .plot import TABS, ConfidencePlot


class PlotTabs(BenchView):
    """Tabs for a ConfidencePlot, and for what else is shown in its place."""

    _esm = loader.linked("confidence/tabs.js")
    _css = style("confidence/tabs.css")

    tabs = traitlets.List(help="name and title of each").tag(sync=True)
    tab = traitlets.Unicode(TABS[0][0]).tag(sync=True)
    headline = traitlets.Unicode().tag(sync=True)
    empty = traitlets.Bool(False, help="whether a run would fill it").tag(sync=True)
    plot_id = traitlets.Unicode().tag(sync=True)
    bus = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        state: BenchState,
        plot: ConfidencePlot,
        place: Callable[[ConfidencePlot], None] = lambda _: None,
        fill: Callable[[], object] | None = None,
        others: Sequence[tuple[str, str]] = (),
        show: Callable[[str], object] = lambda _: None,
    ) -> None:
        """``place`` puts the figure on the page once the browser has its script; ``fill`` is what
        the button on an empty figure does. ``show`` is told which tab is on view, one of the
        plot's or of the ``others``.
        """
        self._fill = fill
        self._plot = plot
        self._place = place
        self._show = show
        tabs = [list(tab) for tab in (*TABS, *others)]
        super().__init__(state, bus=str(id(state)), tabs=tabs)
        self._draw(None)
        state.observe(self._draw, ["revision", "frame"])
        state.observe_run(self._draw, "phase")

    def _draw(self, _: object) -> None:
        on_plot = self.tab in dict(TABS)
        empty = on_plot and self._fill is not None and self._plot.empty
        self.push(headline=self._plot.headline if on_plot else "", empty=empty)

    def bring(self) -> None:
        """Make the figure; it is placed when the browser says that it can draw it."""
        self.push(plot_id=self._plot.figure.model_id)

    def on_ready(self) -> None:
        """The browser has plotly's script: send the figure whole, then place it."""
        self._plot.send_whole()
        self._place(self._plot)

    def on_hello(self, pushes: int = -1) -> None:
        """Send everything again that was missed, and the figure."""
        super().on_hello(pushes)
        if self.plot_id:
            self._plot.send_whole()

    def on_select(self, ranges: list[list[int]]) -> None:
        """Select these residues of what is on view."""
        self._state.mark(positions_of(ranges))

    def on_hover(self, position: int) -> None:
        """Point at a residue."""
        self._state.hover(position)

    def on_fill(self) -> None:
        """Run, so that there is something to see."""
        if self._fill is not None:
            self._fill()

    def on_tab(self, tab: str) -> None:
        """Show another picture."""
        if tab in dict(TABS):
            self._plot.show(tab)
        self._show(tab)
        self.push(tab=tab)
        self._draw(None)
