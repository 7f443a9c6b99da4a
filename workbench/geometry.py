"""Backbone geometry in numpy: ideal O and CB, superposition. In Å, NaN where unknown."""

from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from .constants import ATOM37, CA, CB, C, N, O

C_O_LENGTH = 1.231
"""Carbonyl bond length [Engh & Huber 2001]."""


def natural_gyration(length: Any) -> Any:
    """Radius of gyration, in Å, of folded chains of these lengths [Skolnick et al. 1997]."""
    return 2.2 * length**0.38


def full_backbone(
    backbone: Float[np.ndarray, "length 3 3"],
    sequence: str,
    chain_end: Bool[np.ndarray, " length"],
) -> Float[np.ndarray, "length 37 3"]:
    """atom37 coordinates with N, CA, C as given and O and CB where ideal geometry puts them.

    Glycine and unknown residues get no CB. ``chain_end`` marks residues that have no next residue.
    """
    n, ca, c = backbone[:, 0], backbone[:, 1], backbone[:, 2]
    out = np.full((len(backbone), len(ATOM37), 3), np.nan, np.float32)
    out[:, N], out[:, CA], out[:, C] = n, ca, c
    following = np.concatenate([n[1:], n[-1:]])
    following = np.where(chain_end[:, None], n, following)
    out[:, O] = c + C_O_LENGTH * _unit(_unit(c - ca) + _unit(c - following))
    b, d = ca - n, c - ca
    cb = -0.58273431 * np.cross(b, d) + 0.56802827 * b - 0.54067466 * d + ca
    side_chain = np.array([letter not in "G_X" for letter in sequence])
    out[side_chain, CB] = cb[side_chain]
    return out


def superpose(
    mobile: Float[np.ndarray, "length atoms 3"],
    target: Float[np.ndarray, "length atoms 3"],
    atom: int = CA,
) -> Float[np.ndarray, "length atoms 3"]:
    """``mobile`` moved as a rigid body so that its ``atom`` lies best on the target's.

    Only residues known in both count; with fewer than three of them ``mobile`` is returned unmoved.
    """
    both = np.isfinite(mobile[:, atom]).all(-1) & np.isfinite(target[:, atom]).all(-1)
    if both.sum() < 3:
        return mobile
    moving, fixed = mobile[both, atom].astype(float), target[both, atom].astype(float)
    rotation, shift = rigid_fits(moving, fixed)
    return (mobile @ rotation[0] + shift[0]).astype(np.float32)


def superpose_points(
    mobile: Float[np.ndarray, "points 3"], target: Float[np.ndarray, "points 3"]
) -> Float[np.ndarray, "points 3"]:
    """``mobile`` moved as a rigid body so that it lies best on ``target``, point on point."""
    rotation, shift = rigid_fits(mobile, target)
    return mobile @ rotation[0] + shift[0]


def rigid_fits(
    mobile: Float[np.ndarray, "points 3"],
    target: Float[np.ndarray, "points 3"],
    chosen: Bool[np.ndarray, "fits points"] | None = None,
) -> tuple[Float[np.ndarray, "fits 3 3"], Float[np.ndarray, "fits 3"]]:
    """Rotations and shifts such that ``mobile @ rotation + shift`` lies best on ``target`` in the
    points chosen (None: one fit, all points) [Kabsch 1976]. Mirror images are never taken.
    """
    chosen = np.ones((1, len(mobile)), bool) if chosen is None else chosen
    weight = chosen / chosen.sum(axis=1, keepdims=True)
    mobile_centre, target_centre = weight @ mobile, weight @ target
    products = (mobile[:, :, None] * target[:, None]).reshape(-1, 9)
    covariance = (weight @ products).reshape(-1, 3, 3)
    covariance -= mobile_centre[:, :, None] * target_centre[:, None, :]
    left, _, right = np.linalg.svd(covariance)
    left[:, :, 2] *= np.sign(np.linalg.det(left @ right))[:, None]
    rotation = left @ right
    return rotation, target_centre - (mobile_centre[:, None] @ rotation)[:, 0]


def _unit(vectors: Float[np.ndarray, "length 3"]) -> Float[np.ndarray, "length 3"]:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.maximum(length, 1e-6)
