"""Motif guard: which amino acids can be placed so that the fewest forbidden motifs arise.

Going along a chain, the motifs that have begun and may still be completed are the bits of a number,
one bit for each element reached. From one residue to the next such a state follows by a shift, so
the fewest motifs that must arise around a residue are found by looking along the chain, four times
the longest motif to both sides. What is further away can matter only where alphabets of two or
three letters follow each other for as long. Positions are 0-based.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from .constants import AMINO_ACIDS
from .constraints import OTHER, Constraints, motif_elements

LENGTHS = 4
"""How many lengths of the longest motif the guard looks to both sides."""
_COLUMN = {letter: i for i, letter in enumerate(AMINO_ACIDS)}

Fewest = dict[int, int]
"""The fewest motifs that have arisen, by the state that they leave."""


@dataclass(frozen=True, slots=True)
class Found:
    """A forbidden motif on the half-open range of 0-based positions from ``start``."""

    motif: str
    start: int
    stop: int


class MotifGuard:
    """Says, letter by letter, what can be placed so that the fewest forbidden motifs arise.

    A letter is refused as soon as the residues still masked can no longer make up for it: N at 1
    and S at 3 are never both placed under N-X-S/T, whatever is at 2. What is there before the first
    letter is placed is ``given`` (every residue known) or ``forced`` (the alphabets leave no way
    out), and is not guarded.
    """

    def __init__(
        self,
        constraints: Constraints,
        sequence: Sequence[str] | np.ndarray,
        chains: Sequence[tuple[int, int]] | None = None,
    ) -> None:
        """Start from one-letter codes, ``_`` where masked; motifs do not span ``chains``."""
        self._allowed = constraints.allowed
        chains = [(0, len(self._allowed))] if chains is None else chains
        known = np.array([letter != "_" for letter in sequence], bool)
        could = _possible(constraints, sequence)
        self._motifs = _Motifs([motif_elements(motif) for motif in constraints.forbidden])
        self.given: tuple[Found, ...] = ()
        self.forced: tuple[Found, ...] = ()
        self._begins = [0] * len(known)
        for number, motif in enumerate(constraints.forbidden):
            elements = self._motifs.elements[number]
            certain = _certain(elements, could)
            for start in _windows(len(elements), chains):
                if not certain[start]:
                    self._begins[start] |= self._motifs.first[number]
                    continue
                found = Found(motif, start, start + len(elements))
                if known[start : found.stop].all():
                    self.given += (found,)
                else:
                    self.forced += (found,)
        self._options = [self._motifs.options(row) for row in could]

    def choices(self, position: int) -> Bool[np.ndarray, " 20"]:
        """The allowed amino acids with which the fewest motifs arise."""
        fewest = self._fewest(position)
        least = min(fewest[letter] for letter in np.flatnonzero(self._allowed[position]).tolist())
        return self._allowed[position] & (np.array(fewest) == least)

    def completes(self, position: int, letter: int) -> bool:
        """Whether the amino acid of this column makes a motif here that nothing can break then."""
        here = {self._motifs.match[letter]}
        for first, elements in zip(self._motifs.first, self._motifs.elements, strict=True):
            for start in range(max(0, position - len(elements) + 1), position + 1):
                if self._begins[start] & first and all(
                    match & (first << j)
                    for j in range(len(elements))
                    for match in (here if start + j == position else self._options[start + j])
                ):
                    return True
        return False

    def place(self, position: int, letter: int) -> None:
        """Write the amino acid of this column."""
        self._options[position] = {self._motifs.match[letter]}

    def _fewest(self, position: int) -> list[int]:
        """The fewest motifs around a position with each of the 20 amino acids there."""
        reach = LENGTHS * self._motifs.longest
        before: Fewest = {0: 0}
        for i in range(max(0, position - reach), position):
            before = self._after(before, i, self._options[i])
        fewest_of_match: dict[int, int] = {}
        for match in set(self._motifs.match[:OTHER]):
            fewest = self._after(before, position, {match})
            for i in range(position + 1, min(len(self._options), position + reach + 1)):
                fewest = self._after(fewest, i, self._options[i])
            fewest_of_match[match] = min(fewest.values())
        return [fewest_of_match[match] for match in self._motifs.match[:OTHER]]

    def _after(self, before: Fewest, position: int, options: Iterable[int]) -> Fewest:
        """The fewest motifs after a position that becomes one of these options."""
        totals: Fewest = {}
        for state, count in before.items():
            reached = (state << 1) | self._begins[position]
            for match in options:
                complete = reached & match & self._motifs.last
                unfinished, total = (
                    reached & match & ~self._motifs.last,
                    count + complete.bit_count(),
                )
                if total < totals.get(unfinished, total + 1):
                    totals[unfinished] = total
        # With fewer motifs begun and no more made, nothing later can turn out worse.
        return {
            state: total
            for state, total in totals.items()
            if not any(
                other | state == state and count <= total
                for other, count in totals.items()
                if other != state
            )
        }


class _Motifs:
    """The elements of motifs as bits, those of one motif side by side."""

    def __init__(self, elements: list[Bool[np.ndarray, "_ 21"]]) -> None:
        """``first`` has the bit of each motif's first element, ``last`` those of all last ones.

        ``match`` has, for each amino acid, the bits of the elements that it is.
        """
        self.elements = elements
        self.longest = max(map(len, elements), default=1)
        self.first, self.last, self.match = [], 0, [0] * (OTHER + 1)
        bit = 0
        for motif in elements:
            self.first.append(1 << bit)
            for element in motif:
                for letter in np.flatnonzero(element).tolist():
                    self.match[letter] |= 1 << bit
                bit += 1
            self.last |= 1 << (bit - 1)

    def options(self, could: Bool[np.ndarray, " 21"]) -> set[int]:
        """What a residue may match that can still become these letters."""
        return {self.match[letter] for letter in np.flatnonzero(could).tolist()}


def _possible(
    constraints: Constraints, sequence: Sequence[str] | np.ndarray
) -> Bool[np.ndarray, "length 21"]:
    """What each residue can be: itself where it is known, else what is allowed."""
    could = np.zeros((len(constraints), OTHER + 1), bool)
    for i, letter in enumerate(sequence):
        if letter == "_":
            could[i, :OTHER] = constraints.allowed[i]
        else:
            could[i, _COLUMN.get(str(letter), OTHER)] = True
    return could


def _certain(
    elements: Bool[np.ndarray, "elements 21"], could: Bool[np.ndarray, "length 21"]
) -> Bool[np.ndarray, " length"]:
    """Where a motif begins whatever its residues become."""
    fits = ~np.any(could[None] & ~elements[:, None], axis=-1)
    certain = np.zeros(len(could), bool)
    last = max(0, len(could) - len(elements) + 1)
    certain[:last] = True
    for j, row in enumerate(fits):
        certain[:last] &= row[j : j + last]
    return certain


def _windows(size: int, chains: Sequence[tuple[int, int]]) -> Iterable[int]:
    """Where a motif of this size may begin."""
    for start, stop in chains:
        yield from range(start, stop - size + 1)
