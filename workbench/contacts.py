"""Contacts: hydrogen bonds, and how far two atoms are from each other."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from .constants import ATOM37
from .errors import SelectionError
from .protein import Protein
from .selection import Where, positions_of

LONGEST = 3.5
"""Å from donor to acceptor, both heavy atoms."""

LEAST_ANGLE = 90.0
"""Degrees at donor and acceptor, between the other atom and the one each is bonded to: the
criterion of McDonald & Thornton (1994) as far as it needs no hydrogens."""

DONORS = {
    "*": {"N": "CA"},
    "R": {"NE": "CD", "NH1": "CZ", "NH2": "CZ"},
    "N": {"ND2": "CG"},
    "Q": {"NE2": "CD"},
    "H": {"ND1": "CG", "NE2": "CD2"},
    "K": {"NZ": "CE"},
    "S": {"OG": "CB"},
    "T": {"OG1": "CB"},
    "W": {"NE1": "CD1"},
    "Y": {"OH": "CZ"},
    "C": {"SG": "CB"},
}
"""Atoms that give a hydrogen, and the atom each is bonded to; ``*`` is every residue."""

ACCEPTORS = {
    "*": {"O": "C", "OXT": "C"},
    "D": {"OD1": "CG", "OD2": "CG"},
    "E": {"OE1": "CD", "OE2": "CD"},
    "N": {"OD1": "CG"},
    "Q": {"OE1": "CD"},
    "H": {"ND1": "CG", "NE2": "CD2"},
    "S": {"OG": "CB"},
    "T": {"OG1": "CB"},
    "Y": {"OH": "CZ"},
}
"""Atoms that take one."""


@dataclass(frozen=True, slots=True)
class HydrogenBond:
    """From a donor to an acceptor, each a 0-based residue and the name of its atom; in Å."""

    donor: int
    donor_atom: str
    acceptor: int
    acceptor_atom: str
    distance: float


def hydrogen_bonds(protein: Protein, where: Where | None = None) -> list[HydrogenBond]:
    """Hydrogen bonds of these residues with any other one, by distance and angles of heavy atoms.

    ``where`` is a text or 0-based positions; None is all. A bond may be meant where several are
    possible; proline's N gives none, and atoms of one residue have none with each other. In the
    order of donors.
    """
    from biotite.structure import angle
    from scipy.spatial import KDTree

    chosen = np.zeros(len(protein), bool)
    chosen[slice(None) if where is None else positions_of(where, protein)] = True
    donors = [end for end in _ends(protein, DONORS) if (end.letter, end.name) != ("P", "N")]
    acceptors = _ends(protein, ACCEPTORS)
    if not donors or not acceptors:
        return []
    givers, takers = (np.array([end.at for end in ends]) for ends in (donors, acceptors))
    near = KDTree(takers).query_ball_point(givers, LONGEST, return_sorted=True)
    pairs = [
        (donor, acceptors[k])
        for donor, candidates in zip(donors, near, strict=True)
        for k in candidates
        if donor.residue != acceptors[k].residue
        and (chosen[donor.residue] or chosen[acceptors[k].residue])
    ]
    if not pairs:
        return []
    d, a = (np.array([pair[end].at for pair in pairs]) for end in (0, 1))
    before, after = (np.array([pair[end].bonded_at for pair in pairs]) for end in (0, 1))
    angles = np.degrees(np.minimum(angle(before, d, a), angle(after, a, d)))
    return [
        HydrogenBond(donor.residue, donor.name, acceptor.residue, acceptor.name, float(length))
        for (donor, acceptor), length, least in zip(
            pairs, np.linalg.norm(a - d, axis=-1), angles, strict=True
        )
        if least >= LEAST_ANGLE
    ]


def distance(
    protein: Protein, one: Where | int, other: Where | int, atom: str = "CA", other_atom: str = ""
) -> float:
    """How far an atom of one residue is from one of another, in Å; by default both CA.

    Residues are a text such as ``A:45`` or a 0-based position. NaN where an atom is missing.
    """
    ends = []
    for where, name in ((one, atom), (other, other_atom or atom)):
        at = positions_of(where, protein)
        if len(at) != 1:
            raise SelectionError(f"{where!r} holds {len(at)} residues; give one, such as 'A:45'")
        if name not in ATOM37:
            raise SelectionError(f"{name!r} is no heavy atom of a residue; use one of {ATOM37}")
        ends.append(protein.coordinates[at[0], ATOM37.index(name)].astype(np.float64))
    return float(np.linalg.norm(ends[0] - ends[1]))


class _End(NamedTuple):
    """An atom that can take part in a bond, where it is, and where the atom it is bonded to is."""

    residue: int
    letter: str
    name: str
    at: Float[np.ndarray, "3"]
    bonded_at: Float[np.ndarray, "3"]


def _ends(protein: Protein, kinds: dict[str, dict[str, str]]) -> list[_End]:
    """Those of these kinds that have coordinates, and their neighbours too."""
    place = protein.coordinates.astype(np.float64)
    known = np.asarray(np.isfinite(place).all(-1))
    columns = {name: column for column, name in enumerate(ATOM37)}
    return [
        _End(i, letter, name, place[i, columns[name]], place[i, columns[bonded]])
        for i, letter in enumerate(protein.sequence)
        for name, bonded in {**kinds["*"], **kinds.get(letter, {})}.items()
        if known[i, columns[name]] and known[i, columns[bonded]]
    ]
