"""Grid: the views of a bench, each in its area, as one widget of a cell's output."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import ipywidgets

from . import cells
from .confidence.plot import ConfidencePlot
from .whole import WholeBench

SIDE = ("structure", "plot")
"""Areas that share the side of the bench."""


class Grid:
    """Views by the name of their area in ``bench.css``; the plot's gets its figure later.

    ``whatif`` and ``card`` have no area: one comes in the place of the figure, one lies over all.
    """

    def __init__(self, views: Mapping[str, ipywidgets.Widget]) -> None:
        self._shown_in: set[str] = set()
        self._views = views
        instead = views["whatif"]
        self.plot_box = ipywidgets.Box([views["plot"], instead])
        areas = {**views, "plot": self.plot_box}
        del areas["whatif"], areas["card"]
        for area, view in areas.items():
            view.add_class(f"esm-area-{area}")
        side = ipywidgets.Box([areas.pop(area) for area in SIDE])
        side.add_class("esm-area-side")
        self._areas = ipywidgets.Box([*areas.values(), side])
        self._areas.add_class("esm-grid")
        self.box = ipywidgets.Box([self._areas, views["card"]])
        self.box.add_class("esm-bench")

    def place(self, plot: ConfidencePlot) -> None:
        """Put the figure below what is in the plot's area."""
        tabs, instead = self.plot_box.children[0], self.plot_box.children[-1]
        self.plot_box.children = (tabs, plot.figure, instead)
        if "whole" in self.__dict__:
            self.whole.figure = plot.figure

    @cached_property
    def whole(self) -> WholeBench:
        """The same views as one widget, made when first asked for."""
        views = {"tabs" if name == "plot" else name: view for name, view in self._views.items()}
        return WholeBench(**views)

    @property
    def gone(self) -> bool:
        """Whether it was taken off the page."""
        return self.box.comm is None

    def mimebundle(self, text: str, **options: Any) -> Any:
        """What a cell displays; ``text`` where no widget can be shown."""
        self._shown_in.add(getattr(cells.current_cell(), "name", ""))
        bundle: Any = self.box._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        data["text/plain"] = text
        return bundle

    def leave(self) -> bool:
        """The current cell no longer shows it: go, unless another one does, and say which.

        A page that is loaded asks for all views that a kernel has, seen or not.
        """
        going = self._shown_in <= {getattr(cells.current_cell(), "name", "")}
        for part in _parts(self.box) if going else ():
            part.close()
        return going


def _parts(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    """A widget and all it is made of."""
    yield widget
    for part in (*getattr(widget, "children", ()), getattr(widget, "layout", None)):
        if isinstance(part, ipywidgets.Widget):
            yield from _parts(part)
