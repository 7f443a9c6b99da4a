"""Residue frames: the rigid body that N, CA and C span in each residue.

Distances are in Å. The columns of a rotation are the local axes, written in global coordinates. A
residue that lacks a backbone atom has no frame; ``known`` says which do. Source: Hayes et al.
2025, A.1.6.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar, cast

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from ..constants import BACKBONE_LOCAL, MAX_COORDINATE

_Arithmetic = TypeVar("_Arithmetic", bound=Callable)


def in_full_precision(function: _Arithmetic) -> _Arithmetic:
    """Arithmetic on frames, kept in float32 where autocast would narrow its products."""

    @wraps(function)
    def computed(*args, **kwargs):
        with torch.autocast("cpu", enabled=False), torch.autocast("cuda", enabled=False):
            return function(*args, **kwargs)

    return cast(_Arithmetic, computed)


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """One rigid transform per residue, taking local to global coordinates."""

    rotation: Float[Tensor, "*batch length 3 3"]
    origin: Float[Tensor, "*batch length 3"]
    known: Bool[Tensor, "*batch length"]

    def rotate(
        self, vectors: Float[Tensor, "*batch length vectors 3"]
    ) -> Float[Tensor, "*batch length vectors 3"]:
        """Local directions in global axes."""
        return vectors @ self.rotation.transpose(-1, -2)

    def place(
        self, points: Float[Tensor, "*batch length points 3"]
    ) -> Float[Tensor, "*batch length points 3"]:
        """Local points in global coordinates."""
        return self.rotate(points) + self.origin[..., None, :]

    def backbone(self) -> Float[Tensor, "*batch length 3 3"]:
        """N, CA and C of every residue in Å, with ideal bonds and angles."""
        ideal = torch.tensor(BACKBONE_LOCAL, device=self.origin.device)
        return self.place(ideal.expand(*self.origin.shape[:-1], 3, 3))


def gram_schmidt(
    x_axis: Float[Tensor, "*batch 3"], in_plane: Float[Tensor, "*batch 3"]
) -> Float[Tensor, "*batch 3 3"]:
    """Rotation whose first column is along ``x_axis`` and whose second is in the plane of both."""
    x = x_axis / (x_axis.square().sum(-1, keepdim=True) + 1e-10).sqrt()
    y = in_plane - x * (x * in_plane).sum(-1, keepdim=True)
    y = y / (y.square().sum(-1, keepdim=True) + 1e-10).sqrt()
    return torch.stack([x, y, torch.linalg.cross(x, y)], dim=-1)


def composed(steps: Frames) -> Frames:
    """Frames of a chain whose residues are each given in the frame of the residue before.

    The first is given in the global frame. All prefixes are multiplied in log2(length) rounds, so
    that gradients stay short.
    """
    rotation, origin = steps.rotation, steps.origin
    reach = 1
    while reach < rotation.shape[-3]:
        before, turn = rotation[..., :-reach, :, :], rotation[..., reach:, :, :]
        moved = (before @ origin[..., reach:, :, None])[..., 0] + origin[..., :-reach, :]
        rotation = torch.cat([rotation[..., :reach, :, :], before @ turn], dim=-3)
        origin = torch.cat([origin[..., :reach, :], moved], dim=-2)
        reach *= 2
    return Frames(rotation, origin, steps.known)


def frames_from_backbone(backbone: Float[Tensor, "batch length 3 3"]) -> Frames:
    """Frames of residues given N, CA and C; always float32.

    Residues without all three atoms take the frame of the mean N, CA and C of their protein, and
    the identity at the origin where the protein has none at all.
    """
    backbone = backbone.float()
    known = (backbone.abs() < MAX_COORDINATE).all(-1).all(-1)
    backbone = torch.where(known[..., None, None], backbone, 0.0)
    count = known.sum(-1)[:, None, None]
    mean = backbone.sum(1) / (count + 1e-8)
    n, ca, c = torch.where(known[..., None, None], backbone, mean[:, None]).unbind(-2)
    rotation = gram_schmidt(ca - c, n - ca)
    identity = torch.eye(3, device=rotation.device)
    rotation = torch.where((count > 0)[..., None], rotation, identity)
    return Frames(rotation, ca, known)
