"""Losses of the structure tokenizer [Hayes et al. 2025, A.1.7.3], over residues with a known
backbone.

Every loss takes backbones (batch, length, 3, 3) of N, CA, C in Å and a mask of residues that
count, and returns one number. None of them changes under a rigid motion of either structure.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.functional import cross_entropy

from ..model.confidence import DIRECTION_BINS, DISTOGRAM_BINS, MAX_PAE, PAE_BINS, PLDDT_BINS
from ..model.frames import Frames, frames_from_backbone
from ..model.sidechains import alternative_torsions, nearest_naming

Backbone = Float[Tensor, "batch length 3 3"]
Mask = Bool[Tensor, "batch length"]
NEAR = 6
"""Residues along the chain that count as near."""


def masked_mean(values: Tensor, mask: Tensor) -> Float[Tensor, ""]:
    """Mean of the values where the mask is set; 0 where it never is."""
    mask = mask.expand_as(values)
    return torch.where(mask, values, 0.0).sum() / mask.sum().clamp_min(1)


def distance_loss(predicted: Backbone, true: Backbone, known: Mask, clamp: float = 25.0) -> Tensor:
    """Squared error of all distances between backbone atoms, clamped."""
    pair = _pairs(known, atoms=3)
    error = (_distances(predicted.flatten(1, 2)) - _distances(true.flatten(1, 2))).square()
    return masked_mean(error.clamp(max=clamp), pair)


def direction_loss(
    predicted: Backbone,
    true: Backbone,
    known: Mask,
    among: Int[Tensor, " chosen"],
    clamp: float = 20.0,
) -> Tensor:
    """Squared error of the dot products between bond directions and normals, clamped.

    ``among`` are the residues whose vectors are compared with each other.
    """
    dots = [_directions(backbone)[:, among].flatten(1, 2) for backbone in (predicted, true)]
    error = (dots[0] @ dots[0].mT - dots[1] @ dots[1].mT).square()
    return masked_mean(error.clamp(max=clamp), _pairs(_has_neighbours(known)[:, among], atoms=6))


def frame_aligned_loss(predicted: Frames, true: Frames, known: Mask, clamp: float = 20.0) -> Tensor:
    """CA positions seen from every residue's frame, clamped [Jumper et al. 2021, Alg. 28]; in 10 Å.

    Not among the paper's losses; it gives far pairs a gradient early, which short training needs.
    """
    error = aligned_error(predicted, true, epsilon=1e-4)
    return masked_mean(error.clamp(max=clamp), _pairs(known)) / 10.0


def frame_losses(
    predicted: Frames, true: Frames, known: Mask, ramp: float = 1.0
) -> dict[str, Tensor]:
    """CA positions seen from every residue's frame, in Å: ``near`` along the chain, and all."""
    error = aligned_error(predicted, true, epsilon=1e-3)
    at = torch.arange(error.shape[1], device=error.device)
    near = (at[:, None] - at).abs() <= NEAR
    return {
        "near": masked_mean(error.clamp(max=10.0), _pairs(known) & near),
        "far": ramp * masked_mean(error.clamp(max=30.0), _pairs(known)),
    }


def aligned_error(
    predicted: Frames, true: Frames, epsilon: float = 0.0
) -> Float[Tensor, "batch length length"]:
    """Distance between CA j as seen from frame i in both structures, in Å."""
    local = [
        torch.einsum("bixc,bijx->bijc", f.rotation, f.origin[:, None] - f.origin[:, :, None])
        for f in (predicted, true)
    ]
    return ((local[0] - local[1]).square().sum(-1) + epsilon).sqrt()


def residue_lddt(predicted: Backbone, true: Backbone, known: Mask) -> Float[Tensor, "batch length"]:
    """CA-lDDT per residue, 0–1, inclusion radius 15 Å [Mariani et al. 2013]."""
    true_distances, predicted_distances = (
        _distances(true[..., 1, :]),
        _distances(predicted[..., 1, :]),
    )
    apart = ~torch.eye(true.shape[1], dtype=torch.bool, device=true.device)
    counted = _pairs(known) & (true_distances < 15.0) & apart
    error = (true_distances - predicted_distances).abs()[..., None]
    preserved = (error < torch.tensor([0.5, 1.0, 2.0, 4.0], device=true.device)).float().mean(-1)
    return (preserved * counted).sum(-1) / counted.sum(-1).clamp_min(1)


def smooth_lddt_loss(predicted: Backbone, true: Backbone, known: Mask) -> Float[Tensor, ""]:
    """1 − CA-lDDT with soft thresholds [Abramson et al. 2024, Alg. 27]."""
    true_distances, predicted_distances = (
        _distances(true[..., 1, :]),
        _distances(predicted[..., 1, :]),
    )
    apart = ~torch.eye(true.shape[1], dtype=torch.bool, device=true.device)
    error = (true_distances - predicted_distances).abs()[..., None]
    preserved = torch.sigmoid(torch.tensor([0.5, 1.0, 2.0, 4.0], device=true.device) - error).mean(
        -1
    )
    return 1 - masked_mean(preserved, _pairs(known) & (true_distances < 15.0) & apart)


def torsion_loss(
    predicted: Float[Tensor, "batch length 7 2"],
    true: Float[Tensor, "batch length 7 2"],
    measured: Bool[Tensor, "batch length 7"],
    kinds: Int[Tensor, "batch length"],
) -> Float[Tensor, ""]:
    """Squared distance on the unit circle, to the nearer of two equally true angles, and a little
    for pairs that are not of unit length.
    """
    length = (predicted.square().sum(-1) + 1e-6).sqrt()
    unit = predicted / length[..., None]
    errors = [(unit - x).square().sum(-1) for x in (true, alternative_torsions(true, kinds))]
    return masked_mean(torch.minimum(*errors), measured) + 0.02 * (length - 1).abs().mean()


def atom_distance_loss(
    predicted: Float[Tensor, "batch length 37 3"],
    true: Float[Tensor, "batch length 37 3"],
    known: Bool[Tensor, "batch length 37"],
    kinds: Int[Tensor, "batch length"],
    clamp: float = 25.0,
) -> Float[Tensor, ""]:
    """Squared error of the distances between all atoms, clamped, symmetric atoms named for the
    best.
    """
    true = nearest_naming(true, predicted.detach(), kinds)
    known = (known & true.isfinite().all(-1)).flatten(1, 2)
    most = int(known.sum(-1).max())
    order = known.int().argsort(dim=-1, descending=True, stable=True)[:, :most]
    some = known.gather(1, order)
    points = [
        x.flatten(1, 2).nan_to_num(0.0).gather(1, order[..., None].expand(-1, -1, 3))
        for x in (predicted, true)
    ]
    error = (_distances(points[0]) - _distances(points[1])).square()
    return masked_mean(error.clamp(max=clamp), _pairs(some))


def window(length: int, size: int) -> Int[Tensor, " chosen"]:
    """``size`` positions in a row, at a random place."""
    start = int(torch.randint(max(1, length - size + 1), ()))
    return torch.arange(start, min(length, start + size))


def plddt_loss(logits: Float[Tensor, "batch length bins"], lddt: Tensor, known: Mask) -> Tensor:
    """Cross-entropy of the pLDDT bins against the lDDT reached."""
    target = (lddt * PLDDT_BINS).long().clamp(max=PLDDT_BINS - 1)
    return masked_mean(cross_entropy(logits.transpose(1, 2), target, reduction="none"), known)


def distogram_loss(
    logits: Float[Tensor, "batch length length bins"], true: Backbone, known: Mask
) -> Float[Tensor, ""]:
    """Cross-entropy of the bins of CB distances."""
    edges = torch.linspace(2.3125, 21.6875, DISTOGRAM_BINS - 1, device=logits.device)
    bins = torch.bucketize(_distances(virtual_cb(true)), edges)
    return masked_mean(_pair_entropy(logits, bins), _pairs(known))


def pae_loss(
    logits: Float[Tensor, "batch length length bins"], predicted: Frames, true: Frames, known: Mask
) -> Float[Tensor, ""]:
    """Cross-entropy of the bins of the aligned errors that were made."""
    edges = torch.linspace(0, MAX_PAE, PAE_BINS - 1, device=logits.device)
    bins = torch.bucketize(aligned_error(predicted, true).detach(), edges)
    return masked_mean(_pair_entropy(logits, bins), _pairs(known))


def pair_losses(
    logits: Float[Tensor, "batch length length bins"],
    predicted: Frames,
    true_backbone: Backbone,
    known: Mask,
) -> dict[str, Tensor]:
    """Cross-entropies of distogram, relative directions and PAE."""
    pair = _pairs(known)
    distogram, direction, pae = logits.split([DISTOGRAM_BINS, DIRECTION_BINS, PAE_BINS], dim=-1)
    axes = _unit_axes(true_backbone)
    dots = torch.einsum("bikx,bjlx->bijkl", axes, axes)
    first, second = torch.triu_indices(3, 3)
    bins = ((dots[..., first, second] + 1) * 8).long().clamp(0, 15)
    return {
        "distogram": distogram_loss(distogram, true_backbone, known),
        "pae": pae_loss(pae, predicted, frames_from_backbone(true_backbone), known),
        "direction_bins": masked_mean(
            _pair_entropy(direction.unflatten(-1, (6, 16)), bins).mean(-1), pair
        ),
    }


def virtual_cb(backbone: Backbone) -> Float[Tensor, "batch length 3"]:
    """CB where ideal geometry puts it, so that glycine has one too."""
    n, ca, c = backbone.unbind(-2)
    b, d = ca - n, c - ca
    return -0.58273431 * torch.linalg.cross(b, d) + 0.56802827 * b - 0.54067466 * d + ca


def _pair_entropy(logits: Tensor, target: Int[Tensor, "..."]) -> Tensor:
    return -logits.log_softmax(-1).gather(-1, target[..., None])[..., 0]


def _distances(points: Float[Tensor, "batch points 3"]) -> Float[Tensor, "batch points points"]:
    squared = (points[:, :, None] - points[:, None]).square().sum(-1)
    return squared.clamp_min(1e-6).sqrt()


def _pairs(known: Mask, atoms: int = 1) -> Bool[Tensor, "batch points points"]:
    each = known.repeat_interleave(atoms, dim=1)
    return each[:, :, None] & each[:, None]


def _has_neighbours(known: Mask) -> Mask:
    none = torch.zeros_like(known[:, :1])
    after = torch.cat([known[:, 1:], none], dim=1)
    return known & after & torch.cat([none, known[:, :-1]], dim=1)


def _directions(backbone: Backbone) -> Float[Tensor, "batch length 6 3"]:
    """N→CA, CA→C, C→next N, and the normals of each consecutive pair of them; in Å and Å²-free
    units.
    """
    n, ca, c = backbone.unbind(-2)
    following = torch.cat([n[:, 1:], c[:, -1:]], dim=1)
    previous = torch.cat([n[:, :1], c[:, :-1]], dim=1)
    bonds = [ca - n, c - ca, following - c]
    before = n - previous
    normals = [
        torch.linalg.cross(before, bonds[0]),
        torch.linalg.cross(bonds[0], bonds[1]),
        torch.linalg.cross(bonds[1], bonds[2]),
    ]
    return torch.stack([*bonds, *normals], dim=2)


def _unit_axes(backbone: Backbone) -> Float[Tensor, "batch length 3 3"]:
    n, ca, c = backbone.unbind(-2)
    axes = [c - ca, n - ca, torch.linalg.cross(c - ca, n - ca)]
    return torch.stack([axis / (axis.norm(dim=-1, keepdim=True) + 1e-6) for axis in axes], dim=2)
