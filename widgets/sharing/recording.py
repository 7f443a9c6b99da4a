"""Recording: what every view of a session shows, picture by picture, for a page without a kernel.

The views are the bench's own, made unwatched; they are asked to show the prompt, each step of the
run at hand, each design and steps of its run, and what they would send to the browser is kept. A
picture holds only the traits that differ from the prompt's. Keys are ``prompt``, ``step:3``,
``design:NAME`` and ``design:NAME#3``.
"""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import anywidget
import numpy as np

from workbench.archive.values import without_folders
from workbench.sampling.settings import RunSettings
from workbench.session import Design, Edit, Session

from ..confidence.plot import TABS, ConfidencePlot
from ..confidence.tabs import PlotTabs
from ..designs.table import DesignsTable
from ..files.header import Header
from ..frame import Frame
from ..run_status import RunStatus
from ..running.panel import RunPanel
from ..state import BenchState
from ..structure.view import StructureView
from ..tracks.editor import TrackEditor
from ..view import BenchView, unwatched
from ..whatif.view import TABS as WHAT_IF_TABS
from ..whatif.view import UNASKED, WhatIfView
from .pack import Pack

OWN = {"seq", "ack", "plot_id", "selection", "hovered", "own_id", "pushes", "bus", "snapshot"}
"""Traits that a page keeps itself or has no use for."""

KEPT = (
    "mode", "template", "ligands", "live", "tab", "sidechains", "bonds", "surface", "hidden",
    "camera",
)  # fmt: skip
"""Traits that a person sets on the page: no picture changes them."""

STEPS = 200
"""Steps of the run at hand recorded at most, evenly taken."""

STEPS_OF_DESIGNS = 80
"""Steps of all designs together recorded at most: a page should stay small enough to mail."""

SHOWN_TEXT = ("findings", "notes", "status", "error", "model")
"""Traits whose words may name files of this machine."""

PAE_POINTS = 128
"""Rows and columns of a PAE at most: a page draws it in some 300 pixels."""

NOTHING: Mapping[str, Any] = MappingProxyType({})

Picture = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Recording:
    """Pictures as numbers of values in a pack: of the prompt, and of what differs elsewhere."""

    first: Picture
    others: dict[str, Picture]
    colorings: dict[str, Picture]
    plots: dict[str, Picture]

    def data(self) -> dict[str, Any]:
        """As JSON for the page."""
        return {
            "first": self.first,
            "others": self.others,
            "colorings": self.colorings,
            "plots": self.plots,
        }


class Nobody:
    """Takes the panel's calls in place of a bench and does nothing: a page runs nothing."""

    def run(self) -> None: ...  # noqa: D102
    def step(self) -> None: ...  # noqa: D102
    def pause(self) -> None: ...  # noqa: D102
    def stop(self) -> None: ...  # noqa: D102
    def rewind(self, index: int) -> None: ...  # noqa: D102
    def branch(self) -> None: ...  # noqa: D102
    def show_step(self, index: int) -> None: ...  # noqa: D102


class Views:
    """The bench's views around a state of their own, seen by nobody."""

    def __init__(
        self,
        session: Session,
        settings: RunSettings,
        model: str,
        readings: Mapping[str, Any],
    ) -> None:
        self.state = BenchState(session, settings)
        self.state.readings = dict(readings)
        taken = len(session.trajectory.steps) if session.trajectory is not None else 0
        total = session.trajectory.total if session.trajectory is not None else 0
        with unwatched():
            self.structure = StructureView(self.state)
            self.widgets: dict[str, BenchView] = {
                "header": Header(self.state),
                "tracks": TrackEditor(self.state),
                "structure": self.structure,
                "run": RunPanel(self.state, Nobody()),
                "designs": DesignsTable(self.state, lambda _: None),
            }
            self.plot = ConfidencePlot(self.state, PAE_POINTS)
            self.figure = self.plot.figure
            known = [tab for tab in WHAT_IF_TABS if tab[0] in (*readings, *UNASKED)]
            self.widgets["tabs"] = PlotTabs(self.state, self.plot, others=known)
            self.widgets["whatif"] = WhatIfView(self.state)
        run = RunStatus(taken=taken, total=total)
        self.state.update(model=model, run=run, designs=len(session.designs))

    def show(self, frame: Frame | None, viewed_design: Design | None = None) -> None:
        """Put a picture on view; a design of another template brings its own residue axis."""
        prompt = self.state.prompt if frame is None else frame.prompt
        if prompt.template is not self.state.prompt.template:
            self.state.edit(prompt, "")
            self.state.update(notice="")
        self.state.show(frame, viewed_design)

    def picture(self, pack: Pack) -> Picture:
        """What every view shows now."""
        picture = {}
        for name, widget in self.widgets.items():
            traits = set(type(widget).class_trait_names(sync=True))
            traits -= OWN | set(anywidget.AnyWidget.class_trait_names(sync=True))
            picture[name] = {
                trait: _packed(pack, trait, getattr(widget, trait)) for trait in sorted(traits)
            }
        return picture

    def plots(self, pack: Pack) -> Picture:
        """The confidence figure under each of its tabs."""
        before, pictures = self.plot.tab, {}
        for tab, _ in TABS:
            self.plot.show(tab)
            figure = self.figure.to_dict()
            pictures[tab] = {
                **{f"layout.{key}": _drawn(pack, value) for key, value in figure["layout"].items()},
                **{
                    f"data.{number}.{key}": _drawn(pack, value)
                    for number, trace in enumerate(figure["data"])
                    for key, value in trace.items()
                },
            }
        self.plot.show(before)
        return pictures

    def colorings(self, pack: Pack) -> Picture:
        """What the structure looks like in each of its colourings."""
        view = self.structure
        before, colors_of = view.mode, {}
        for mode, _ in view.modes:
            view.color_by(mode)
            colors_of[mode] = {
                trait: _packed(pack, trait, getattr(view, trait)) for trait in ("colors", "legend")
            }
        view.color_by(before)
        return colors_of


def record(
    session: Session,
    settings: RunSettings,
    model: str,
    pack: Pack,
    readings: Mapping[str, Any] = NOTHING,
    steps_of_designs: int = STEPS_OF_DESIGNS,
) -> Recording:
    """Every picture of a session, in the order prompt, steps, designs; ``steps_of_designs`` at most
    for all designs together.
    """
    session = _copied(session)
    views = Views(session, settings, model, readings)
    first = views.picture(pack)
    others, colorings = {}, {"prompt": views.colorings(pack)}
    plots = {"prompt": views.plots(pack)}
    for key, frame, viewed_design in _frames(session, steps_of_designs):
        views.show(frame, viewed_design)
        others[key] = _difference(first, views.picture(pack))
        colorings[key] = views.colorings(pack)
        plots[key] = views.plots(pack)
    return Recording(first, others, colorings, plots)


def key_of(frame: Frame) -> str:
    """Key of the picture of this frame."""
    return f"step:{frame.index}" if frame.index else f"design:{frame.title}"


def _frames(session: Session, steps_of_designs: int) -> Iterator[tuple[str, Frame, Design | None]]:
    """Pictures of the same atoms follow each other, so that they share a scene."""
    run = session.trajectory
    if run is not None:
        for index in _evenly(1, len(run.steps), STEPS):
            frame = Frame.of(run, index)
            yield key_of(frame), frame, None
    each = steps_of_designs // max(1, len(session.designs))
    runs = []
    for design in session.designs if session.model is not None else ():
        at_hand = run is not None and design.steps == run.steps
        most = STEPS if at_hand else each
        if design.steps and most:
            runs.append((design, session.trajectory_of(design), most))
    for design, again, _ in runs:
        title = f"{design.name}, its prompt"
        yield f"design:{design.name}#0", Frame.of(again, 0, title=title), design
    for design, again, most in runs:
        for index in _evenly(1, len(design.steps) - 1, most):
            title = f"{design.name}, step {index}"
            yield f"design:{design.name}#{index}", Frame.of(again, index, title=title), design
    # A page opens on the last one, which a model made.
    for design in sorted(session.designs, key=lambda design: not design.is_control):
        frame = Frame.of_design(design)
        yield key_of(frame), frame, design


def _evenly(first: int, last: int, most: int) -> range | list[int]:
    """At most this many of the numbers from first to last."""
    if last - first < most:
        return range(first, last + 1)
    return np.linspace(first, last, most).round().astype(int).tolist()


def _copied(session: Session) -> Session:
    """A session on the same prompt, run and designs, whose history is its own.

    Where no run is at hand, as in a record just opened, the last design's is taken.
    """
    now = Edit("open", session.prompt, session.remarks)
    copy = Session.restored([now], [], session.designs, [])
    copy.model, copy.trajectory, copy.camera = session.model, session.trajectory, session.camera
    finished = [design for design in copy.designs if design.run is not None]
    if copy.trajectory is None and copy.model is not None and finished:
        copy.trajectory = copy.trajectory_of(finished[-1])
    return copy


def _packed(pack: Pack, trait: str, value: Any) -> int:
    if isinstance(value, bytes) and trait.endswith("coordinates"):
        return pack.keep_coordinates(value)
    if trait in SHOWN_TEXT:
        value = _without_folders(value)
    return pack.keep(value)


def _without_folders(value: Any) -> Any:
    if isinstance(value, str):
        return without_folders(value)
    if isinstance(value, list | tuple):
        return [_without_folders(item) for item in value]
    return (
        {key: _without_folders(item) for key, item in value.items()}
        if isinstance(value, dict)
        else value
    )


def _difference(first: Picture, picture: Picture) -> Picture:
    changed = {
        name: {
            trait: number for trait, number in traits.items() if first[name].get(trait) != number
        }
        for name, traits in picture.items()
    }
    return {name: traits for name, traits in changed.items() if traits}


def _drawn(pack: Pack, value: Any) -> int:
    """A part of a plotly figure: arrays as the page draws them, everything else as JSON."""
    if isinstance(value, dict) and "bdata" in value:
        values = np.frombuffer(base64.b64decode(value["bdata"]), np.dtype(value["dtype"]))
        shape = [int(part) for part in str(value.get("shape", len(values))).split(",")]
        return pack.keep(values.reshape(shape))
    if isinstance(value, np.ndarray):
        return pack.keep(value) if value.dtype.kind == "f" else pack.keep(value.tolist())
    return pack.keep(_plain(value))


def _plain(value: Any) -> Any:
    """The same as JSON, nothing where a number is not one."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value
