"""Descent: residues moved by gradient descent to the distances that a pair view expects.

Every residue is a rigid body. The CB atoms of all pairs are pulled to the distances and directions
of the view, as in Senior et al. 2020 and Yang et al. 2020. Neighbours along the chain are pulled to
the steps of their structure tokens. Gradients are written by hand; the moves are those of Adam
[Kingma & Ba 2015], with one scale for the three axes, so that no direction in space is special.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.linalg import cross

from ..geometry import natural_gyration
from .frames import Frames, in_full_precision
from .pair_track import ideal_cb
from .pair_views import BIN_WIDTH, BINS, FIRST_EDGE, LEAST_APART, PairView, fitting_pairs
from .peptide_relaxation import turned

STEPS, FEW_STEPS = 320, 40
"""Downhill for a chain that has far to go, and for one that lies nearly right or is to be quick."""
MOVE, TURN = 0.7, 0.1
"""How far, in Å and radians, a residue goes in the first step; later ones are shorter."""
MEMORY = (0.8, 0.95)
DIRECTIONS = 1.0
SHIFTS, TURNS, DRAWN = 40.0, 120.0, 40.0
"""What a squared error of a token's step weighs, in Å and in its rotation, against a nat; and
that of a given residue's place, in Å.
"""
LOOSE, BENDING = 0.5, 0.5
"""How stiff a turn is, at least, and the squared change from one turn to the next that bends."""
CLASHES, CLOSEST_CA, CLOSEST_CB = 5.0, 3.9, 3.6
BY_PRODUCTS = "use_mm_for_euclid_dist"
LARGEST = 2.0
"""A chain larger than so many natural proteins of its length is drawn together first."""

Vectors = Float[Tensor, "batch length 3"]


@in_full_precision
def descended(
    chain: Frames,
    bonded: Bool[Tensor, "batch bonds"],
    view: PairView,
    steps: int,
    given: Frames | None = None,
) -> Frames:
    """The chain of the tokens after its descent; ``bonded`` says which residues are bonded to the
    next, ``view`` is even, and residues with a ``given`` frame are drawn to lie to each other so.
    """
    known = chain.known
    at = torch.arange(known.shape[1], device=known.device)
    apart = (known[:, :, None] & known[:, None] & ((at[:, None] - at).abs() > 1)).float()
    expected = (view.directions * fitting_pairs(known)[..., None]).mT.contiguous()
    slopes = _Slopes.of(view, known)
    pulls: list[_Bonds | _Given] = [_Bonds.of(chain, bonded)]
    if given is not None:
        pulls.append(_Given.of(given))
    arm = ideal_cb(chain.origin)
    rotation, origin = chain.rotation, _gathered(chain)
    moves, turns = _Adam(origin), _Adam(origin)
    for step in range(steps):
        progress = step / steps
        lever = rotation @ arm
        cb = lever + origin
        distance = _distances(cb)
        overlap = (CLOSEST_CB - distance).clamp_min(0) * apart
        slope = slopes.at(distance) - 2 * CLASHES * progress * overlap
        directed = (rotation @ expected) * (2 * DIRECTIONS / distance)[:, :, None]
        along = (directed * cb.mT[:, None]).sum(2) - (cb[:, :, None] @ directed)[:, :, 0]
        twist = along / distance.square()
        force = directed.sum(-1) - directed.sum(1).mT
        force = force - _pulled(twist + slope / distance, cb) - _pulled(twist.mT, cb)
        turn = directed @ cb[:, None] - directed.sum(-1)[..., None] * cb[:, :, None]
        spin = cross(lever, force) - _axis(turn)
        distance = _distances(origin)
        overlap = (CLOSEST_CA - distance).clamp_min(0) * apart
        force = force + _pulled(2 * CLASHES * progress * overlap / distance, origin)
        share = min(1.0, 0.1 + 1.5 * progress)
        for pulling in pulls:
            pulling.pull(force, spin, rotation, origin, share)
        pace = (1 - progress) ** 0.7 + 0.02
        origin = origin - MOVE * pace * moves(force)
        rotation = turned(rotation, -TURN * pace * turns(spin))
    return Frames(rotation, origin, known)


@dataclass(frozen=True, slots=True, eq=False)
class _Slopes:
    """How steep the energy of every distance is, in nats per Å, for each pair once."""

    pairs: Int[Tensor, " pairs"]
    steps: Float[Tensor, "batch pairs steps"]

    @classmethod
    def of(cls, view: PairView, known: Bool[Tensor, "batch length"]) -> "_Slopes":
        """The slopes of a view that is even; those of pairs that it does not speak of are 0."""
        length = known.shape[1]
        first, second = torch.triu_indices(length, length, LEAST_APART, device=known.device)
        pairs = first * length + second
        energies = view.energies().flatten(1, 2)[:, pairs]
        fits = fitting_pairs(known).flatten(1)[:, pairs, None]
        return cls(pairs, energies.diff(dim=-1) / BIN_WIDTH * fits)

    def at(
        self, distance: Float[Tensor, "batch length length"]
    ) -> Float[Tensor, "batch length length"]:
        """The slope of every pair at its distance, both ways."""
        at = (distance.flatten(1).index_select(1, self.pairs) - FIRST_EDGE) / BIN_WIDTH + 0.5
        inside = (at > 0) & (at < BINS - 1)
        slope = self.steps.gather(-1, at.long().clamp(0, BINS - 2)[..., None])[..., 0] * inside
        slopes = torch.zeros_like(distance)
        slopes.flatten(1).index_copy_(1, self.pairs, slope)
        return slopes + slopes.mT


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


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    """Whether each residue has a given frame (0 or 1), how many do, and where they lie about their
    centre.
    """

    known: Float[Tensor, "batch length 1"]
    count: Float[Tensor, "batch 1 1"]
    about: Vectors
    rotation: Float[Tensor, "batch length 3 3"]

    @classmethod
    def of(cls, given: Frames) -> "_Given":
        """What stays the same in all steps."""
        known = given.known[..., None].float()
        count = known.sum(1, keepdim=True).clamp_min(1)
        middle = (given.origin * known).sum(1, keepdim=True) / count
        return cls(known, count, (given.origin - middle) * known, given.rotation)

    def pull(
        self,
        force: Vectors,
        spin: Vectors,
        rotation: Float[Tensor, "batch length 3 3"],
        origin: Vectors,
        share: float,
    ) -> None:
        """Add the gradients of given residues, superposed on where they are now."""
        centre = (origin * self.known).sum(1, keepdim=True) / self.count
        left, _, right = torch.linalg.svd(self.about.mT @ ((origin - centre) * self.known))
        mirrored = torch.linalg.det(left @ right).sign()
        left = torch.cat([left[..., :2], left[..., 2:] * mirrored[:, None, None]], dim=-1)
        turn = (left @ right).mT
        miss = origin - centre - self.about @ turn.mT
        force += 2 * DRAWN * share * self.known * miss
        twist = cross(rotation.mT, (turn[:, None] @ self.rotation).mT).sum(-2)
        spin -= 2 * TURNS * share * self.known * twist


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


def _distances(points: Vectors) -> Float[Tensor, "batch length length"]:
    return torch.cdist(points, points, compute_mode=BY_PRODUCTS).clamp_min(1e-3)


def _pulled(weights: Float[Tensor, "batch length length"], points: Vectors) -> Vectors:
    """Sum of the vectors from each point to all others, each by its weight."""
    return weights @ points - weights.sum(-1, keepdim=True) * points


def _axis(turn: Float[Tensor, "batch length 3 3"]) -> Vectors:
    """Sum of cross products from the sum of outer products."""
    skew = turn - turn.mT
    return torch.stack([skew[..., 1, 2], skew[..., 2, 0], skew[..., 0, 1]], dim=-1)


def _gathered(chain: Frames) -> Vectors:
    """Origins about their centre, a chain that is flung far drawn together."""
    known = chain.known[..., None].float()
    count = known.sum(1, keepdim=True).clamp_min(1)
    about = (chain.origin - (chain.origin * known).sum(1, keepdim=True) / count) * known
    size = (about.square().sum((1, 2), keepdim=True) / count).sqrt().clamp_min(1e-3)
    return about * (LARGEST * natural_gyration(count) / size).clamp(max=1.0)
