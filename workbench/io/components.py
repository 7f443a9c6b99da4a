"""Chemical components: which residue names are amino acids, and of which letter.

Standard residues and the names that simulation programs give them are known here; everything else
is looked up in the Chemical Component Dictionary that biotite carries, then in the file itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from biotite.structure import info

from ..constants import ATOM37, RESIDUE_LETTERS, RESIDUE_NAMES
from ..residues import BACKBONE_ATOMS, SIDECHAIN_ATOMS

_ALIASES = {
    "HSD": "HIS", "HSE": "HIS", "HSP": "HIS", "HID": "HIS", "HIE": "HIS", "HIP": "HIS",
    "CYX": "CYS", "CYM": "CYS", "ASH": "ASP", "GLH": "GLU", "LYN": "LYS",
}  # fmt: skip
"""Protonation states as CHARMM and Amber name them: no modification, only a name."""

_RENAMED = {
    "MSE": {"SE": "SD"},
    "SEC": {"SE": "SG"},
    "ILE": {"CD": "CD1"},
}
"""Atoms that take another atom's column; selenium sits where the parent has sulphur."""

_TERMINAL = {"OT1": "O", "OT2": "OXT"}
_WATER = frozenset(("HOH", "WAT", "DOD", "TIP", "TIP3", "SOL", "H2O"))
_NUCLEOTIDES = frozenset(("A", "C", "G", "U", "I", "DA", "DC", "DG", "DT", "DU", "DI", "N", "DN"))


class Kind(Enum):
    """What a residue name stands for."""

    AMINO_ACID = auto()
    NUCLEOTIDE = auto()
    WATER = auto()
    OTHER = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Component:
    """One residue name: its kind, its letter, and where each of its atoms goes in atom37."""

    kind: Kind
    letter: str = ""
    modified: bool = False
    columns: Mapping[str, int] | None = None


def component(name: str, parents: Mapping[str, str]) -> Component:
    """The component of this name; ``parents`` are the modified residues that the file explains."""
    known = _known(name)
    explained = parents.get(name) in RESIDUE_LETTERS and name not in RESIDUE_LETTERS
    if explained and (known.kind in (Kind.OTHER, Kind.UNKNOWN) or known.letter == "X"):
        return _amino_acid(name, RESIDUE_LETTERS[parents[name]])
    return known


def unknown_residue(name: str) -> Component:
    """An amino acid that nobody can name a parent of: X, with its backbone."""
    return _amino_acid(name, "X")


@cache
def _known(name: str) -> Component:
    standard = _ALIASES.get(name, name)
    if standard in RESIDUE_LETTERS:
        renamed = {**_TERMINAL, **_RENAMED.get(standard, {})}
        columns = {atom: at for at, atom in enumerate(ATOM37)}
        columns |= {atom: ATOM37.index(column) for atom, column in renamed.items()}
        return Component(Kind.AMINO_ACID, RESIDUE_LETTERS[standard], False, columns)
    if name in _WATER:
        return Component(Kind.WATER)
    if name in _NUCLEOTIDES:
        return Component(Kind.NUCLEOTIDE)
    link = (info.link_type(name) or "").lower()
    if "peptide" in link:
        return _amino_acid(name, _dictionary_letter(name))
    if "dna" in link or "rna" in link:
        return Component(Kind.NUCLEOTIDE)
    return Component(Kind.OTHER if link else Kind.UNKNOWN)


def _dictionary_letter(name: str) -> str:
    """The parent's letter; X where the dictionary gives none, or several (fused residues)."""
    letter = info.one_letter_code(name) or "X"
    return letter if letter in RESIDUE_NAMES else "X"


def _amino_acid(name: str, letter: str) -> Component:
    """A modified residue, cut down to the atoms that its parent has too."""
    kept = (*BACKBONE_ATOMS, "OXT", *SIDECHAIN_ATOMS.get(letter, ("CB",)))
    columns = {atom: ATOM37.index(atom) for atom in kept}
    columns |= {atom: ATOM37.index(at) for atom, at in _RENAMED.get(name, {}).items()}
    return Component(Kind.AMINO_ACID, letter, True, columns)
