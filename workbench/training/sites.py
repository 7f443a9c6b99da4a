"""Sites that a structure or its sequence shows: the labels of the embedded model's residue track.

They are computed, not taken from a database: a label says what was measured, and a design can be
measured the same way.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float, Int

from ..annotate import compute_ss8
from ..atomic_files import make_folder, write_file
from ..constants import ATOM37, CA, SS8_TO_SS3, C, N, O
from ..protein import Protein
from ..tracks import RESIDUE_NONE
from ..vocabulary import RESIDUE_LABELS_FILE
from .families import table_text

DISULFIDE, METAL, TRIAD, BRIDGE = 2.5, 4.6, 4.0, 3.6
"""Å: between sulfurs; between atoms that hold one metal; of a triad's and of a salt bridge's
contacts.
"""
HOLDERS = {"C": ("SG",), "H": ("ND1", "NE2"), "D": ("OD1", "OD2"), "E": ("OE1", "OE2")}
ACIDS = {"D": ("OD1", "OD2"), "E": ("OE1", "OE2")}
BASES = {"K": ("NZ",), "R": ("NH1", "NH2", "NE")}
FEWEST_HOLDERS = 3
UNKNOWN = -1

Residues = Bool[np.ndarray, " length"]


def site_bits(protein: Protein) -> Int[np.ndarray, " length"]:
    """One bit per label of each residue, in the order of ``SITES``; all are ``UNKNOWN`` in a chain
    without side chains.
    """
    if np.isfinite(protein.coordinates[:, O + 1 :]).all(-1).any(-1).mean() < 0.5:
        return np.full(len(protein), UNKNOWN)
    bits = np.zeros(len(protein), np.int64)
    for place, has_site in enumerate(SITES.values()):
        bits |= has_site(protein).astype(np.int64) << place
    return bits


def site_ids(bits: Int[np.ndarray, " length"], wide: int) -> Int[np.ndarray, "length wide"]:
    """Rows of label ids as the model reads them; a residue without any says that it has none."""
    ids = np.zeros((len(bits), wide), np.int64)
    ids[bits == 0, 0] = RESIDUE_NONE
    for residue in np.flatnonzero(bits > 0):
        have = [place for place in range(len(SITES)) if bits[residue] >> place & 1]
        ids[residue, : len(have)] = RESIDUE_NONE + 1 + np.array(have)
    return ids


def save_sites(folder: Path, chains: int) -> None:
    """Write the table where ``ResidueVocabulary.load`` finds it; counts keep the order."""
    rows = [("label", "label_clean", "count")] + [
        (label, label, str(chains + len(SITES) - place)) for place, label in enumerate(SITES)
    ]
    write_file(make_folder(folder / "data") / RESIDUE_LABELS_FILE, table_text(rows, ","))


def _pattern(expression: str) -> Callable[[Protein], Residues]:
    """Residues of every match of a sequence pattern, overlapping ones too."""
    compiled = re.compile(f"(?=({expression}))")

    def where(protein: Protein) -> Residues:
        marked = np.zeros(len(protein), bool)
        for match in compiled.finditer(protein.sequence):
            marked[match.start(1) : match.end(1)] = True
        return marked

    return where


def _disulfide(protein: Protein) -> Residues:
    at, points = _atoms(protein, {"C": ("SG",)})
    apart = _distances(points)
    np.fill_diagonal(apart, np.inf)
    return _marked(protein, at[(apart < DISULFIDE).any(1)]) if len(at) else _marked(protein, at)


def _metal(protein: Protein) -> Residues:
    """Three or more residues whose side chains could hold one metal, a cysteine or two histidines
    among them; no disulfide.
    """
    at, points = _atoms(protein, HOLDERS)
    residues_of_sites: set[int] = set()
    near = _distances(points) < METAL if len(at) else np.zeros((0, 0), bool)
    bonded = _disulfide(protein)
    for atom in range(len(at)):
        together = np.flatnonzero(near[atom])
        clique = [x for x in together if near[x][together].all() and not bonded[at[x]]]
        residues = {int(at[x]) for x in clique}
        letters = [protein.sequence[x] for x in residues]
        if len(residues) >= FEWEST_HOLDERS and ("C" in letters or letters.count("H") > 1):
            residues_of_sites |= residues
    return _marked(protein, sorted(residues_of_sites))


def _triad(protein: Protein) -> Residues:
    """A serine or cysteine at a histidine that an acid or an amide holds from the other side."""
    residues_of_sites: set[int] = set()
    front_at, fronts = _atoms(protein, {"S": ("OG",), "C": ("SG",)})
    free = ~_disulfide(protein)[front_at]
    front_at, fronts = front_at[free], fronts[free]
    acids = _atoms(protein, ACIDS | {"N": ("OD1",)})
    for atom, other in (("NE2", "ND1"), ("ND1", "NE2")):
        near_at, near = _atoms(protein, {"H": (atom,)})
        far_at, far = _atoms(protein, {"H": (other,)})
        for histidine, point in zip(near_at, near, strict=True):
            opposite = far[far_at == histidine]
            front = front_at[_reach(fronts, point[None]) < TRIAD]
            back = acids[0][_reach(acids[1], opposite) < TRIAD]
            if len(front) and len(back) and len(opposite):
                residues_of_sites |= {int(histidine), *front.tolist(), *back.tolist()}
    return _marked(protein, sorted(residues_of_sites))


def _salt_bridge(protein: Protein) -> Residues:
    acid_at, acids = _atoms(protein, ACIDS)
    base_at, bases = _atoms(protein, BASES)
    near = np.linalg.norm(acids[:, None] - bases[None], axis=-1) < BRIDGE
    return _marked(protein, np.r_[acid_at[near.any(1)], base_at[near.any(0)]])


def _cis(protein: Protein) -> Residues:
    """Residues whose bond to the residue before is cis."""
    atoms, marked = protein.coordinates, np.zeros(len(protein), bool)
    omega = _degrees(atoms[:-1, CA], atoms[:-1, C], atoms[1:, N], atoms[1:, CA])
    bonded = np.linalg.norm(atoms[1:, N] - atoms[:-1, C], axis=-1) < 2.0
    marked[1:] = bonded & (np.abs(omega) < 30.0)
    return marked


def _helix_cap(protein: Protein) -> Residues:
    """S, T, D or N right before a helix of at least six residues."""
    ss3 = "".join(SS8_TO_SS3.get(x, "C") for x in compute_ss8(protein))
    marked = np.zeros(len(protein), bool)
    for match in re.finditer("(?<=[^H])H{6,}", ss3):
        before = match.start() - 1
        marked[before] = protein.sequence[before] in "STDN"
    return marked


def _left_handed(protein: Protein) -> Residues:
    """Residues other than glycine whose phi is positive."""
    atoms, marked = protein.coordinates, np.zeros(len(protein), bool)
    phi = _degrees(atoms[:-1, C], atoms[1:, N], atoms[1:, CA], atoms[1:, C])
    bonded = np.linalg.norm(atoms[1:, N] - atoms[:-1, C], axis=-1) < 2.0
    letters = np.array(list(protein.sequence))[1:]
    marked[1:] = bonded & (phi > 30.0) & (phi < 90.0) & (letters != "G")
    return marked


SITES: dict[str, Callable[[Protein], Residues]] = {
    "salt bridge (N-O below 3.6 A)": _salt_bridge,
    "helix cap (S, T, D or N)": _helix_cap,
    "N-glycosylation sequon (N-X-S/T)": _pattern("N[^P][ST]"),
    "left-handed residue (phi above 0)": _left_handed,
    "disulfide (S-S below 2.5 A)": _disulfide,
    "metal-binding pattern (3 side chains)": _metal,
    "cis peptide (omega near 0)": _cis,
    "catalytic-triad geometry (S/C-H-D/E/N)": _triad,
    "cysteine knuckle (C-X-X-C)": _pattern("C..C"),
    "phosphate loop (G-X4-G-K-S/T)": _pattern("G....GK[ST]"),
    "calcium loop (D-X-D/N/S-X-D/N/S/G-X6-E)": _pattern("D.[DNS].[DNSG]......E"),
}
"""Labels, and how their residues are found; the order is that of the model's ids."""


def _atoms(
    protein: Protein, names: Mapping[str, Sequence[str]]
) -> tuple[Int[np.ndarray, " atoms"], Float[np.ndarray, "atoms 3"]]:
    """Residue and place in Å of the named atoms of these residue types that are there."""
    residues, points = [], []
    for residue, letter in enumerate(protein.sequence):
        for name in names.get(letter, ()):
            point = protein.coordinates[residue, ATOM37.index(name)]
            if np.isfinite(point).all():
                residues.append(residue)
                points.append(point)
    return np.array(residues, np.int64), np.array(points, float).reshape(-1, 3)


def _distances(points: Float[np.ndarray, "atoms 3"]) -> Float[np.ndarray, "atoms atoms"]:
    return np.linalg.norm(points[:, None] - points[None], axis=-1)


def _degrees(*corners: Float[np.ndarray, "bonds 3"]) -> Float[np.ndarray, " bonds"]:
    from biotite.structure import dihedral

    with np.errstate(invalid="ignore"):  # atoms on one point have no angle
        return np.degrees(dihedral(*corners))


def _reach(points: np.ndarray, others: np.ndarray) -> Float[np.ndarray, " atoms"]:
    """Distance of each point to the nearest of the others."""
    if not len(others):
        return np.full(len(points), np.inf)
    return np.linalg.norm(points[:, None] - others[None], axis=-1).min(1)


def _marked(protein: Protein, residues: Sequence[int] | np.ndarray) -> Residues:
    marked = np.zeros(len(protein), bool)
    marked[np.asarray(residues, np.int64)] = True
    return marked
