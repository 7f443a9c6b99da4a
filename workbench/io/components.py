"""Chemical components: which residue names are amino acids, and of which letter.

Standard residues and the names that simulation programs give them are known here; everything else
is looked up in the Chemical Component Dictionary that biotite carries, then in the file itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from biotite.structure import info

from ..constants import ATOM37, RESIDUE_LETTERS, RESIDUE_NAMES
from ..residues import BACKBONE_ATOMS, SIDECHAIN_ATOMS

_FORCE_FIELD_NAMES = {
    "ARG": "ARN ARGN AR0",
    "ASN": "ASN1",
    "ASP": "ASH ASPH ASPP AS4 ASP1",
    "CYS": "CYX CYM CYN CYH CYS1 CYS2 CYSH CYSD",
    "GLU": "GLH GLUH GLUP GL4",
    "HIS": "HID HIE HIP HIN HIH HSD HSE HSP HSH HIS1 HIS2 HISA HISB HISD HISE HISH HISP",
    "LYS": "LYN LYP LSN LYSH",
    "PHE": "PHEU",
    "SER": "SERD",
    "TRP": "TRPU",
    "TYR": "TYM TYRU",
}
"""Protonation states and other forms of the standard residues as simulation programs name them.

From Amber (its residue libraries, and constant pH), CHARMM (``top_all36_prot`` and its patches),
GROMACS (``residuetypes.dat``: GROMOS, OPLS and its ports of Amber) and PDB2PQR. Amber puts N or C
before the name of a residue that ends a chain, as in NMET and CSER. The Chemical Component
Dictionary, and so gemmi and biotite, has none of these, but ligands with some of the same names.
"""

_ALIASES = {
    name: standard for standard, names in _FORCE_FIELD_NAMES.items() for name in names.split()
}

_RENAMED = {
    "MSE": {"SE": "SD"},
    "SEC": {"SE": "SG"},
    "ILE": {"CD": "CD1"},
}
"""Atoms that take another atom's column; selenium sits where the parent has sulphur."""

_TERMINAL = {
    "OT1": "O", "OT2": "OXT", "OC1": "O", "OC2": "OXT", "O1": "O", "O2": "OXT", "OT": "OXT",
}  # fmt: skip
"""Names of the two oxygens at the end of a chain."""

_WATER = frozenset(
    ("HOH", "DOD", "H2O", "WAT", "SOL", "TIP", "TIP3", "TIP4", "TIP5", "TP3", "T3P", "T4P", "SPC")
)
_NUCLEOTIDES = frozenset(
    ["I", "DI", "N", "DN", "ADE", "CYT", "GUA", "THY", "URA"]
    + [sugar + base + end for sugar in ("", "D", "R") for base in "ACGTU" for end in ("", *"35N")]
)
_HYDROGEN = re.compile(r"\d*[HD]")


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


def component(name: str, parents: Mapping[str, str], atoms: frozenset[str]) -> Component:
    """The component of this name with these atoms.

    ``parents`` are the modified residues that the file explains. A force field's name counts where
    the atoms are those of its residue, for the dictionary has ligands of the same names.
    """
    standard = _force_field_residue(name)
    if standard and _fits(standard, atoms):
        return _known(standard)
    known = _known(name)
    explained = parents.get(name) in RESIDUE_LETTERS and name not in RESIDUE_LETTERS
    if explained and (known.kind in (Kind.OTHER, Kind.UNKNOWN) or known.letter == "X"):
        return _amino_acid(name, RESIDUE_LETTERS[parents[name]])
    return known


def unknown_residue(name: str) -> Component:
    """An amino acid that nobody can name a parent of: X, with its backbone."""
    return _amino_acid(name, "X")


@cache
def _force_field_residue(name: str) -> str:
    """The standard residue that a simulation program means by a name; empty if it means none."""
    if name in _ALIASES:
        return _ALIASES[name]
    inner = name[1:] if len(name) in (4, 5) and name[0] in "NC" else ""
    if _ALIASES.get(inner):
        return _ALIASES[inner]
    return inner if RESIDUE_LETTERS.get(inner, "") in SIDECHAIN_ATOMS else ""


def _fits(standard: str, atoms: frozenset[str]) -> bool:
    """Whether these are heavy atoms of a standard residue, or there are none to tell."""
    columns = _known(standard).columns or {}
    parts = {*BACKBONE_ATOMS, "OXT", *SIDECHAIN_ATOMS[RESIDUE_LETTERS[standard]]}
    heavy = {atom for atom in atoms if not _HYDROGEN.match(atom)}
    return not heavy or (
        "CA" in heavy and all(atom in columns and ATOM37[columns[atom]] in parts for atom in heavy)
    )


@cache
def _known(name: str) -> Component:
    if name in RESIDUE_LETTERS:
        renamed = {**_TERMINAL, **_RENAMED.get(name, {})}
        columns = {atom: at for at, atom in enumerate(ATOM37)}
        columns |= {atom: ATOM37.index(column) for atom, column in renamed.items()}
        return Component(Kind.AMINO_ACID, RESIDUE_LETTERS[name], False, columns)
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
    atoms = (*BACKBONE_ATOMS, "OXT", *SIDECHAIN_ATOMS.get(letter, ("CB",)))
    columns = {atom: ATOM37.index(atom) for atom in atoms}
    columns |= {atom: ATOM37.index(at) for atom, at in _RENAMED.get(name, {}).items()}
    return Component(Kind.AMINO_ACID, letter, True, columns)
