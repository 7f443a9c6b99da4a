"""Write ``workbench/rigid_groups.json``: where each atom lies in the frame of its rigid body.

Each position is the median over the residues of well-resolved experimental structures (PDB entries,
CC0), taken in the frame that the residue's own torsion atoms span, so that torsions do not blur
it. Atoms that a symmetric group does not tell apart are pooled, which makes half a turn an exact
exchange of their names.

    python tools/build_rigid_groups.py ../shared/data/train_allatom_00.npz
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from workbench.atomic_files import write_file
from workbench.constants import AMINO_ACIDS, ATOM37
from workbench.model.frames import gram_schmidt
from workbench.rigid_groups import (
    BODIES,
    PI_PERIODIC,
    SYMMETRIC_ATOMS,
    TABLE,
    atom14,
    body_of,
    chi_atoms,
)
from workbench.training.data import read_shard

Atoms = dict[str, np.ndarray]


def body_positions(atoms: Atoms, letter: str, body: int, names: list[str]) -> np.ndarray:
    """Positions (residues, names, 3) in the frame of this body; NaN where an atom is absent."""
    if BODIES[body] == "backbone":
        origin, x, in_plane = atoms["CA"], atoms["CA"] - atoms["C"], atoms["N"] - atoms["CA"]
    elif BODIES[body] == "psi":
        origin, x, in_plane = atoms["C"], atoms["C"] - atoms["CA"], atoms["C"] - atoms["O"]
    else:
        _, near, far, turned = chi_atoms(letter)[body - BODIES.index("chi1")]
        origin, x, in_plane = atoms[far], atoms[far] - atoms[near], atoms[turned] - atoms[far]
    rotation = gram_schmidt(torch.from_numpy(x), torch.from_numpy(in_plane)).numpy()
    offsets = np.stack([atoms[name] - origin for name in names], axis=1)
    return offsets @ rotation


def pooled(positions: Atoms, letter: str) -> Atoms:
    """The same with both atoms of each symmetric pair, and those on the axis, made exact."""
    pairs = SYMMETRIC_ATOMS[letter]
    out = positions | {a: positions[a] * [1, 0, 0] for a in ("CZ", "OH") if a in positions}
    for atom, other in pairs:
        mean = (positions[atom] + positions[other] * [1, -1, 1]) / 2 * [1, 1, 0]
        out |= {atom: mean, other: mean * [1, -1, 1]}
    return out


def with_arginine_named(atoms: Atoms) -> Atoms:
    """NH1 is the one that is cis to CD, whatever the file says."""
    near, far = (np.linalg.norm(atoms[a] - atoms["CD"], axis=-1) for a in ("NH1", "NH2"))
    swap = (near > far)[:, None]
    one, other = atoms["NH1"], atoms["NH2"]
    return atoms | {"NH1": np.where(swap, other, one), "NH2": np.where(swap, one, other)}


def residue_positions(letter: str, coordinates: np.ndarray) -> Atoms:
    """Median positions of the atoms beyond N, CA and C of this residue type."""
    atoms = {a: coordinates[:, ATOM37.index(a)] for a in atom14(letter)}
    if letter == "R":
        atoms = with_arginine_named(atoms)
    positions: Atoms = {}
    for body in range(len(BODIES)):
        names = [a for a in atom14(letter)[3:] if body_of(letter, a) == body]
        if names:
            found = body_positions(atoms, letter, body, names)
            positions |= dict(zip(names, np.nanmedian(found, axis=0), strict=True))
    return pooled(positions, letter) if letter in PI_PERIODIC else positions


def main() -> None:
    """Read the shards, take medians, write the table."""
    command = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    command.add_argument("shards", type=Path, nargs="+")
    command.add_argument("--resolution", type=float, default=2.0, help="worst accepted, in Å")
    options = command.parse_args()
    residues: dict[str, list[np.ndarray]] = {letter: [] for letter in AMINO_ACIDS}
    for shard in options.shards:
        with np.load(shard, allow_pickle=False) as arrays:
            sharp = arrays["resolution"] <= options.resolution
        for chain, good in zip(read_shard(shard), sharp, strict=True):
            protein = chain.protein
            letters = np.array(list(protein.sequence))
            for letter in set(protein.sequence) & residues.keys() if good else ():
                residues[letter].append(protein.coordinates[letters == letter].astype(float))
    table = {}
    for letter, groups in residues.items():
        coordinates = np.concatenate(groups)
        positions = residue_positions(letter, coordinates)
        table[letter] = {atom: (positions[atom].round(3) + 0.0).tolist() for atom in positions}
        print(letter, len(coordinates), "residues")
    write_file(TABLE, readable(table))


def readable(table: dict[str, dict[str, list[float]]]) -> str:
    """JSON with one atom to a line."""
    blocks = []
    for letter, atoms in table.items():
        lines = [f'    "{atom}": {json.dumps(xyz)}' for atom, xyz in atoms.items()]
        blocks.append(f'  "{letter}": {{\n' + ",\n".join(lines) + "\n  }")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


if __name__ == "__main__":
    main()
