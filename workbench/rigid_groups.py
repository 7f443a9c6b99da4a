"""Rigid groups of the residues: which atoms turn with which torsion, and their ideal positions.

A residue is six rigid bodies: the backbone (N, CA, C, CB), the carbonyl oxygen that psi turns, and
one body per chi. Torsions are seven, in AlphaFold's order; omega and phi turn no heavy atom of
their own residue. Residue types are indices into ``AMINO_ACIDS``; one more, ``UNKNOWN_RESIDUE``,
has a backbone only. Positions are in Å, each in the frame of its atom's body at torsion zero: the
origin at the second atom of the axis, x along the axis, the torsion's first atom towards y.

``rigid_groups.json`` is written by ``tools/build_rigid_groups.py``.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float, Int

from .constants import AMINO_ACIDS, ATOM37, BACKBONE_LOCAL
from .residues import BACKBONE_ATOMS, SIDECHAIN_ATOMS

TABLE = Path(__file__).with_suffix(".json")

TORSIONS = ("omega", "phi", "psi", "chi1", "chi2", "chi3", "chi4")
BODIES = ("backbone", "psi", "chi1", "chi2", "chi3", "chi4")
BODY_TORSIONS = slice(2, None)
"""The torsions that move the bodies after the first."""

UNKNOWN_RESIDUE = len(AMINO_ACIDS)
ATOMS = 14
"""Heavy atoms of the largest residue, without OXT: the atom axis of atom14."""

CHI_CHAINS = {
    "A": "",
    "R": "N CA CB CG CD NE CZ",
    "N": "N CA CB CG OD1",
    "D": "N CA CB CG OD1",
    "C": "N CA CB SG",
    "Q": "N CA CB CG CD OE1",
    "E": "N CA CB CG CD OE1",
    "G": "",
    "H": "N CA CB CG ND1",
    "I": "N CA CB CG1 CD1",
    "L": "N CA CB CG CD1",
    "K": "N CA CB CG CD CE NZ",
    "M": "N CA CB CG SD CE",
    "F": "N CA CB CG CD1",
    "P": "N CA CB CG CD",
    "S": "N CA CB OG",
    "T": "N CA CB OG1",
    "W": "N CA CB CG CD1",
    "Y": "N CA CB CG CD1",
    "V": "N CA CB CG1",
}
"""Atoms along the side chain [IUPAC-IUB 1970]; every four in a row span one chi."""

PI_PERIODIC = {"D": "chi2", "E": "chi3", "F": "chi2", "Y": "chi2"}
"""Chis whose half turn gives the same residue with its symmetric atoms renamed."""

SYMMETRIC_ATOMS = {
    "D": (("OD1", "OD2"),),
    "E": (("OE1", "OE2"),),
    "F": (("CD1", "CD2"), ("CE1", "CE2")),
    "Y": (("CD1", "CD2"), ("CE1", "CE2")),
    "R": (("NH1", "NH2"),),
}
"""Atoms that chemistry does not tell apart. Arginine's are fixed by CD (NH1 is cis), not by chi."""

_REMOTENESS = "GDEZH"


def sequence_index(sequence: str) -> Int[np.ndarray, " length"]:
    """Residue types of these letters; whatever is no standard residue has a backbone only."""
    return np.array([i if (i := AMINO_ACIDS.find(letter)) >= 0 else UNKNOWN_RESIDUE
                     for letter in sequence], dtype=np.int64)  # fmt: skip


def chi_atoms(letter: str) -> tuple[tuple[str, ...], ...]:
    """The four atoms of each chi of this residue."""
    chain = CHI_CHAINS[letter].split()
    return tuple(tuple(chain[k : k + 4]) for k in range(len(chain) - 3))


def atom14(letter: str) -> tuple[str, ...]:
    """Heavy atoms of this residue in atom14 order."""
    return (*BACKBONE_ATOMS, *SIDECHAIN_ATOMS[letter])


def body_of(letter: str, atom: str) -> int:
    """The index in ``BODIES`` of the body that this atom belongs to.

    Atoms further out than the last chi, such as those of a ring, turn with the last chi.
    """
    if atom == "O":
        return BODIES.index("psi")
    if atom in ("N", "CA", "C", "CB"):
        return BODIES.index("backbone")
    chi = min(_REMOTENESS.index(atom[1]) + 1, len(chi_atoms(letter)))
    return BODIES.index(f"chi{chi}")


@cache
def ideal_positions() -> dict[str, dict[str, tuple[float, float, float]]]:
    """Per residue letter and atom, the position in its body's frame; the backbone is common."""
    backbone = dict(zip(("N", "CA", "C"), BACKBONE_LOCAL, strict=True))
    table = json.loads(TABLE.read_text("utf-8"))
    return {
        letter: backbone | {atom: tuple(xyz) for atom, xyz in atoms.items()}
        for letter, atoms in table.items()
    }


@cache
def atom_columns() -> Int[np.ndarray, "types 14"]:
    """Column in atom37 of each atom of atom14; −1 where the residue has fewer atoms."""
    columns = np.full((UNKNOWN_RESIDUE + 1, ATOMS), -1)
    for kind, atoms in _atoms_by_type():
        columns[kind, : len(atoms)] = [ATOM37.index(atom) for atom in atoms]
    return columns


@cache
def atom_bodies() -> Int[np.ndarray, "types 14"]:
    """Body of each atom of atom14; 0 where there is no atom."""
    bodies = np.zeros((UNKNOWN_RESIDUE + 1, ATOMS), np.int64)
    for kind, atoms in _atoms_by_type():
        letter = _model_letter(kind)
        bodies[kind, : len(atoms)] = [body_of(letter, atom) for atom in atoms]
    return bodies


@cache
def atom_positions() -> Float[np.ndarray, "types 14 3"]:
    """Position of each atom of atom14 in its body's frame; 0 where there is no atom."""
    positions = np.zeros((UNKNOWN_RESIDUE + 1, ATOMS, 3))
    for kind, atoms in _atoms_by_type():
        ideal = ideal_positions()[_model_letter(kind)]
        positions[kind, : len(atoms)] = [ideal[atom] for atom in atoms]
    return positions


@cache
def torsion_columns() -> Int[np.ndarray, "types 5 4"]:
    """Columns in atom37 of the atoms of psi and each chi; −1 where the residue has no such chi.

    Psi is read from the residue's own O, opposite to the next residue's N.
    """
    columns = np.full((UNKNOWN_RESIDUE + 1, len(BODIES) - 1, 4), -1)
    columns[:, 0] = [ATOM37.index(atom) for atom in ("N", "CA", "C", "O")]
    for kind, letter in enumerate(AMINO_ACIDS):
        for chi, atoms in enumerate(chi_atoms(letter), start=1):
            columns[kind, chi] = [ATOM37.index(atom) for atom in atoms]
    return columns


@cache
def pi_periodic() -> Bool[np.ndarray, "types 7"]:
    """Torsions that mean the same after half a turn."""
    periodic = np.zeros((UNKNOWN_RESIDUE + 1, len(TORSIONS)), bool)
    for letter, chi in PI_PERIODIC.items():
        periodic[AMINO_ACIDS.index(letter), TORSIONS.index(chi)] = True
    return periodic


@cache
def swapped_columns() -> Int[np.ndarray, "types 37"]:
    """Columns of atom37 after every symmetric pair of the residue has exchanged its names."""
    columns = np.tile(np.arange(len(ATOM37)), (UNKNOWN_RESIDUE + 1, 1))
    for letter, pairs in SYMMETRIC_ATOMS.items():
        for pair in pairs:
            one, other = (ATOM37.index(atom) for atom in pair)
            columns[AMINO_ACIDS.index(letter), [one, other]] = other, one
    return columns


def _atoms_by_type() -> list[tuple[int, tuple[str, ...]]]:
    known = [(kind, atom14(letter)) for kind, letter in enumerate(AMINO_ACIDS)]
    return [*known, (UNKNOWN_RESIDUE, BACKBONE_ATOMS)]


def _model_letter(kind: int) -> str:
    """Whose ideal positions this type takes: its own, alanine's where it is unknown."""
    return AMINO_ACIDS[kind] if kind < UNKNOWN_RESIDUE else "A"
