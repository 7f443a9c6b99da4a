"""ConfidencePlot: pLDDT and entropy per residue, PAE, and the curve over the steps of a run.

One plotly figure changes in place; ``tab`` says which of its three pictures is on view. pLDDT is
drawn as 0–100 over AlphaFold's bands, entropy in nats, PAE in Å (row: the residue laid on,
column: the residue whose error is expected). Residue axes count positions; their labels
are the file's numbers. A click or a drag along a residue axis selects.
"""

import math
import time
from copy import deepcopy
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.prompt import Prompt
from workbench.protein import Protein

from ..axis import ranges_of
from ..frame import Frame
from ..state import BenchState
from ..tracks.rows import result_rows
from .debounce import Debounce
from .figure import (
    axes_of,
    band_shapes,
    chain_bars,
    empty_figure,
    selection_bands,
    theme_of,
    traces_of,
)
from .step_curve import StepCurve

if TYPE_CHECKING:
    from .plotly_without_iri_grammar import FigureWidget

LABELS = 8
"""Residue numbers along an axis, about."""

ROUND = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500)
LIVE_FRAMES, LIVE_SECONDS = 3, 1.0
"""Frames of a run, and time, between two pictures: plotly holds up the page, where tracks and 3D
move too.
"""

SETTLE_SECONDS = 0.4
"""Of steps that follow each other faster than this only the last is drawn, for the same reason."""

TABS = (("residues", "Residues"), ("pae", "PAE"), ("steps", "Steps"))
PAE_POINTS = 300
"""Rows and columns of the PAE picture at most; larger matrices are averaged in blocks."""

TRACES = {"residues": (0, 1), "pae": (2,), "steps": (3, 4, 5)}


class ConfidencePlot:
    """Holds the figure, made when first asked for: plotly's script is 5 MB."""

    def __init__(
        self,
        state: BenchState,
        pae_points: int = PAE_POINTS,
        live_seconds: float = LIVE_SECONDS,
    ) -> None:
        self._state = state
        self._live_seconds = live_seconds
        self._pae_points = pae_points
        self.tab = "residues"
        self.curve = StepCurve(state)
        self._axis_of: Protein | None = None
        self._drawn: tuple | None = None
        self._next, self._passed = 0.0, 0
        self._debounce = Debounce(self._draw, SETTLE_SECONDS)

    @property
    def figure(self) -> "FigureWidget":
        """The widget to show; it follows the state from now on."""
        self._debounce.finish()
        return self._figure

    @cached_property
    def _figure(self) -> Any:
        from .plotly_without_iri_grammar import FigureWidget

        figure: Any = FigureWidget(empty_figure())
        figure._config = {"displayModeBar": False, "responsive": True, "doubleClick": "reset"}
        self.__dict__["_figure"] = figure
        self._arrange()
        self._draw()
        self._state.observe(self._changed, ["revision", "frame"])
        self._state.observe_run(self._changed, "phase")
        for mark, name in ((self._mark, ["selection", "dark"]), (self._theme, "dark")):
            mark(None)
            self._state.observe(mark, name)
        return figure

    def show(self, tab: str) -> None:
        """Put one of ``TABS`` on view."""
        self.tab = tab
        self._state.update(needs_pae=tab != "residues")
        if "_figure" in self.__dict__:
            self._arrange()
            self._draw()
            self._mark(None)

    def _arrange(self) -> None:
        """Have the traces and axes of the chosen tab alone on view."""
        tab = self.tab
        with self._state.lock, self._figure.batch_update():
            for name, numbers in TRACES.items():
                for number in numbers:
                    self._figure.data[number].visible = name == tab
            for axis, values in axes_of(tab).items():
                self._figure.layout[axis].update(values)
            self._figure.layout.showlegend = tab == "steps"
            self._figure.layout.dragmode = "select" if tab == "residues" else "zoom"
        self._drawn = None

    def close(self) -> None:
        """Take the figure off every page."""
        if "_figure" in self.__dict__:
            self._figure.close()

    def send_whole(self) -> None:
        """Send the figure as it is now: a browser that starts to look has only its first state."""
        with self._state.lock:
            self._figure._widget_layout = deepcopy(self._figure._layout_obj._props)
            self._figure._widget_data = deepcopy(self._figure._data)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to see under this tab before a run."""
        state, frame = self._state, self._state.frame
        if state.run.active:
            return False
        confidence = _confidence(state.prompt, frame)
        if self.tab == "pae":
            return confidence is None or confidence.pae is None
        return confidence is None or not np.isfinite(confidence.plddt).any()

    @property
    def headline(self) -> str:
        """The figures of what is on view, in a line."""
        frame = self._state.frame
        confidence = _confidence(self._state.prompt, frame)
        if confidence is None or not np.isfinite(confidence.plddt).any():
            return "no confidence yet: Run or Step brings it"
        words = [f"mean pLDDT {np.nanmean(confidence.plddt) * 100:.0f}"]
        if confidence.ptm is not None:
            words.append(f"pTM {confidence.ptm:.2f}")
        words.append("prompt" if frame is None else frame.title)
        return " · ".join(words)

    # -- drawing ---------------------------------------------------------------------------------

    def _changed(self, change: Any) -> None:
        self._passed = LIVE_FRAMES if change["name"] == "run" else self._passed + 1
        if self._state.run.phase != "running":
            self._debounce()
        elif self._passed >= LIVE_FRAMES and time.monotonic() >= self._next:
            self._draw()

    def _draw(self) -> None:
        prompt, frame = self._state.prompt, self._state.frame
        shown = self._state.shown
        results = result_rows(shown, frame)
        confidence = _confidence(prompt, frame)
        pae = None if confidence is None else confidence.pae
        title = None if frame is None else (frame.title, frame.index)
        key = (self.tab, shown.template, results.tobytes(), title, id(pae), self._state.timeline[0])
        if key == self._drawn:
            return
        self._drawn = key
        self._next, self._passed = time.monotonic() + self._live_seconds, 0
        with self._state.lock, self._figure.batch_update():
            if self._axis_of is not shown.template:
                self._axis_of = shown.template
                self._number(shown)
            if self.tab == "residues":
                self._draw_residues(results, frame)
            elif self.tab == "pae":
                self._draw_pae(pae, len(shown))
            else:
                self._draw_steps()

    def _draw_residues(self, results: np.ndarray, frame: Frame | None) -> None:
        score, spread = self._figure.data[:2]
        score.y = results[0] * 100
        score.marker.color = results[0] * 100
        spread.y = results[1]
        top = 3.1 if frame is None else 1.03 * frame.entropy_top
        self._figure.layout.yaxis2.range = [0, top]

    def _draw_pae(self, pae: np.ndarray | None, length: int) -> None:
        picture = self._figure.data[2]
        note = self._figure.layout.annotations[0]
        note.visible = pae is None
        if pae is None:
            picture.z = np.zeros((0, 0), np.float32)
            return
        block = -(-length // self._pae_points)
        errors = averaged(np.asarray(pae, np.float32), block)
        centres = np.arange(len(errors)) * block + (block - 1) / 2
        picture.update(z=errors, x=centres, y=centres)

    def _draw_steps(self) -> None:
        self._figure.layout.annotations[0].visible = False
        steps, plddt, ptm, entropy = self.curve.table()
        for trace, values in zip(self._figure.data[3:6], (plddt, ptm, entropy), strict=True):
            trace.x, trace.y = steps, values
        self._figure.layout.xaxis4.range = [0.5, max(2, self._state.timeline[1]) + 0.5]

    def _number(self, shown: Prompt) -> None:
        length, template = len(shown), shown.template
        step = min(ROUND, key=lambda step: abs(math.log(step * LABELS / length)))
        numbers = template.residue_number
        plain = template.insertion_code == ""
        at = apart([i for i in range(length) if numbers[i] % step == 0 and plain[i]], step)
        at = at or [0, length - 1]
        for name, some in (("xaxis2", at), ("xaxis3", at[1::2] or at), ("yaxis3", at)):
            self._figure.layout[name].tickvals = some
            self._figure.layout[name].ticktext = self._ticks(template, some)
        reach = [-0.8, length - 0.2]
        self._figure.layout.xaxis.range = self._figure.layout.xaxis2.range = reach
        self._figure.layout.xaxis3.range = [-0.5, length - 0.5]
        self._figure.layout.yaxis3.range = [length - 0.5, -0.5]
        labels = np.array([template.label(i) for i in range(length)])
        for trace in self._figure.data[:2]:
            trace.x = np.arange(length)
            trace.customdata = labels
        self._mark(None)

    @staticmethod
    def _ticks(template: Protein, at: list[int]) -> list[str]:
        """The file's number of these residues; of several chains each is named once."""
        first, *others = template.chains
        named = "" if others else first
        ticks = []
        for i in at:
            chain, number = str(template.chain_id[i]), template.residue_number[i]
            ticks.append(str(number) if chain == named else f"{chain}:{number}")
            named = chain
        return ticks

    def _mark(self, _: object) -> None:
        runs = ranges_of(self._state.marked)
        template = self._state.axis
        shapes: list[dict] = []
        if self.tab == "residues":
            shapes = [*band_shapes(), *selection_bands(runs, ("x", "x2"), self._state.dark)]
        elif self.tab == "pae":
            shapes = [
                *chain_bars(template.chain_ranges),
                *selection_bands(runs, ("x3", "y3"), self._state.dark),
            ]
        with self._state.lock, self._figure.batch_update():
            self._figure.layout.shapes = shapes

    def _theme(self, _: object) -> None:
        with self._state.lock, self._figure.batch_update():
            self._figure.update_layout(theme_of(self._state.dark))
            for number, values in traces_of(self._state.dark).items():
                self._figure.data[number].update(values)


def apart(at: list[int], step: int) -> list[int]:
    """Those of these places that are not so near to the one before that their labels collide."""
    chosen: list[int] = []
    for i in at:
        if not chosen or i - chosen[-1] > step // 2:
            chosen.append(i)
    return chosen


def averaged(matrix: np.ndarray, block: int) -> np.ndarray:
    """Means over square blocks; what is left over at the end makes smaller ones."""
    if block <= 1:
        return matrix
    starts = np.arange(0, len(matrix), block)
    sums = np.add.reduceat(np.add.reduceat(matrix, starts, axis=0), starts, axis=1)
    sizes = np.diff(starts, append=len(matrix))
    return sums / (sizes[:, None] * sizes[None])


def _confidence(prompt: Prompt, frame: Frame | None) -> Any:
    protein = prompt.structure if frame is None else frame.protein
    return None if protein is None else protein.confidence
