"""What to read of a file: some of its chains, a record, one of its models."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from ..errors import StructureError
from ..protein import Protein
from .limits import listed

Chains = str | Iterable[str] | None
"""One chain ``"A"``, several as ``"A,B"`` or a list of names, or None for all."""

Which = int | str | None
"""A record of a FASTA file, by its place from 1 on or by the beginning of its header."""

Conformer = int | None
"""A model of an NMR ensemble or a trajectory, by the file's own number; None is the first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which part of a file to read."""

    chain: Chains = None
    record: Which = None
    conformer: Conformer = None

    def refuse(self, what: str, *names: str) -> None:
        """A StructureError if one of these was chosen, or any, in something that has none."""
        for name, choice in self.given.items():
            if name in (names or self.__slots__):
                raise StructureError(
                    f"{name}={choice!r} chooses in a file, and this is {what}; omit it"
                )

    @property
    def given(self) -> dict[str, Any]:
        """What is chosen, by the names of the arguments."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


ALL = Choice()
"""Nothing is chosen."""


@dataclass(frozen=True, slots=True)
class Content:
    """What was read of a file: the protein, and the numbers of its models where it has several."""

    protein: Protein
    conformers: tuple[int, ...] = ()


def chosen_chains(chain: object, lengths: Mapping[str, int]) -> dict[str, int]:
    """The chosen chains and their lengths, in the file's order; a StructureError lists them all."""
    if chain is None:
        return dict(lengths)
    names = _names(chain, lengths)
    for name in names:
        if name not in lengths:
            raise StructureError(
                f"there is no protein chain {name!r} in it; it has {listed(lengths)}"
            )
    return {name: length for name, length in lengths.items() if name in names}


def model_numbers(written: Sequence[str]) -> tuple[int, ...]:
    """Numbers of a file's models: its own where all are whole and differ, else counted from 1."""
    if all(text.isascii() and text.isdecimal() and len(text) < 10 for text in written):
        own = tuple(int(text) for text in written)
        if len(set(own)) == len(own):
            return own
    return tuple(range(1, len(written) + 1))


def chosen_model(conformer: object, numbers: Sequence[int]) -> int:
    """The place of the chosen model among these; a StructureError says which there are."""
    if conformer is None:
        return 0
    if isinstance(conformer, bool) or not isinstance(conformer, int) or conformer not in numbers:
        raise StructureError(
            f"conformer={conformer!r} is none of its models; it has {_spoken(numbers)}"
        )
    return list(numbers).index(conformer)


def _spoken(numbers: Sequence[int]) -> str:
    """Model numbers in words, such as ``models 1 to 20``."""
    if len(numbers) == 1:
        return f"model {numbers[0]} only"
    first, last = numbers[0], numbers[-1]
    if tuple(numbers) == tuple(range(first, last + 1)):
        return f"models {first} to {last}"
    return f"models {', '.join(map(str, numbers[:12]))}{' …' if len(numbers) > 12 else ''}"


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
