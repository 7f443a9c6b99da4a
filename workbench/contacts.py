"""Contacts: hydrogen bonds, and how far two atoms are from each other."""

from dataclasses import dataclass

import numpy as np

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
    from scipy.spatial import KDTree

    chosen = np.zeros(len(protein), bool)
    chosen[slice(None) if where is None else positions_of(where, protein)] = True
    donors, acceptors = (_atoms(protein, kinds) for kinds in (DONORS, ACCEPTORS))
    donors = [one for one in donors if (protein.sequence[one[0]], one[1]) != ("P", "N")]
    if not donors or not acceptors:
        return []
    place = protein.coordinates.astype(np.float64)
    at = {name: column for column, name in enumerate(ATOM37)}
    here, there = (
        np.array([place[i, at[name]] for i, name, _ in atoms]) for atoms in (donors, acceptors)
    )
    found = []
    near = KDTree(there).query_ball_point(here, LONGEST)
    for (i, donor, before), candidates in zip(donors, near, strict=True):
        for k in sorted(candidates):
            j, acceptor, after = acceptors[k]
            if i == j or not (chosen[i] or chosen[j]):
                continue
            d, a = place[i, at[donor]], place[j, at[acceptor]]
            angles = (_angle(place[i, at[before]], d, a), _angle(place[j, at[after]], a, d))
            if min(angles) >= LEAST_ANGLE:
                length = float(np.linalg.norm(a - d))
                found.append(HydrogenBond(i, donor, j, acceptor, length))
    return found


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


def _atoms(protein: Protein, kinds: dict[str, dict[str, str]]) -> list[tuple[int, str, str]]:
    """Residue, atom and what that is bonded to, where both have coordinates."""
    known = np.asarray(np.isfinite(protein.coordinates).all(-1))
    at = {name: column for column, name in enumerate(ATOM37)}
    return [
        (i, name, bonded)
        for i, letter in enumerate(protein.sequence)
        for name, bonded in {**kinds["*"], **kinds.get(letter, {})}.items()
        if known[i, at[name]] and known[i, at[bonded]]
    ]


def _angle(one: np.ndarray, corner: np.ndarray, other: np.ndarray) -> float:
    a, b = one - corner, other - corner
    cosine = a @ b / max(1e-9, float(np.linalg.norm(a) * np.linalg.norm(b)))
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
