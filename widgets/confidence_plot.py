"""ConfidencePlot: pLDDT and entropy per residue, one plotly figure that changes in place.

pLDDT is drawn as 0–100 over AlphaFold's bands, entropy in nats below it. The x axis counts
positions; its labels are the file's numbers.
"""

import time
from functools import cached_property
from typing import Any

import numpy as np

from workbench.prompt import Prompt
from workbench.protein import Protein

from . import palette, track_rows
from .frame import Frame
from .quick_plotly import Figure, FigureWidget, make_subplots
from .state import BenchState

HEIGHT = 178
LABELS = 8
LIVE_SECONDS = 1.0
"""Time between pictures during a run: plotly holds up the page, where tracks and 3D move too."""

INK = {False: "#1c2733", True: "#e6ebf0"}
GRID = {False: "#dde2e7", True: "#343c45"}
SELECTED = "#e0218a"


class ConfidencePlot:
    """Holds the figure, made when first asked for: plotly's script is 5 MB."""

    def __init__(self, state: BenchState) -> None:
        self._state = state
        self._axis_of: Protein | None = None
        self._drawn: tuple | None = None
        self._next = 0.0

    @cached_property
    def figure(self) -> FigureWidget:
        """The widget to show; it follows the state from now on."""
        figure = FigureWidget(_empty_figure())
        figure._config = {"displayModeBar": False, "responsive": True}
        for trace in figure.data:
            trace.on_hover(self._hovered)
        self.__dict__["figure"] = figure
        for draw, names in (
            (self._draw, ["revision", "frame", "phase"]),
            (self._mark, "selection"),
            (self._theme, "dark"),
        ):
            draw(None)
            self._state.observe(draw, names)
        return figure

    def _draw(self, _: object) -> None:
        if self._state.phase == "running" and time.monotonic() < self._next:
            return
        prompt, frame = self._state.prompt, self._state.frame
        plddt, entropy = results = track_rows.results(prompt, frame)
        key = (prompt.template, results.tobytes(), None if frame is None else frame.title)
        if key == self._drawn:
            return
        self._drawn = key
        self._next = time.monotonic() + LIVE_SECONDS
        x = np.arange(len(prompt))
        labels = np.array([prompt.template.label(i) for i in x])
        with self._state.lock, self.figure.batch_update():
            score, spread = self.figure.data
            if self._axis_of is not prompt.template:
                self._axis_of = prompt.template
                score.x = spread.x = x
                score.customdata = spread.customdata = labels
                self._number(prompt)
            score.y = plddt * 100
            score.marker.color = plddt * 100
            spread.y = entropy
            self.figure.layout.yaxis2.range = [
                0,
                3.1 if frame is None else 1.03 * frame.entropy_top,
            ]
            self.figure.layout.annotations[0].text = _headline(plddt, frame)

    def _number(self, prompt: Prompt) -> None:
        length = len(prompt)
        step = max(1, round(length / LABELS / 5) * 5 or 1)
        numbers = prompt.template.residue_number
        at = [i for i in range(length) if numbers[i] % step == 0] or [0, length - 1]
        self.figure.layout.xaxis2.tickvals = at
        self.figure.layout.xaxis2.ticktext = [str(numbers[i]) for i in at]
        self.figure.layout.xaxis.range = self.figure.layout.xaxis2.range = [-0.8, length - 0.2]

    def _mark(self, _: object) -> None:
        bands = [
            {
                "type": "rect", "xref": "x", "yref": "paper", "y0": 0, "y1": 1, "layer": "below",
                "x0": start - 0.5, "x1": stop - 0.5, "line": {"width": 0},
                "fillcolor": SELECTED, "opacity": 0.18,
            }
            for start, stop in track_rows.runs(self._state.selection)
        ]  # fmt: skip
        with self._state.lock, self.figure.batch_update():
            self.figure.layout.shapes = [*_band_shapes(), *bands]

    def _theme(self, _: object) -> None:
        ink, grid = INK[self._state.dark], GRID[self._state.dark]
        with self._state.lock, self.figure.batch_update():
            self.figure.layout.font.color = ink
            for name in ("xaxis", "yaxis", "xaxis2", "yaxis2"):
                self.figure.layout[name].gridcolor = grid
                self.figure.layout[name].linecolor = grid
            self.figure.data[1].marker.color = "#8996a3" if self._state.dark else "#6b7885"

    def _hovered(self, _: object, points: Any, __: object) -> None:
        if points.point_inds:
            self._state.hover(int(points.point_inds[0]))


def _empty_figure() -> Figure:
    figure = make_subplots(
        rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.07, row_heights=[0.62, 0.38]
    )
    figure.add_scatter(
        x=[], y=[], mode="lines+markers", name="pLDDT", row=1, col=1,
        line={"color": "#8a97a5", "width": 1}, marker=_band_marker(), connectgaps=False,
        hovertemplate="%{customdata} · pLDDT %{y:.0f}<extra></extra>",
    )  # fmt: skip
    figure.add_bar(
        x=[], y=[], name="entropy", row=2, col=1, marker={"line": {"width": 0}},
        hovertemplate="%{customdata} · %{y:.2f} nats<extra></extra>",
    )  # fmt: skip
    figure.update_layout(
        height=HEIGHT, autosize=True, showlegend=False, bargap=0.15, uirevision="bench",
        margin={"l": 52, "r": 14, "t": 24, "b": 22}, paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)", font={"size": 11}, hovermode="closest", dragmode="zoom",
        transition={"duration": 0},
    )  # fmt: skip
    figure.update_yaxes(range=[0, 100], tickvals=[50, 70, 90], title="pLDDT", row=1, col=1)
    figure.update_yaxes(range=[0, 3.1], nticks=4, title="entropy", row=2, col=1)
    figure.update_yaxes(title={"font": {"size": 11}, "standoff": 4}, zeroline=False)
    figure.update_xaxes(showgrid=False, zeroline=False)
    figure.add_annotation(
        text="", x=0, y=1, yshift=5, xref="paper", yref="paper", showarrow=False,
        xanchor="left", yanchor="bottom", font={"size": 12.5},
    )  # fmt: skip
    return figure


def _band_marker() -> dict:
    """Markers coloured by band through a stepped scale, so that only numbers ever change."""
    scale = []
    top = 1.0
    for edge, color, _ in palette.PLDDT_BANDS:
        scale = [[edge / 100, color], [top, color], *scale]
        top = edge / 100
    return {"size": 5, "cmin": 0, "cmax": 100, "colorscale": scale, "showscale": False}


def _band_shapes() -> list[dict]:
    edges = [100.0, *(edge for edge, _, _ in palette.PLDDT_BANDS)]
    return [
        {
            "type": "rect", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": low, "y1": high,
            "fillcolor": color, "opacity": 0.07, "line": {"width": 0}, "layer": "below",
        }
        for high, (low, color, _) in zip(edges[:-1], palette.PLDDT_BANDS, strict=True)
    ]  # fmt: skip


def _headline(plddt: np.ndarray, frame: Frame | None) -> str:
    known = np.isfinite(plddt)
    if not known.any():
        return "<b>Confidence</b>  none yet: it appears with the first step"
    when = "of the template" if frame is None else f"of {frame.title}"
    return f"<b>Confidence</b>  mean pLDDT {np.mean(plddt[known]) * 100:.0f} {when}"
