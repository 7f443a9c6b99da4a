"""Constraints: what a sampled sequence may be, residue by residue and along the chain.

Columns are those of ``AMINO_ACIDS``. Motifs are written ``N-X-S/T`` or ``N-{P}-[ST]``: ``-`` goes
on to the next residue, ``X`` is any, ``S/T`` and ``[ST]`` are alternatives, ``{P}`` is any but
these. No numbers of a file here: positions are 0-based.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int

from .constants import AMINO_ACIDS
from .errors import PromptError
from .protein import frozen

OTHER = len(AMINO_ACIDS)
"""Column for a given letter that is no standard amino acid."""
MAX_BIAS = 1000.0
"""Largest bias in nats; to forbid a residue outright there is ``forbid``."""
_ELEMENT = re.compile(
    r"\[(?P<listed>[A-Z]+)\]|\{(?P<excluded>[A-Z]+)\}|(?P<plain>[A-Z](?:/[A-Z])*)"
)


@dataclass(frozen=True, slots=True, eq=False)
class Constraints:
    """Alphabet and bias of every residue, and motifs that must not arise.

    ``bias`` is added to the sequence logits, in nats, before the temperature. A PromptError says
    which residue has an empty alphabet or a bias that is no number.
    """

    allowed: Bool[np.ndarray, "length 20"]
    bias: Float[np.ndarray, "length 20"]
    forbidden: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "allowed", frozen(self.allowed))
        object.__setattr__(self, "bias", frozen(np.asarray(self.bias, np.float32)))
        shape = (len(self.allowed), len(AMINO_ACIDS))
        if self.allowed.shape != shape or self.bias.shape != shape:
            raise PromptError(
                f"constraints of shapes {self.allowed.shape} and {self.bias.shape} do not fit; "
                f"give 20 columns in the order {AMINO_ACIDS} and a row for each residue"
            )
        _refuse_at(~np.any(self.allowed, axis=-1), "no amino acid is allowed", "allow at least one")
        beyond = ~np.all(np.abs(self.bias) <= MAX_BIAS, axis=-1)
        _refuse_at(beyond, "the bias is no number of nats", f"give up to {MAX_BIAS:g} either way")
        for motif in self.forbidden:
            motif_elements(motif)

    @classmethod
    def free(cls, length: int) -> "Constraints":
        """Any standard amino acid everywhere, none preferred."""
        shape = (length, len(AMINO_ACIDS))
        return cls(np.ones(shape, bool), np.zeros(shape, np.float32))

    def __len__(self) -> int:
        return len(self.allowed)

    def allow(self, at: Int[np.ndarray, " chosen"], letters: str) -> "Constraints":
        """These amino acids and no others at these positions, whatever was allowed before."""
        row = _listed(letters)
        if not row.any():
            raise PromptError("at least one amino acid must stay allowed")
        allowed = self.allowed.copy()
        allowed[at] = row
        return replace(self, allowed=allowed)

    def forbid(
        self,
        at: Int[np.ndarray, " chosen"],
        letters: str,
        label: Callable[[int], str] = "position {}".format,
    ) -> "Constraints":
        """What was allowed before but these amino acids at these positions.

        A PromptError calls a position that would be left none by its ``label``.
        """
        allowed = self.allowed.copy()
        allowed[at] &= ~_listed(letters)
        empty = np.flatnonzero(~allowed.any(-1))
        if len(empty):
            position = int(empty[0])
            before = "".join(np.array(list(AMINO_ACIDS))[self.allowed[position]])
            raise PromptError(
                f"forbidding {letters} leaves no amino acid at {label(position)}, where {before} "
                f"{'is' if len(before) == 1 else 'are'} allowed; allow others there first"
            )
        return replace(self, allowed=allowed)

    def favour(
        self, at: Int[np.ndarray, " chosen"], values: Mapping[str, float] | Sequence | np.ndarray
    ) -> "Constraints":
        """Set the bias of the named amino acids, or of all 20 from a row or one row for each."""
        bias = self.bias.copy()
        if isinstance(values, Mapping):
            for letter, value in values.items():
                bias[np.ix_(at, np.flatnonzero(_listed(letter)))] = _nats(value, letter)
        else:
            bias[at] = _profile(values, len(at))
        return replace(self, bias=bias)

    def forbid_motif(self, motif: str) -> "Constraints":
        """Keep this motif from arising where residues are sampled."""
        motif_elements(motif)
        known = motif in self.forbidden
        return self if known else replace(self, forbidden=(*self.forbidden, motif))

    def permit_motif(self, motif: str) -> "Constraints":
        """Take a forbidden motif back."""
        if motif not in self.forbidden:
            listed = ", ".join(self.forbidden) or "none"
            raise PromptError(f"the motif {motif!r} is not forbidden; forbidden are: {listed}")
        return replace(
            self,
            forbidden=tuple(
                forbidden_motif for forbidden_motif in self.forbidden if forbidden_motif != motif
            ),
        )

    def at_positions(self, at: Int[np.ndarray, " taken"]) -> "Constraints":
        """Constraints of these positions in this order; -1 is a new, free residue."""
        at = np.asarray(at, np.int64)
        new = at < 0
        allowed, bias = self.allowed[at], self.bias[at]
        allowed[new], bias[new] = True, 0.0
        return replace(self, allowed=allowed, bias=bias)


def motif_elements(motif: str) -> Bool[np.ndarray, "elements 21"]:
    """What each residue of a motif may be; the last column is a non-standard letter."""
    elements = []
    for part in motif.split("-"):
        match = _ELEMENT.fullmatch(part)
        if match is None:
            raise PromptError(
                f"cannot read {part!r} in the motif {motif!r}; write it as N-X-S/T or N-{{P}}-[ST]"
            )
        element = np.zeros(OTHER + 1, bool)
        if match["plain"] == "X":
            element[:] = True
        elif match["excluded"]:
            element[:] = True
            element[:OTHER] = ~_listed(match["excluded"])
        else:
            element[:OTHER] = _listed((match["listed"] or match["plain"]).replace("/", ""))
        elements.append(element)
    whole = np.stack(elements)
    if whole[:, :OTHER].all():
        raise PromptError(f"the motif {motif!r} is everywhere; name at least one residue in it")
    if not whole[:, :OTHER].any(axis=1).all():
        raise PromptError(f"the motif {motif!r} is nowhere; {{}} must leave some amino acid")
    return whole


def _refuse_at(wrong: Bool[np.ndarray, " length"], fault: str, remedy: str) -> None:
    if wrong.any():
        raise PromptError(f"{fault} at position {int(np.flatnonzero(wrong)[0])}; {remedy}")


def _listed(letters: str) -> Bool[np.ndarray, " 20"]:
    strange = sorted(set(letters) - set(AMINO_ACIDS))
    if strange:
        raise PromptError(f"{strange[0]!r} is no standard amino acid; use letters of {AMINO_ACIDS}")
    return np.array([letter in letters for letter in AMINO_ACIDS])


def _nats(value: object, letter: str) -> float:
    try:
        nats = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        nats = float("nan")
    if not abs(nats) <= MAX_BIAS:
        raise PromptError(
            f"the bias of {letter} is {value!r}; give nats from {-MAX_BIAS:g} to {MAX_BIAS:g}"
        )
    return nats


def _profile(values: Sequence | np.ndarray, count: int) -> Float[np.ndarray, "..."]:
    try:
        rows = np.asarray(values, np.float32)
    except (TypeError, ValueError):
        raise PromptError("a bias is a mapping of letters to nats or an array of nats") from None
    if rows.shape not in ((OTHER,), (count, OTHER)):
        raise PromptError(
            f"a bias of shape {rows.shape} does not fit {count} residues; give 20 nats in the "
            f"order {AMINO_ACIDS}, or {count} rows of them"
        )
    if not (np.abs(rows) <= MAX_BIAS).all():
        raise PromptError(
            f"a bias is not finite or beyond ±{MAX_BIAS:g} nats; use forbid to rule residues out"
        )
    return rows
