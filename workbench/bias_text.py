"""Bias text: residue preferences as people write and paste them, in nats.

``A 1.5, C -2`` names amino acids; a PSSM is a table with a row for each residue, as PSI-BLAST
writes it or bare, whose columns a line of 20 letters may name in another order.
"""

import re

import numpy as np
from jaxtyping import Float

from .constants import AMINO_ACIDS
from .errors import PromptError

MOST_LETTERS = 2_000_000
_NAMED = re.compile(r"([A-Za-z])\s*[=:]?\s*([+-]?\d+(?:\.\d+)?)")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
COLUMNS = len(AMINO_ACIDS)


def parse_bias(text: str, factor: float = 1.0) -> dict[str, float] | Float[np.ndarray, "rows 20"]:
    """Nats by letter, or rows of 20 in the order of ``AMINO_ACIDS``; all times ``factor``.

    PSI-BLAST's scores are half bits: a factor of 0.35 makes nats of them. Raises PromptError for a
    text that is neither, naming the line.
    """
    if len(text) > MOST_LETTERS:
        raise PromptError(
            f"a bias of {len(text)} letters is too long; give at most {MOST_LETTERS} letters"
        )
    pairs = _NAMED.findall(text)
    if pairs and not _NAMED.sub("", text).strip(" ,;\n\t"):
        return {letter.upper(): factor * float(value) for letter, value in pairs}
    order, rows = AMINO_ACIDS, []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.replace(",", " ").split()
        letters = "".join(word.upper() for word in words[:COLUMNS])
        if sorted(letters) == sorted(AMINO_ACIDS):
            order = letters
        elif words and _NUMBER.fullmatch(words[-1]):
            row = _row(words, number)
            if row:
                rows.append(row)
    if not rows:
        raise PromptError(
            "no bias can be read from this; write A 1.5, C -2, or paste a PSSM with 20 numbers in "
            "every line"
        )
    columns = [order.index(letter) for letter in AMINO_ACIDS]
    return factor * np.array(rows, np.float64)[:, columns]


def _row(words: list[str], number: int) -> list[float]:
    """The 20 scores of a line, after the residue's number and letter where these stand there."""
    named = len(words) > 1 and words[1].isalpha() and words[0].isdigit()
    scores = words[2:] if named else words[1:] if words[0].isalpha() else words
    if not named and len(scores) < COLUMNS and any(word.isalpha() for word in words):
        return []
    if len(scores) < COLUMNS or not all(_NUMBER.fullmatch(score) for score in scores[:COLUMNS]):
        raise PromptError(
            f"line {number} of the PSSM has {len(scores)} numbers; give 20, one for each of "
            f"{AMINO_ACIDS}"
        )
    return [float(score) for score in scores[:COLUMNS]]
