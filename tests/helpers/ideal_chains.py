"""Chains of ideal geometry, so that tests need no file to have a real backbone."""

import numpy as np

from workbench.constants import CA, C, N
from workbench.geometry import full_backbone

HELIX = (-57.0, -47.0)
STRAND = (-120.0, 130.0)

_BONDS = {"N": 1.329, "CA": 1.458, "C": 1.525}
_ANGLES = {"N": 116.6, "CA": 121.7, "C": 111.0}


def ideal_chain(sequence: str, torsions: tuple[float, float] = HELIX) -> np.ndarray:
    """N, CA, C, O and CB in atom37 of a chain with the same phi and psi everywhere."""
    phi, psi = torsions
    atoms = [np.array([-1.458, 0.0, 0.0]), np.zeros(3), np.array([0.55, 1.42, 0.0])]
    for _ in sequence[1:]:
        for name, dihedral in (("N", psi), ("CA", 180.0), ("C", phi)):
            atoms.append(_next_atom(atoms[-3:], _BONDS[name], _ANGLES[name], dihedral))
    backbone = np.array(atoms, dtype=np.float32).reshape(-1, 3, 3)
    ends = np.arange(len(sequence)) == len(sequence) - 1
    return full_backbone(backbone, sequence, ends)


def _next_atom(before: list, bond: float, angle: float, dihedral: float) -> np.ndarray:
    a, b, c = before
    angle, dihedral = np.deg2rad(180 - angle), np.deg2rad(dihedral)
    along = (c - b) / np.linalg.norm(c - b)
    normal = np.cross(b - a, along)
    normal /= np.linalg.norm(normal)
    across = np.cross(normal, along)
    sideways = np.cos(dihedral) * across + np.sin(dihedral) * normal
    return c + bond * (np.cos(angle) * along + np.sin(angle) * sideways)


def wound_helix(length: int) -> np.ndarray:
    """N, CA, C and O of a helix wound along z, by cylinder coordinates; atom37."""
    turn = np.deg2rad(100.0)
    coordinates = np.full((length, 37, 3), np.nan, np.float32)
    places = {
        0: (1.55, -0.48, -0.89),
        1: (2.28, 0.0, 0.0),
        2: (1.66, 0.46, 1.12),
        4: (2.1, 0.6, 2.2),
    }
    for atom, (radius, shift, rise) in places.items():
        angle = turn * np.arange(length) + shift
        along = 1.5 * np.arange(length) + rise
        coordinates[:, atom] = np.stack([radius * np.cos(angle), radius * np.sin(angle), along], 1)
    return coordinates


def strand(length: int) -> np.ndarray:
    """Coordinates of an extended chain along x: a backbone on every residue, nothing else."""
    coordinates = np.full((length, 37, 3), np.nan, np.float32)
    along = 3.8 * np.arange(length, dtype=np.float32)
    for atom, (x, y) in {N: (-1.2, 0.8), CA: (0.0, 0.0), C: (1.2, 0.9)}.items():
        coordinates[:, atom] = np.stack([along + x, np.full_like(along, y), 0 * along], axis=-1)
    return coordinates
