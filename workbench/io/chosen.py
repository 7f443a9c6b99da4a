"""Which of a file's chains a person wants: all, one, or several."""

from collections.abc import Iterable, Mapping

from ..errors import StructureError
from .limits import listed

Chains = str | Iterable[str] | None
"""One chain ``"A"``, several as ``"A,B"`` or a list of names, or None for all."""


def chosen_chains(chain: object, lengths: Mapping[str, int]) -> dict[str, int]:
    """The chosen chains and their lengths, in the file's order; a StructureError lists them all."""
    if chain is None:
        return dict(lengths)
    wanted = _names(chain, lengths)
    for name in wanted:
        if name not in lengths:
            raise StructureError(
                f"there is no protein chain {name!r} in it; it has {listed(lengths)}"
            )
    return {name: length for name, length in lengths.items() if name in wanted}


def _names(chain: object, lengths: Mapping[str, int]) -> list[str]:
    if isinstance(chain, str):
        names = [chain] if chain in lengths else [part.strip() for part in chain.split(",")]
    else:
        names = list(chain) if isinstance(chain, Iterable) else []
    names = [name for name in names if name != ""]
    if not names or not all(isinstance(name, str) for name in names):
        raise StructureError(
            f"chain={chain!r} names no chain; give one as 'A', or several as 'A,B' or ['A', 'B']"
        )
    return names
