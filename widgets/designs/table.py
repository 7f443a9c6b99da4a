"""DesignsTable: the designs of the session, to sort, filter, look at, compare and take away.

Sorting and filtering happen in the browser; ``bench.designs`` is the table itself.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import traitlets

from workbench.alignment import aligned
from workbench.session import Column, columns_of, rows_of

from ..browser import loader
from ..browser.style import style
from ..state import BenchState
from ..view import BenchView
from .export import FORMATS, export


def described(column: Column) -> dict[str, object]:
    """A column as the browser knows it."""
    return {
        "key": column.name,
        "title": column.title,
        "help": column.help,
        "kind": column.kind,
        "digits": column.digits,
        "better": column.higher_is_better,
    }


class Actions(Protocol):
    """What the buttons of a row call; the bench is one."""

    def compare(self, name: str | None) -> object: ...  # noqa: D102
    def to_prompt(self, name: str) -> object: ...  # noqa: D102
    def choose(self, names: Sequence[str]) -> object: ...  # noqa: D102
    def discard(self, names: Sequence[str]) -> object: ...  # noqa: D102
    def bring_back(self) -> object: ...  # noqa: D102


class DesignsTable(BenchView):
    """A table that fills as designs are finished; ``show`` is called with a design's name.

    Without ``actions`` the table has no buttons.
    """

    _esm = loader.linked("designs/table.js")
    _css = style("designs/table.css")

    columns = traitlets.List(
        help="what is written over a column, its tooltip, how its values are written and which are "
        "better (true: high, false: low, null: neither); the page leaves out one without a value"
    ).tag(sync=True)
    formats = traitlets.List([[key, title] for key, (title, _) in FORMATS.items()]).tag(sync=True)
    rows = traitlets.List(help="values by key, as they are on screen").tag(sync=True)
    discarded = traitlets.Int(0).tag(sync=True)
    shown = traitlets.Unicode().tag(sync=True)
    compared = traitlets.Unicode().tag(sync=True)
    chosen = traitlets.List().tag(sync=True)
    live = traitlets.Bool().tag(sync=True)
    alignment = traitlets.Dict(help="the template and all designs, column by column").tag(sync=True)
    bus = traitlets.Unicode().tag(sync=True)
    choosing = traitlets.Bool(help="whether rows can be ticked").tag(sync=True)
    best = traitlets.Unicode(help="the column sorted by at first; none where empty").tag(sync=True)
    upwards = traitlets.Bool(True).tag(sync=True)

    def __init__(
        self,
        state: BenchState,
        show: Callable[[str | None], object],
        actions: Actions | None = None,
    ) -> None:
        self._show = show
        self._actions = actions
        super().__init__(
            state, live=actions is not None, choosing=actions is not None, bus=str(id(state))
        )
        self._draw(None)
        self._mark(None)
        state.observe(self._draw, "designs")
        state.observe(self._mark, ["frame", "compared", "viewed_design", "chosen"])

    def _draw(self, _: object) -> None:
        session = self._state.session
        columns = columns_of(session.designs)
        self.push(
            columns=[described(one) for one in columns],
            rows=[
                {one.name: one.shown(row.get(one.name)) for one in columns}
                for row in rows_of(session.designs)
            ],
            discarded=session.last_discarded,
            alignment=self._aligned(),
        )

    def _aligned(self) -> dict[str, object]:
        designs = self._state.session.designs
        if not designs:
            return {}
        names = [one.name for one in designs]
        proteins = [one.protein for one in designs]
        found = aligned(self._state.prompt.template, proteins, names)
        return {
            "names": list(found.names),
            "rows": list(found.rows),
            "labels": list(found.labels),
            "positions": list(found.positions),
        }

    def _mark(self, _: object) -> None:
        frame, compared = self._state.frame, self._state.compared
        viewed = self._state.viewed_design
        kept = frame.title if frame is not None and not frame.index else ""
        self.push(
            shown=kept if viewed is None else viewed.name,
            compared="" if compared is None else compared.title,
            chosen=list(self._state.chosen),
        )

    def on_show(self, name: str) -> None:
        """Put this design on view, or leave it again."""
        self._show(None if name == self.shown else name)

    def on_compare(self, name: str) -> None:
        """Lay this design over what is on view, or take it away again."""
        if self._actions is not None:
            self._actions.compare(None if name == self.compared else name)

    def on_prompt(self, name: str) -> None:
        """Take this design as the new prompt."""
        if self._actions is not None:
            self._actions.to_prompt(name)

    def on_choose(self, names: list[str]) -> None:
        """Tick these designs and no others."""
        if self._actions is not None:
            self._actions.choose(names)

    def on_discard(self, names: list[str]) -> None:
        """Take these designs out of the table."""
        if self._actions is not None:
            self._actions.discard(names)

    def on_select(self, ranges: list[list[int]]) -> None:
        """Select these residues of the template everywhere."""
        self._state.select([i for start, stop in ranges for i in range(start, stop)])

    def on_bring_back(self) -> None:
        """Put the designs discarded last into the table again."""
        if self._actions is not None:
            self._actions.bring_back()

    def on_export(self, names: list[str], format: str) -> None:
        """Send these designs to the browser as a file."""
        file, data = export(self._state.session, names, format)
        self.send({"type": "file", "name": file}, [data])
