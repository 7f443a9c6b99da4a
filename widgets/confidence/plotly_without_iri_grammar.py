"""plotly's FigureWidget and subplots, imported in a fraction of the usual time.

plotly imports nbformat, which imports jsonschema, which compiles dozens of grammars to check IRIs
when ``rfc3987_syntax`` is installed: seconds before a bench can show. jsonschema does without where
it is absent, so it is hidden for as long as the import takes.
"""

import sys

from ..view import Unwatchable

SLOW = "rfc3987_syntax"

_hidden = SLOW not in sys.modules
if _hidden:
    sys.modules[SLOW] = None  # type: ignore[assignment]
try:
    from plotly.graph_objects import Figure
    from plotly.graph_objects import FigureWidget as PlotlyFigureWidget
    from plotly.subplots import make_subplots
finally:
    if _hidden:
        del sys.modules[SLOW]


class FigureWidget(Unwatchable, PlotlyFigureWidget):
    """plotly's widget; made ``unwatched`` it is only a figure."""


__all__ = ["Figure", "FigureWidget", "make_subplots"]
