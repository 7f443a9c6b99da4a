"""Side chains: torsions to heavy atoms and back [Hayes et al. 2025, Algorithm 8].

Torsions are seven (sin, cos) pairs in the order of ``TORSIONS``: omega, phi, psi, chi1–chi4. Omega
and phi come from the residue before and turn no heavy atom of their own residue. Residue types are
those of ``rigid_groups.sequence_index``. Coordinates are in Å. Everything is differentiable and
takes any number of batch axes; OXT is never built.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from ..constants import AMINO_ACIDS, ATOM37, BACKBONE_LOCAL, CA, C, N
from ..rigid_groups import (
    BODIES,
    BODY_TORSIONS,
    atom_bodies,
    atom_columns,
    atom_positions,
    chi_atoms,
    ideal_positions,
    pi_periodic,
    swapped_columns,
    torsion_columns,
)
from .frames import Frames, gram_schmidt

LONGEST_PEPTIDE_BOND = 2.0
"""Residues whose C and N are further apart than this, in Å, are no neighbours in a chain."""

SHORTEST_PAIR = 1e-6
"""A (sin, cos) pair shorter than this has no direction."""


@dataclass(frozen=True, slots=True, eq=False)
class _Tables:
    """The rigid groups of every residue type as tensors on one device."""

    joint_rotation: Float[Tensor, "types 6 3 3"]
    joint_origin: Float[Tensor, "types 6 3"]
    atom_body: Int[Tensor, "types 14"]
    atom_position: Float[Tensor, "types 14 3"]
    atom_in_37: Int[Tensor, "types 37"]
    present: Bool[Tensor, "types 37"]
    torsion_columns: Int[Tensor, "types 5 4"]
    pi_periodic: Bool[Tensor, "types 7"]
    swapped: Int[Tensor, "types 37"]


def atoms_from_torsions(
    frames: Frames,
    sin_cos: Float[Tensor, "*batch length 7 2"],
    kinds: Int[Tensor, "*batch length"],
) -> tuple[Float[Tensor, "*batch length 37 3"], Bool[Tensor, "*batch length 37"]]:
    """Every heavy atom in atom37, and which there are; the others are at zero.

    Pairs need not be normalised. Residues without a known frame have no atoms.
    """
    tables = _tables(kinds.device)
    rotations, origins = _bodies(frames, sin_cos, kinds, tables)
    body = tables.atom_body[kinds]
    rotation = rotations.gather(-3, body[..., None, None].expand(*body.shape, 3, 3))
    origin = origins.gather(-2, body[..., None].expand(*body.shape, 3))
    local = tables.atom_position[kinds].to(rotation.dtype)
    atom14 = (rotation @ local[..., None]).squeeze(-1) + origin
    present = tables.present[kinds] & frames.known[..., None]
    at = tables.atom_in_37[kinds]
    atom37 = atom14.gather(-2, at[..., None].expand(*at.shape, 3))
    return torch.where(present[..., None], atom37, 0.0), present


def torsions_from_atoms(
    atoms: Float[Tensor, "*batch length 37 3"], kinds: Int[Tensor, "*batch length"]
) -> tuple[Float[Tensor, "*batch length 7 2"], Bool[Tensor, "*batch length 7"]]:
    """Unit (sin, cos) pairs, and which are known; the others are at angle zero.

    Absent atoms are NaN. Residues follow each other on the length axis; omega and phi are unknown
    where the residue before is missing or not bonded.
    """
    present = atoms.isfinite().all(-1)
    atoms = torch.where(present[..., None], atoms, 0.0)
    columns = _tables(kinds.device).torsion_columns[kinds]
    flat = columns.clamp(min=0).flatten(-2)
    corners = atoms.gather(-2, flat[..., None].expand(*flat.shape, 3)).unflatten(-2, (5, 4))
    known = (present.gather(-1, flat).unflatten(-1, (5, 4)) & (columns >= 0)).all(-1)
    own, own_directed = _dihedral(corners)
    opposite = own.new_tensor([-1.0, 1.0, 1.0, 1.0, 1.0])  # psi was measured to O
    own = own * opposite[:, None]
    before, bonded = _backbone_torsions(atoms, present)
    sin_cos = torch.cat([before, own], dim=-2)
    known = torch.cat([bonded, known & own_directed], dim=-1)
    return torch.where(known[..., None], sin_cos, sin_cos.new_tensor([0.0, 1.0])), known


def alternative_torsions(
    sin_cos: Float[Tensor, "*batch length 7 2"], kinds: Int[Tensor, "*batch length"]
) -> Float[Tensor, "*batch length 7 2"]:
    """The same with half a turn at the chis of symmetric groups, which is as true."""
    periodic = _tables(kinds.device).pi_periodic[kinds]
    return torch.where(periodic[..., None], -sin_cos, sin_cos)


def nearest_naming(
    atoms: Float[Tensor, "*batch length 37 3"],
    reference: Float[Tensor, "*batch length 37 3"],
    kinds: Int[Tensor, "*batch length"],
) -> Float[Tensor, "*batch length 37 3"]:
    """``atoms`` with symmetric atoms renamed wherever that brings the residue nearer.

    Atoms absent (NaN) in either structure do not count.
    """
    columns = _tables(kinds.device).swapped[kinds]
    swapped = atoms.gather(-2, columns[..., None].expand(*columns.shape, 3))
    as_named, renamed = ((x - reference).square().sum(-1) for x in (atoms, swapped))
    nearer = renamed.nan_to_num(0.0).sum(-1) < as_named.nan_to_num(0.0).sum(-1)
    return torch.where(nearer[..., None, None], swapped, atoms)


def _bodies(
    frames: Frames, sin_cos: Tensor, kinds: Tensor, tables: _Tables
) -> tuple[Float[Tensor, "*batch length 6 3 3"], Float[Tensor, "*batch length 6 3"]]:
    """Rotation and origin of each rigid body: psi and chi1 sit on the backbone, each later chi on
    the chi before.
    """
    dtype = frames.rotation.dtype
    turns = _turns(sin_cos.to(dtype)[..., BODY_TORSIONS, :])
    joints = tables.joint_rotation[kinds].to(dtype)
    offsets = tables.joint_origin[kinds].to(dtype)
    rotations, origins = [frames.rotation], [frames.origin]
    for body in range(1, len(BODIES)):
        parent = _parent(body)
        step = rotations[parent] @ offsets[..., body, :, None]
        origins.append(origins[parent] + step.squeeze(-1))
        rotations.append(rotations[parent] @ joints[..., body, :, :] @ turns[..., body - 1, :, :])
    return torch.stack(rotations, dim=-3), torch.stack(origins, dim=-2)


def _turns(sin_cos: Float[Tensor, "*any 2"]) -> Float[Tensor, "*any 3 3"]:
    """Rotations about x by these angles."""
    sin, cos = _unit(sin_cos)[0].unbind(-1)
    zero, one = torch.zeros_like(sin), torch.ones_like(sin)
    rows = [one, zero, zero, zero, cos, -sin, zero, sin, cos]
    return torch.stack(rows, dim=-1).unflatten(-1, (3, 3))


def _backbone_torsions(
    atoms: Tensor, present: Tensor
) -> tuple[Float[Tensor, "*batch length 2 2"], Bool[Tensor, "*batch length 2"]]:
    """Omega and phi."""
    n, ca, c = atoms[..., N, :], atoms[..., CA, :], atoms[..., C, :]
    ca_before, c_before = ca.roll(1, dims=-2), c.roll(1, dims=-2)
    omega = torch.stack([ca_before, c_before, n, ca], dim=-2)
    phi = torch.stack([c_before, n, ca, c], dim=-2)
    sin_cos, directed = _dihedral(torch.stack([omega, phi], dim=-3))
    bonded = present[..., C].roll(1, dims=-1) & present[..., N] & present[..., CA]
    bonded = bonded & ((n - c_before).square().sum(-1) < LONGEST_PEPTIDE_BOND**2)
    bonded = bonded & (torch.arange(n.shape[-2], device=n.device) > 0)
    complete = torch.stack([present[..., CA].roll(1, dims=-1), present[..., C]], dim=-1)
    return sin_cos, bonded[..., None] & complete & directed


def _dihedral(
    corners: Float[Tensor, "*any 4 3"],
) -> tuple[Float[Tensor, "*any 2"], Bool[Tensor, "*any"]]:
    """Unit (sin, cos) of the torsion over four atoms [IUPAC sign], and whether it has one."""
    first, axis, last = corners.diff(dim=-2).unbind(-2)
    left, right = torch.linalg.cross(first, axis), torch.linalg.cross(axis, last)
    square = axis.square().sum(-1)
    axis_length = square.clamp(min=SHORTEST_PAIR**2).sqrt()
    sin = (first * right).sum(-1) * axis_length
    cos = (left * right).sum(-1)
    return _unit(torch.stack([sin, cos], dim=-1))


def _unit(pair: Float[Tensor, "*any 2"]) -> tuple[Float[Tensor, "*any 2"], Bool[Tensor, "*any"]]:
    """The pair at length one, and whether it was long enough to have a direction."""
    square = pair.square().sum(-1)
    directed = square > SHORTEST_PAIR**2
    return pair / square.clamp(min=SHORTEST_PAIR**2).sqrt()[..., None], directed


def _parent(body: int) -> int:
    return 0 if BODIES[body] in ("psi", "chi1") else body - 1


@cache
@torch.inference_mode(False)  # what inference caches must still serve training
def _tables(device: torch.device) -> _Tables:
    rotation, origin = _joints()
    columns = atom_columns()
    at = np.zeros((len(columns), len(ATOM37)), np.int64)
    present = np.zeros(at.shape, bool)
    kind, place = np.nonzero(columns >= 0)
    at[kind, columns[kind, place]] = place
    present[kind, columns[kind, place]] = True
    arrays = (
        atom_bodies(), atom_positions(), at, present,
        torsion_columns(), pi_periodic(), swapped_columns(),
    )  # fmt: skip
    tensors = (torch.from_numpy(array).to(device) for array in arrays)
    return _Tables(rotation.to(device), origin.to(device), *tensors)


def _joints() -> tuple[Float[Tensor, "types 6 3 3"], Float[Tensor, "types 6 3"]]:
    """Frame of each body at torsion zero in its parent's frame; the identity where there is none.

    From the second chi on, the axis starts at the parent's origin and the torsion's first atom lies
    behind it on x.
    """
    n, ca, c = torch.tensor(BACKBONE_LOCAL, dtype=torch.double)
    kinds = len(AMINO_ACIDS) + 1
    rotation = torch.eye(3, dtype=torch.double).repeat(kinds, len(BODIES), 1, 1)
    origin = torch.zeros(kinds, len(BODIES), 3, dtype=torch.double)
    psi = BODIES.index("psi")
    rotation[:, psi], origin[:, psi] = gram_schmidt(c - ca, n - ca), c
    for kind, letter in enumerate(AMINO_ACIDS):
        ideal = ideal_positions()[letter]
        for body, (first, _, far, _) in enumerate(chi_atoms(letter), BODIES.index("chi1")):
            end = torch.tensor(ideal[far], dtype=torch.double)
            behind = n if first == "N" else torch.tensor([-1.0, 0.0, 0.0], dtype=torch.double)
            rotation[kind, body], origin[kind, body] = gram_schmidt(end, behind), end
    return rotation, origin
