"""Entry: the atoms of a file before anyone has decided which of them are protein."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from biotite.structure import AtomArray
from jaxtyping import Float, Int, Shaped

POLYMER, FREE, UNSAID = 1, 0, -1
"""What a file says of an atom: part of a chain, not part of one, or nothing."""

Atoms = Any
"""biotite's AtomArray; its annotations are attributes that a type checker cannot see."""

ResidueName = tuple[str, int, str]
"""Chain name, residue number and insertion code."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What this package wrote of the residue axis, so that a file reads back equal.

    ``letters`` has one text per run of a chain: residues with atoms in capitals or ``_`` where
    masked, residues without atoms in small letters or ``-`` where masked. ``absent`` names the
    latter in order.
    """

    letters: tuple[tuple[str, str], ...]
    absent: tuple[ResidueName, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """Atoms of one model with all alternate locations, in file order.

    ``atoms`` carries ``altloc_id`` (empty where there is none) and ``occupancy``. ``parents`` names
    the standard residue of each modified one that the file explains. ``plddt`` is 0–1, NaN where
    the file has none. ``models`` are the numbers of all models, ``conformer`` the one asked for.
    ``stretch`` counts the parts of a chain that the file itself sets apart, by a
    TER record for instance; ``segid`` is a PDB file's segment, empty where there is none.
    """

    atoms: Atoms
    polymer: Int[np.ndarray, " atoms"]
    plddt: Float[np.ndarray, " atoms"]
    models: tuple[int, ...] = (1,)
    conformer: int | None = None
    parents: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    axis: Axis | None = None
    ptm: float | None = None
    stretch: Int[np.ndarray, " atoms"] = None  # type: ignore[assignment]
    segid: Shaped[np.ndarray, " atoms"] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        if self.stretch is None:
            object.__setattr__(self, "stretch", np.zeros(len(self.atoms), np.int64))
        if self.segid is None:
            object.__setattr__(self, "segid", np.full(len(self.atoms), ""))


def no_atoms() -> Atoms:
    """The atoms of a file that has none, as a file of ours without coordinates does."""
    atoms = AtomArray(0)
    atoms.set_annotation("altloc_id", np.array([], dtype="U1"))
    atoms.set_annotation("occupancy", np.array([], dtype=float))
    atoms.set_annotation("b_factor", np.array([], dtype=float))
    return atoms
