"""Secondary structure and solvent accessibility of a protein, from its coordinates.

SS8 follows DSSP (in mdtraj), with ``C`` for its blank and ``_`` where a residue lacks N, CA or C.
SASA is per residue, in Å², over all heavy atoms of all chains, with a water probe of 1.4 Å.
"""

from collections.abc import Iterator
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float, Int

from .constants import ATOM37, MASK, RESIDUE_NAMES, O
from .geometry import full_backbone
from .protein import Protein
from .residues import BACKBONE_ATOMS, SIDECHAIN_ATOMS, protor_radius

if TYPE_CHECKING:
    import mdtraj

LONGEST_PEPTIDE_BOND = 2.5
"""Å between C and the next N beyond which DSSP sees a chain break [Kabsch & Sander 1983]."""

OUT_OF_REACH = 10.0
"""Å between two atoms of which neither can cover any of the other, with room to spare."""

LARGEST_BOX = 1e9
"""Å³ around atoms whose areas are computed; a box around any protein is smaller by far."""

_RADII_OF = {"B": "N", "Z": "Q", "U": "C", "O": "K", "X": "A", MASK: "A"}
"""For a residue beyond the 20: the standard residue whose atom radii it takes."""

_TOPOLOGY = Lock()
"""Held while a thread names the residues of a topology that threads share."""


def annotated(protein: Protein) -> Protein:
    """The protein with SS8 and SASA computed from its coordinates."""
    return protein.with_(ss8=compute_ss8(protein), sasa=compute_sasa(protein))


def compute_ss8(protein: Protein) -> str:
    """One of GHITEBSC per residue, ``_`` without N, CA and C; a missing O is placed ideally.

    Residues whose C and N are more than 2.5 Å apart are not bonded, whatever their numbers say.
    """
    known = protein.has_backbone
    if not known.any():
        return MASK * len(protein)
    import mdtraj

    bonded = bonded_to_next(protein) & known
    starts = np.flatnonzero(known & ~np.roll(bonded, 1))
    sizes = np.diff([*np.cumsum(known)[starts] - 1, known.sum()])
    nanometres = _dssp_atoms(protein, bonded)[known].reshape(1, -1, 3) / 10
    with _TOPOLOGY:
        topology = _chains_of(tuple(sizes.tolist()))
        for residue, at in zip(topology.residues, np.flatnonzero(known), strict=True):
            residue.name = RESIDUE_NAMES.get(protein.sequence[at], "UNK")
        classes = mdtraj.compute_dssp(mdtraj.Trajectory(nanometres, topology), simplified=False)[0]
    ss8 = np.full(len(protein), MASK)
    ss8[known] = np.where(classes == " ", "C", classes)
    return "".join(ss8)


@lru_cache(maxsize=8)
def _chains_of(sizes: tuple[int, ...]) -> "mdtraj.Topology":
    """Chains of so many residues with N, CA, C and O; who uses it names the residues."""
    import mdtraj

    topology = mdtraj.Topology()
    for size in sizes:
        chain = topology.add_chain()
        for _ in range(size):
            residue = topology.add_residue("UNK", chain)
            for atom in BACKBONE_ATOMS:
                topology.add_atom(atom, mdtraj.element.get_by_symbol(atom[0]), residue)
    return topology


def compute_sasa(protein: Protein, points: int = 1000) -> Float[np.ndarray, " length"]:
    """Solvent accessible area of each residue; ``points`` on each atom's sphere set the precision.

    NaN for a residue that lacks more than half of its side-chain atoms. Where that is so for more
    than half of the residues (a backbone-only design), nothing is buried as it will be, and all are
    NaN.
    """
    from biotite.structure import AtomArray
    from biotite.structure.sasa import sasa  # type: ignore[attr-defined]

    area = np.full(len(protein), np.nan, np.float32)
    present = np.all(np.isfinite(protein.coordinates), axis=2)
    complete = _is_complete(protein, present)
    judged = np.any(present, axis=1) & (np.array(list(protein.sequence)) != "G")
    if not complete.any() or complete[judged].mean() * 2 < 1:
        return area
    residue, column = np.nonzero(present)
    atoms = AtomArray(len(residue))
    atoms.coord = protein.coordinates[residue, column].astype(np.float32)
    letters = [_RADII_OF.get(letter, letter) for letter in protein.sequence]
    radii = np.array(
        [protor_radius(letters[i], ATOM37[at]) for i, at in zip(residue, column, strict=True)],
        np.float32,
    )
    atoms.element = np.array(ATOM37)[column].astype("U1")
    per_atom = np.full(len(residue), np.nan)
    for at in _apart(atoms.coord):
        if np.prod(np.ptp(atoms.coord[at].astype(np.float64), axis=0) + 1) < LARGEST_BOX:
            per_atom[at] = np.nan_to_num(sasa(atoms[at], point_number=points, vdw_radii=radii[at]))
    totals = np.bincount(residue, weights=per_atom, minlength=len(protein))
    area[complete] = totals[complete]
    return area


def _apart(points: Float[np.ndarray, "atoms 3"]) -> Iterator[Int[np.ndarray, " some"]]:
    """Atoms in groups that nothing reaches across, so that each has an area of its own."""
    groups = [np.arange(len(points))]
    while groups:
        group = groups.pop()
        for axis in range(3):
            along = points[group, axis].astype(np.float64)
            order = np.argsort(along, kind="stable")
            cuts = np.flatnonzero(np.diff(along[order]) > OUT_OF_REACH) + 1
            if len(cuts):
                groups += [np.sort(group[part]) for part in np.split(order, cuts)]
                break
        else:
            yield group


def bonded_to_next(protein: Protein) -> Bool[np.ndarray, " length"]:
    """Which residues have a peptide bond to the next one, judged by the distance from C to N."""
    bonded = np.zeros(len(protein), bool)
    places = protein.backbone.astype(np.float64)
    reach = np.linalg.norm(places[:-1, 2] - places[1:, 0], axis=-1)
    bonded[:-1] = reach <= LONGEST_PEPTIDE_BOND
    bonded[:-1] &= protein.chain_id[:-1] == protein.chain_id[1:]
    return bonded


def _dssp_atoms(
    protein: Protein, bonded: Bool[np.ndarray, " length"]
) -> Float[np.ndarray, "length 4 3"]:
    """N, CA, C and O of each residue; a missing O where ideal geometry puts it."""
    with np.errstate(over="ignore", invalid="ignore"):  # atoms that are absurdly far away
        ideal = full_backbone(protein.backbone, protein.sequence, ~bonded)
    o = np.where(np.isfinite(protein.coordinates[:, O]), protein.coordinates[:, O], ideal[:, O])
    return np.concatenate([protein.backbone, o[:, None]], axis=1)


def _is_complete(protein: Protein, present: np.ndarray) -> np.ndarray:
    """Which residues have N, CA and C and at least half of their type's side chain."""
    columns = {
        letter: [ATOM37.index(atom) for atom in sidechain]
        for letter, sidechain in SIDECHAIN_ATOMS.items()
    }
    expected = [columns[_RADII_OF.get(letter, letter)] for letter in protein.sequence]
    enough = [present[at, atoms].sum() * 2 >= len(atoms) for at, atoms in enumerate(expected)]
    return np.array(enough) & protein.has_backbone
