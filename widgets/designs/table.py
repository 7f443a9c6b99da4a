"""DesignsTable: the designs of the session, to sort, filter, look at, compare and take away.

Sorting and filtering happen in the browser; ``bench.designs`` is the table itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Protocol

from workbench.alignment import aligned
from workbench.session import columns_of, rows_of

from ..axis import positions_of, ranges_of
from ..browser import loader
from ..browser.style import style
from ..state import BenchState
from ..view import BenchView
from .export import FORMATS, export
from .table_traits import TableTraits, described, shown_rows


class Actions(Protocol):
    """What the buttons of a row call; the bench is one."""

    def compare(self, name: str | None) -> object: ...  # noqa: D102
    def to_prompt(self, name: str) -> object: ...  # noqa: D102
    def choose(self, names: Sequence[str]) -> object: ...  # noqa: D102
    def discard(self, names: Sequence[str]) -> object: ...  # noqa: D102
    def bring_back(self) -> object: ...  # noqa: D102
    def remark(self, name: str, stars: int | None, note: str | None) -> object: ...  # noqa: D102
    def add_control(self) -> object: ...  # noqa: D102


class DesignsTable(TableTraits, BenchView):
    """A table that fills as designs are finished; ``show`` is called with a design's name.

    Without ``actions`` the table has no buttons, and its alignment is there from the start.
    """

    _esm = loader.linked("designs/table.js")
    _css = style("designs/table.css")

    def __init__(
        self,
        state: BenchState,
        show: Callable[[str | None], object],
        actions: Actions | None = None,
    ) -> None:
        self._show = show
        self._actions = actions
        acts = actions is not None
        formats = [[key, title] for key, (title, _) in FORMATS.items()]
        own = {"live": acts, "choosing": acts, "aligning": not acts}
        super().__init__(state, formats=formats, **own)
        self._aligned_of: tuple[object, ...] = ()
        self._draw(None)
        self._align(None)
        self._mark(None)
        state.observe(self._draw, ["designs", "remarks"])
        state.observe(self._align, ["designs", "revision"])
        self._select(None)
        state.observe(self._select, ["selection", "revision"])
        state.observe(self._mark, ["frame", "compared", "viewed_design", "chosen"])

    def _draw(self, _: object) -> None:
        session = self._state.session
        columns = columns_of(session.designs)
        self.push(
            columns=described(columns),
            rows=shown_rows(columns, rows_of(session.designs, session.remarks)),
            controls=[design.name for design in session.designs if design.is_control],
            discarded=session.last_discarded,
        )

    def _align(self, _: object) -> None:
        """Align only for a panel that is open, and what is not aligned yet."""
        template = self._state.prompt.template
        of = (template, tuple(self._state.session.designs)) if self.aligning else ()
        if of != self._aligned_of:
            self._aligned_of = of
            self.push(alignment=self._aligned() if of else {})

    def _aligned(self) -> dict[str, object]:
        designs = self._state.session.designs
        if not designs:
            return {}
        names = [design.name for design in designs]
        proteins = [design.protein for design in designs]
        alignment = aligned(self._state.prompt.template, proteins, names)
        return {name: list(values) for name, values in asdict(alignment).items()}

    def _mark(self, _: object) -> None:
        frame, compared = self._state.frame, self._state.compared
        viewed = self._state.viewed_design
        last = frame.title if frame is not None and not frame.index else ""
        self.push(
            shown=last if viewed is None else viewed.name,
            compared="" if compared is None else compared.title,
            chosen=list(self._state.chosen),
        )

    def _select(self, _: object) -> None:
        self.push(selection=ranges_of(self._state.selection))

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

    def on_columns(self, keys: list[str]) -> None:
        """Keep in mind which columns are on view, for a page that is loaded again."""
        self.push(visible=keys)

    def on_discard(self, names: list[str]) -> None:
        """Take these designs out of the table."""
        if self._actions is not None:
            self._actions.discard(names)

    def on_remark(self, name: str, stars: int | None = None, note: str | None = None) -> None:
        """Give a design stars or a note."""
        if self._actions is not None:
            self._actions.remark(name, stars, note)

    def on_control(self) -> None:
        """Put the template beside the designs."""
        if self._actions is not None:
            self._actions.add_control()

    def on_align(self, on: bool) -> None:
        """Send the designs under their template, from now on, or no longer."""
        self.push(aligning=on)
        self._align(None)

    def on_select(self, ranges: list[list[int]]) -> None:
        """Select these residues of the template everywhere."""
        self._state.select(positions_of(ranges))

    def on_bring_back(self) -> None:
        """Put the designs discarded last into the table again."""
        if self._actions is not None:
            self._actions.bring_back()

    def on_export(self, names: list[str], format: str) -> None:
        """Send these designs to the browser as a file."""
        file, data = export(self._state.session, names, format)
        self.send({"type": "file", "name": file}, [data])
