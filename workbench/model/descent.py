"""Descent: residues moved downhill until they lie to each other as is expected of them.

Every residue is a rigid body. The CB atoms of all pairs are pulled to the distances and directions
of a view, as Senior et al. 2020 and Yang et al. 2020 fold, and neighbours along the chain to the
steps that their structure tokens say. Gradients are written out; the moves are those of Adam
[Kingma & Ba 2015], with one scale for the three axes, so that no direction in space is special.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.linalg import cross

from ..geometry import natural_gyration
from .frames import Frames, in_full_precision
from .pair_track import ideal_cb
from .pair_views import BIN_WIDTH, BINS, FIRST_EDGE, PairView, fitting_pairs
from .peptide_relaxation import turned

STEPS = 160
MOVE, TURN = 0.7, 0.1
"""How far, in Å and radians, a residue goes in the first step; later ones are shorter."""
MEMORY = (0.8, 0.95)
DIRECTIONS = 1.0
SHIFTS, TURNS = 40.0, 120.0
"""What a squared error of a token's step weighs, in Å and in its rotation, against a nat."""
LOOSE, BENDING = 0.5, 0.5
"""How stiff a turn is, at least, and the squared change from one turn to the next that bends."""
CLASHES, CLOSEST_CA, CLOSEST_CB = 5.0, 3.9, 3.6
LARGEST = 2.0
"""A chain larger than so many natural proteins of its length is drawn together first."""

Vectors = Float[Tensor, "batch length 3"]


@in_full_precision
def descended(
    chain: Frames, bonded: Bool[Tensor, "batch bonds"], view: PairView, steps: int = STEPS
) -> Frames:
    """The chain of the tokens after its descent; ``bonded`` says which residues are bonded to the
    next, and ``view`` is even.
    """
    known = chain.known
    at = torch.arange(known.shape[1], device=known.device)
    apart = (known[:, :, None] & known[:, None] & ((at[:, None] - at).abs() > 1)).float()
    far = fitting_pairs(known).float()
    slopes = view.energies().diff(dim=-1) / BIN_WIDTH
    expected = view.directions * far[..., None]
    bonds, arm = _Bonds.of(chain, bonded), ideal_cb(chain.origin)
    rotation, origin = chain.rotation, _gathered(chain)
    moves, turns = _Adam(origin), _Adam(origin)
    for step in range(steps):
        progress = step / steps
        lever = rotation @ arm
        unit, distance = _between(lever + origin)
        overlap = (CLOSEST_CB - distance).clamp_min(0) * apart
        slope = far * _slope_at(slopes, distance) - 2 * CLASHES * progress * overlap
        local = torch.einsum("bixc,bijc->bijx", rotation, expected)
        aside = (local - unit * (unit * local).sum(-1, keepdim=True)) * (
            2 * DIRECTIONS / distance[..., None]
        )
        force = (aside - slope[..., None] * unit).sum(2) - aside.sum(1)
        spin = cross(lever, force) - 2 * DIRECTIONS * cross(local, unit).sum(2)
        unit, distance = _between(origin)
        overlap = (CLOSEST_CA - distance).clamp_min(0) * apart
        force = force + 2 * CLASHES * progress * (overlap[..., None] * unit).sum(2)
        bonds.pull(force, spin, rotation, origin, min(1.0, 0.1 + 1.5 * progress))
        pace = (1 - progress) ** 0.7 + 0.02
        origin = origin - MOVE * pace * moves(force)
        rotation = turned(rotation, -TURN * pace * turns(spin))
    return Frames(rotation, origin, known)


@dataclass(frozen=True, slots=True, eq=False)
class _Bonds:
    """Turn and shift of every bond as the tokens give them, whether there is a bond (0 or 1), and
    how stiff its turn is.
    """

    turn: Float[Tensor, "batch bonds 3 3"]
    shift: Float[Tensor, "batch bonds 3"]
    present: Float[Tensor, "batch bonds 1"]
    stiff: Float[Tensor, "batch bonds 1"]

    @classmethod
    def of(cls, chain: Frames, bonded: Bool[Tensor, "batch bonds"]) -> "_Bonds":
        """Stiff is a chain that goes on as it went before, as helices and strands do."""
        back = chain.rotation[:, :-1].mT
        turn = back @ chain.rotation[:, 1:]
        shift = (back @ chain.origin.diff(dim=1)[..., None])[..., 0]
        like = torch.exp(-turn.diff(dim=1).square().sum((-1, -2)) / BENDING)
        end = torch.zeros_like(turn[:, :1, 0, 0])
        regular = (torch.cat([end, like], dim=1) + torch.cat([like, end], dim=1)) / 2
        present = (bonded & chain.known[:, 1:] & chain.known[:, :-1]).float()
        return cls(turn, shift, present[..., None], (LOOSE + (1 - LOOSE) * regular)[..., None])

    def pull(
        self,
        force: Vectors,
        spin: Vectors,
        rotation: Float[Tensor, "batch length 3 3"],
        origin: Vectors,
        share: float,
    ) -> None:
        """Add the gradients of all bonds to those of shifts and turns."""
        before, after = rotation[:, :-1], rotation[:, 1:]
        apart = origin.diff(dim=1)
        miss = apart - (before @ self.shift[..., None])[..., 0]
        pull = 2 * SHIFTS * share * self.present * miss
        force[:, 1:] += pull
        force[:, :-1] -= pull
        spin[:, :-1] -= cross(apart, pull)
        twist = cross(after.mT, (before @ self.turn).mT).sum(-2)
        twist = 2 * TURNS * share * self.present * self.stiff * twist
        spin[:, 1:] -= twist
        spin[:, :-1] += twist


class _Adam:
    """Steps of about unit length from gradients, each residue on its own scale."""

    def __init__(self, like: Vectors) -> None:
        self.mean, self.square = torch.zeros_like(like), torch.zeros_like(like[..., :1])
        self.steps = 0

    def __call__(self, gradient: Vectors) -> Vectors:
        self.steps += 1
        first, second = MEMORY
        self.mean = torch.lerp(gradient, self.mean, first)
        self.square = torch.lerp(gradient.square().sum(-1, keepdim=True), self.square, second)
        mean, square = self.mean / (1 - first**self.steps), self.square / (1 - second**self.steps)
        return mean / (square + 1e-8).sqrt()


def _between(
    points: Vectors,
) -> tuple[Float[Tensor, "batch length length 3"], Float[Tensor, "batch length length"]]:
    """Unit vectors from each point to each other one, and their distances."""
    apart = points[:, None] - points[:, :, None]
    distance = (apart.square().sum(-1) + 1e-6).sqrt()
    return apart / distance[..., None], distance


def _slope_at(
    slopes: Float[Tensor, "batch length length steps"],
    distance: Float[Tensor, "batch length length"],
) -> Float[Tensor, "batch length length"]:
    at = (distance - FIRST_EDGE) / BIN_WIDTH + 0.5
    inside = (at > 0) & (at < BINS - 1)
    return slopes.gather(-1, at.long().clamp(0, BINS - 2)[..., None])[..., 0] * inside


def _gathered(chain: Frames) -> Vectors:
    """Origins about their centre, a chain that is flung far drawn together."""
    known = chain.known[..., None].float()
    count = known.sum(1, keepdim=True).clamp_min(1)
    about = (chain.origin - (chain.origin * known).sum(1, keepdim=True) / count) * known
    size = (about.square().sum((1, 2), keepdim=True) / count).sqrt().clamp_min(1e-3)
    return about * (LARGEST * natural_gyration(count) / size).clamp(max=1.0)
