"""Pair views: how every two residues are expected to lie to each other, and what follows from it.

A view holds the chance of every distance of two CB atoms and the mean direction from each to the
other. A structure is judged by it: where the view is sure and the structure agrees, both are right.
"""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from .confidence import tm_scale
from .frames import Frames, in_full_precision
from .pair_track import ideal_cb

BINS = 32
FIRST_EDGE, LAST_EDGE = 3.25, 22.0
"""Å: the first bin ends at the one, the last begins at the other."""
BIN_WIDTH = (LAST_EDGE - FIRST_EDGE) / (BINS - 2)
LEAST_APART = 3
"""Residues fewer apart along the chain are left to the steps of their tokens."""
FAR = 40.0
"""Bins that the last one, which is open, stands for."""
SHARP = 0.5
"""Å: how far a chain that is believed is off on average."""
CONTACT = 12.0
"""Å between CB atoms within which two residues count as brought together."""
INCLUDED = 15.0
"""Å: the radius of lDDT."""
LDDT_STEPS = (0.5, 1.0, 2.0, 4.0)
MODESTY = 0.63
"""Power to which the TM-score that a view expects is taken: it expects too little. Fitted
on folds of 40 chains whose families nothing was trained on.
"""


@dataclass(frozen=True, slots=True, eq=False)
class PairView:
    """Log chances of the bins of CB distances, and the mean direction to CB j in the frame of i.

    A mean direction is as long as the view is sure of it, at most 1.
    """

    chances: Float[Tensor, "batch length length bins"]
    directions: Float[Tensor, "batch length length 3"]

    def even(self) -> "PairView":
        """The same chances for i and j as for j and i."""
        both = torch.logaddexp(self.chances, self.chances.transpose(1, 2)) - math.log(2)
        return PairView(both, self.directions)

    def energies(self) -> Float[Tensor, "batch length length bins"]:
        """Minus the log density at the middle of every bin."""
        last = torch.zeros(BINS, device=self.chances.device)
        last[-1] = math.log(FAR)
        return last - self.chances

    def believing(self, chain: Frames, share: Float[Tensor, "batch #length #length"]) -> "PairView":
        """The same mixed with a share, below 1, of the view that residues lie as in ``chain``."""
        distance, direction = cb_pairs(chain)
        middles = bin_middles(distance.device)
        off = (distance.clamp(max=float(middles[-1]))[..., None] - middles) / SHARP
        log_share = (-off.abs()).log_softmax(-1)
        share = share[..., None]
        mixed = torch.logaddexp(self.chances + (1 - share).log(), log_share + share.log())
        return PairView(mixed, torch.lerp(self.directions, direction, share))


def bin_middles(device: torch.device | str = "cpu") -> Float[Tensor, " bins"]:
    """Distances in Å that the bins stand for."""
    return FIRST_EDGE + (torch.arange(BINS, device=device) - 0.5) * BIN_WIDTH


def distance_bins(distance: Float[Tensor, "*any"]) -> Int[Tensor, "*any"]:
    """Which bin each distance is in."""
    edges = torch.linspace(FIRST_EDGE, LAST_EDGE, BINS - 1, device=distance.device)
    return torch.bucketize(distance, edges)


@in_full_precision
def cb_pairs(
    frames: Frames,
) -> tuple[Float[Tensor, "batch length length"], Float[Tensor, "batch length length 3"]]:
    """Distances of CB atoms in Å, and the direction to CB j in the frame of i."""
    cb = frames.place(ideal_cb(frames.origin).expand(*frames.origin.shape[:2], 1, 3))[..., 0, :]
    apart = cb[:, None] - cb[:, :, None]
    distance = (apart.square().sum(-1) + 1e-6).sqrt()
    return distance, (apart / distance[..., None]) @ frames.rotation


def fitting_pairs(residues: Bool[Tensor, "batch length"]) -> Bool[Tensor, "batch length length"]:
    """Pairs of residues that a view speaks of."""
    at = torch.arange(residues.shape[1], device=residues.device)
    return residues[:, :, None] & residues[:, None] & ((at[:, None] - at).abs() >= LEAST_APART)


@in_full_precision
def agreement(view: PairView, frames: Frames, apart: int) -> Float[Tensor, " batch"]:
    """Contacts between residues at least ``apart`` along the chain, each counted as likely as the
    view holds it, in parts of what a structure has that was drawn from the view: 1 or so where the
    view might have meant this structure, near 0 where what it brings together lies apart.
    """
    at = torch.arange(frames.known.shape[1], device=frames.known.device)
    pairs = fitting_pairs(frames.known) & ((at[:, None] - at).abs() >= apart)
    distance, _ = cb_pairs(frames)
    inside = (bin_middles(distance.device) < CONTACT).float()
    likely = (view.chances.exp() * inside).sum(-1) * pairs
    mass = (likely * (distance < CONTACT)).sum((1, 2))
    return (mass + 1) / (likely.square().sum((1, 2)) + 1)


@in_full_precision
def expected_lddt(view: PairView, frames: Frames) -> Float[Tensor, "batch length"]:
    """lDDT, 0–1, that the view gives each residue of a structure."""
    pairs = fitting_pairs(frames.known)
    distance, _ = cb_pairs(frames)
    counted = pairs & (distance < INCLUDED)
    below = view.chances.exp().cumsum(-1)
    below = torch.cat([torch.zeros_like(below[..., :1]), below], dim=-1)
    preserved = torch.zeros_like(distance)
    for step in LDDT_STEPS:
        preserved += _share_below(below, distance + step) - _share_below(below, distance - step)
    preserved = preserved / len(LDDT_STEPS)
    return (preserved * counted).sum(-1) / counted.sum(-1).clamp_min(1)


def _share_below(
    below: Float[Tensor, "batch length length edges"],
    distance: Float[Tensor, "batch length length"],
) -> Float[Tensor, "batch length length"]:
    at = ((distance - FIRST_EDGE) / BIN_WIDTH + 1).clamp(0, BINS - 1e-3)
    low = at.floor().long()
    first, second = (below.gather(-1, (low + k)[..., None])[..., 0] for k in (0, 1))
    return torch.lerp(first, second, at - low)


@in_full_precision
def expected_errors(
    view: PairView, frames: Frames
) -> tuple[Float[Tensor, "batch length length"], Float[Tensor, " batch"]]:
    """Error in Å that the view expects of residue j as seen from i, and pTM from these errors."""
    known = frames.known
    distance, direction = cb_pairs(frames)
    chances = view.chances.exp()
    middles = bin_middles(distance.device)
    middles = torch.maximum(middles, torch.where(middles > LAST_EDGE, distance[..., None], 0.0))
    along = (direction * view.directions).sum(-1, keepdim=True)
    square = (middles - distance[..., None]).square() + 2 * middles * distance[..., None] * (
        1 - along
    ).clamp_min(0)
    near = ~fitting_pairs(known)
    square = square.masked_fill(near[..., None], 0.1)
    scale = tm_scale(known.sum(-1))[:, None, None, None]
    close = (chances / (1 + square / scale**2)).sum(-1)
    ptm = (close * known[:, None]).sum(-1) / known.sum(-1).clamp_min(1)[:, None]
    errors = (chances * square.sqrt()).sum(-1)
    return errors, ptm.masked_fill(~known, 0.0).amax(-1) ** MODESTY
