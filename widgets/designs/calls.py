"""DesignCalls: the calls of a bench on its finished designs, each by name."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.session import Design, Remark

from ..frame import Frame
from ..messages import many
from ..state import BenchState

if TYPE_CHECKING:
    import pandas as pd


class DesignCalls:
    """What a bench does with the designs of its session."""

    _state: BenchState

    @property
    def designs(self) -> "pd.DataFrame":
        """One row per finished design and control, with your stars and notes."""
        return self._state.session.table()

    def design(self, name: str) -> Design:
        """A finished design by its name."""
        return self._state.session.design(name)

    def show(self, name: str | None) -> None:
        """Put a design on view; None goes back to the prompt."""
        raise NotImplementedError

    def compare(self, name: str | None) -> None:
        """Lay a second design over the structure on view; None takes it away."""
        frame = None if name is None else Frame.of_design(self.design(name))
        self._state.update(compared=frame)

    @property
    def chosen(self) -> list[str]:
        """Names of the designs ticked in the table, in its order."""
        return list(self._state.still_chosen)

    def choose(self, names: Sequence[str]) -> None:
        """Tick these designs in the table and no others: its buttons save those ticked."""
        self._state.update(chosen=tuple(self.design(name).name for name in names))

    def remark(self, name: str, stars: int | None = None, note: str | None = None) -> Remark:
        """Give a design 0 to 3 stars, a note, or both, as one undo step; None leaves what is."""
        return self._state.remark(name, stars, note)

    def discard(self, names: Sequence[str]) -> None:
        """Take designs out of the table and of what is saved; ``bring_back`` returns them."""
        state = self._state
        with state.lock:
            discarded = [design.name for design in state.session.discard(names)]
            if state.viewed_design is not None and state.viewed_design.name in discarded:
                self.show(None)
            if state.compared is not None and state.compared.title in discarded:
                self.compare(None)
            state.count_designs(f"{many(len(discarded), 'design')} discarded")

    def bring_back(self) -> None:
        """Put the designs discarded last where they were in the table."""
        with self._state.lock:
            back = self._state.session.bring_back()
            self._state.count_designs(f"{many(len(back), 'design')} brought back")
