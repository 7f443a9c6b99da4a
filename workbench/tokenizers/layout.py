"""Layout: where each residue stands in the model's row of tokens.

A row is BOS, the residues of the first chain, a chain break, the residues of the next chain, …,
EOS.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from ..protein import Protein


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """``rows`` holds the row of each residue, ``breaks`` those of chain breaks, of ``length`` in
    all.
    """

    rows: Int[np.ndarray, " residues"]
    breaks: Int[np.ndarray, " breaks"]
    chain: Int[np.ndarray, " length"]

    @property
    def length(self) -> int:
        """Tokens in the row, BOS and EOS included."""
        return len(self.chain)

    @property
    def span(self) -> "slice | Int[np.ndarray, ' residues']":
        """``rows``, as a slice where no break parts them: that indexes without a copy."""
        first, last = int(self.rows[0]), int(self.rows[-1])
        return slice(first, last + 1) if last - first + 1 == len(self.rows) else self.rows

    @classmethod
    def of(cls, protein: Protein) -> "Layout":
        """The layout of a protein's chains; a break belongs to the chain before it."""
        sizes = [stop - start for start, stop in protein.chain_ranges]
        chain_of = np.repeat(np.arange(len(sizes)), sizes)
        rows = np.arange(len(protein)) + 1 + chain_of
        breaks = np.cumsum(sizes)[:-1] + np.arange(len(sizes) - 1) + 1
        length = len(protein) + len(sizes) + 1
        chain = np.searchsorted(breaks, np.arange(length), side="left")
        return cls(rows, breaks.astype(np.int64), chain)
