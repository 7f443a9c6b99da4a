"""Alignment: proteins side by side, residue under residue of the same name, and their logo.

Columns are residue names: those of the template, and those that only others have where these stand
in their chain. Letters are upper case, ``-`` where a protein has no such residue.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from jaxtyping import Float, Int

from .constants import AMINO_ACIDS
from .errors import StructureError
from .protein import Protein

GAP = "-"


@dataclass(frozen=True, slots=True)
class Alignment:
    """``rows`` of one text each, the template's first; ``labels`` name the columns (``A:45``).

    ``positions`` are the template's own, 0-based; -1 in columns that it has not.
    """

    names: tuple[str, ...]
    rows: tuple[str, ...]
    labels: tuple[str, ...]
    positions: tuple[int, ...]

    def fasta(self) -> str:
        """As aligned FASTA."""
        pairs = zip(self.names, self.rows, strict=True)
        return "".join(f">{name}\n{row}\n" for name, row in pairs)

    def a3m(self) -> str:
        """As A3M: residues that the template has not are in lower case, their gaps left out."""
        return "".join(
            f">{name}\n{self._inserted(row)}\n"
            for name, row in zip(self.names, self.rows, strict=True)
        )

    def _inserted(self, row: str) -> str:
        return "".join(
            letter if at >= 0 else letter.lower().replace(GAP, "")
            for letter, at in zip(row, self.positions, strict=True)
        )


def aligned(template: Protein, others: Sequence[Protein], names: Sequence[str] = ()) -> Alignment:
    """Align by the numbering of residues, so that insertions and deletions stay where they are.

    ``names`` are those of the others, by default their own.
    """
    if names and len(names) != len(others):
        raise StructureError(f"give {len(others)} names for {len(others)} proteins")
    labels = [[protein.label(i) for i in range(len(protein))] for protein in (template, *others)]
    columns = list(labels[0])
    known = set(columns)
    for own in labels[1:]:
        for i, label in enumerate(own):
            if label not in known:
                after = columns.index(own[i - 1]) + 1 if i else 0
                columns.insert(after, label)
                known.add(label)
    rows = []
    for own, protein in zip(labels, (template, *others), strict=True):
        letters = dict(zip(own, protein.sequence.replace("_", "X"), strict=True))
        rows.append("".join(letters.get(label, GAP) for label in columns))
    at = {label: i for i, label in enumerate(labels[0])}
    labelled = names or [other.name for other in others]
    return Alignment(
        (template.name or "template", *labelled),
        tuple(rows),
        tuple(columns),
        tuple(at.get(label, -1) for label in columns),
    )


def paired(one: Protein, other: Protein) -> tuple[Int[np.ndarray, " pairs"], ...]:
    """Positions in both proteins of residues that stand for each other, as many in each.

    Their sequences are aligned end to end by BLOSUM62, gaps −11 and −1, none at the ends.
    """
    from biotite.sequence import ProteinSequence
    from biotite.sequence.align import SubstitutionMatrix, align_optimal  # pyright: ignore

    sequences = [
        ProteinSequence("".join(c if c in AMINO_ACIDS else "X" for c in protein.sequence))
        for protein in (one, other)
    ]
    (best,) = align_optimal(
        *sequences,
        SubstitutionMatrix.std_protein_matrix(),
        gap_penalty=(-11, -1),
        terminal_penalty=False,
        max_number=1,
    )
    trace = best.trace[(best.trace >= 0).all(axis=1)]
    return trace[:, 0], trace[:, 1]


def frequencies(rows: Sequence[str]) -> Float[np.ndarray, "columns 20"]:
    """Share of each of ``AMINO_ACIDS`` among the standard letters of each column; 0 where none."""
    letters = np.array([list(row) for row in rows])
    counts = np.stack(
        [(letters == amino_acid).sum(0) for amino_acid in AMINO_ACIDS], axis=-1
    ).astype(float)
    return counts / np.maximum(counts.sum(-1, keepdims=True), 1)


def information(rows: Sequence[str]) -> Float[np.ndarray, " columns"]:
    """Information of each column in bits, 0 to log2(20), less the small-sample correction
    19 / (2 ln 2 · letters) [Schneider & Stephens 1990]; never below 0.
    """
    shares = frequencies(rows)
    letters = np.array([[letter in AMINO_ACIDS for letter in row] for row in rows]).sum(0)
    entropy = -(shares * np.log2(np.where(shares > 0, shares, 1))).sum(-1)
    correction = (len(AMINO_ACIDS) - 1) / (2 * log(2) * np.maximum(letters, 1))
    bits = np.log2(len(AMINO_ACIDS)) - entropy - correction
    return np.where(letters > 0, np.maximum(bits, 0.0), 0.0)
