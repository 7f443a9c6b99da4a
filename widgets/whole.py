"""WholeBench: the views of a bench as one widget, where no boxes of Jupyter widgets are drawn.

marimo draws anywidgets alone; this one holds the others and lays them out as the boxes do.
"""

import anywidget

from .browser import loader
from .browser.style import style


class WholeBench(anywidget.AnyWidget):
    """A bench's views; ``figure`` comes once the browser has plotly's script."""

    _esm = loader.linked("whole.js")
    _css = style("whole.css")

    header = anywidget.WidgetTrait().tag(sync=True)
    tracks = anywidget.WidgetTrait().tag(sync=True)
    structure = anywidget.WidgetTrait().tag(sync=True)
    tabs = anywidget.WidgetTrait().tag(sync=True)
    figure = anywidget.WidgetTrait().tag(sync=True)
    whatif = anywidget.WidgetTrait().tag(sync=True)
    card = anywidget.WidgetTrait().tag(sync=True)
    run = anywidget.WidgetTrait().tag(sync=True)
    designs = anywidget.WidgetTrait().tag(sync=True)
