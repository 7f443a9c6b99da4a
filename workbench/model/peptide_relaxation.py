"""Peptide relaxation: rigid residues moved a little until their peptide bonds are real ones.

A network places every residue on its own, so the ends of a bond do not quite meet, and where it is
unsure they gape. Here every bond pulls at both its residues, and residues that overlap push each
other away, all at once and again and again [position-based dynamics, Müller et al. 2007]. What is
within tolerance is left as it is.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from ..constants import BACKBONE_LOCAL
from .frames import Frames, in_full_precision

PEPTIDE = (
    ((2, 0), 1.329, 0.05),
    ((1, 0), 2.425, 0.08),
    ((2, 1), 2.435, 0.08),
    ((1, 1), 3.80, 0.08),
)
"""Atoms (N, CA, C are 0, 1, 2) of a residue and of the next one, their distance in Å, and how far
it may be off.
"""
WIDE = 2.5
"""Å; a bond longer than this is a gap, which no small moves close."""
CIS = 3.3
"""Å; CA atoms of neighbours that are nearer than this are in a cis bond, and may be."""
CLOSEST, CLOSEST_BUT_ONE = 3.7, 4.8
"""Å; CA atoms of residues that are not neighbours are no nearer, those of the next but one a bit
more apart.
"""
ROUNDS = 60
PULL = 0.35
"""Share of an error that one round takes away: each residue is pulled from several sides."""
INERTIA = 2.0
"""Å²: how hard a residue is to turn beside how hard it is to shift."""
FURTHEST = 1.0
"""Å; most that a residue is shifted in one round."""


@in_full_precision
def relaxed(frames: Frames, bonded: Bool[Tensor, "batch bonds"], rounds: int = ROUNDS) -> Frames:
    """The frames after the rounds; ``bonded`` says which residues are bonded to the next.

    Residues without a frame neither move nor push.
    """
    local = torch.tensor(BACKBONE_LOCAL, device=frames.origin.device)
    bonded = bonded & frames.known[:, 1:] & frames.known[:, :-1]
    rotation, origin = frames.rotation, _joined(frames, bonded, local)
    for _ in range(rounds):
        shift, turn = torch.zeros_like(origin), torch.zeros_like(origin)
        arms = torch.einsum("blxc,ac->blax", rotation, local)
        atoms = arms + origin[:, :, None]
        for (first, second), length, tolerance in PEPTIDE:
            gap = atoms[:, 1:, second] - atoms[:, :-1, first]
            distance = gap.norm(dim=-1, keepdim=True).clamp_min(1e-3)
            error = distance - length
            error = torch.where(error.abs() > tolerance, error, 0.0) * bonded[..., None]
            if (first, second) == (1, 1):
                error = torch.where(distance > CIS, error, 0.0)
            pull = PULL * error * gap / distance
            sides = ((slice(None, -1), first, pull), (slice(1, None), second, -pull))
            for side, atom, force in sides:
                arm = arms[:, side, atom]
                swing = torch.linalg.cross(arm, force) / INERTIA
                share = 1 / (2 + arm.square().sum(-1, keepdim=True) / INERTIA)
                shift[:, side] += share * force
                turn[:, side] += share * swing
        shift += _apart(origin, frames.known)
        size = shift.norm(dim=-1, keepdim=True)
        origin = origin + shift * (FURTHEST / size.clamp_min(FURTHEST))
        rotation = turned(rotation, turn)
    return Frames(rotation, origin, frames.known)


def _joined(
    frames: Frames, bonded: Bool[Tensor, "batch bonds"], local: Float[Tensor, "3 3"]
) -> Float[Tensor, "batch length 3"]:
    """Origins with every wide gap closed by moving all that follows it."""
    atoms = frames.place(local.expand(*frames.origin.shape[:2], 3, 3))
    gap = atoms[:, 1:, 0] - atoms[:, :-1, 2]
    distance = gap.norm(dim=-1, keepdim=True).clamp_min(1e-3)
    wide = bonded[..., None] & (distance > WIDE)
    excess = torch.where(wide, gap * (1 - PEPTIDE[0][1] / distance), 0.0)
    return torch.cat([frames.origin[:, :1], frames.origin[:, 1:] - excess.cumsum(1)], dim=1)


def _apart(
    ca: Float[Tensor, "batch length 3"], known: Bool[Tensor, "batch length"]
) -> Float[Tensor, "batch length 3"]:
    """Shifts that take residues out of each other's way."""
    gap = ca[:, :, None] - ca[:, None]
    distance = gap.square().sum(-1).clamp_min(1e-4).sqrt()
    at = torch.arange(ca.shape[1], device=ca.device)
    along = (at[:, None] - at).abs()
    pairs = known[:, :, None] & known[:, None] & (along > 1)
    closest = torch.where(along == 2, CLOSEST_BUT_ONE, CLOSEST)
    overlap = (closest - distance).clamp_min(0.0) * pairs
    return PULL * torch.einsum("bij,bijx->bix", overlap / distance, gap)


def turned(
    rotation: Float[Tensor, "batch length 3 3"], turn: Float[Tensor, "batch length 3"]
) -> Float[Tensor, "batch length 3 3"]:
    """Rotations after a small turn about an axis as long as its angle, in global axes."""
    half = turn / 2
    unit = torch.cat([torch.ones_like(half[..., :1]), half], dim=-1)
    w, axis = (unit / unit.norm(dim=-1, keepdim=True)).split([1, 3], dim=-1)
    columns = rotation.mT
    axis, w = axis[..., None, :].expand_as(columns), w[..., None]
    across = torch.linalg.cross(axis, columns)
    return (columns + 2 * (w * across + torch.linalg.cross(axis, across))).mT
