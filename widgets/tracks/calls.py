"""ResidueCalls: the calls of a bench that add, take out and move residues; each one undo step."""

from workbench.prompt import Where

from .edits import Edits


class ResidueCalls:
    """Where residues come, go or move, the selection follows them."""

    _edits: Edits

    def insert(self, where: Where, count: int = 1, *, before: bool = False) -> None:
        """Add masked residues after these residues, or before them."""
        self._edits.insert(where, count, before=before)

    def delete(self, where: Where) -> None:
        """Take residues out."""
        self._edits.delete(where)

    def duplicate(self, where: Where) -> None:
        """Put a copy of these residues after them, without coordinates."""
        self._edits.duplicate(where)

    def move(self, where: Where, offset: int) -> None:
        """Move residues along their chain; those they pass close up behind them."""
        self._edits.move(where, offset)

    def resize(self, length: int) -> None:
        """Set how many residues there are in all."""
        self._edits.resize(length)
