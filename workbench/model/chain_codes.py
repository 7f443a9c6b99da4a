"""Chain codes: the frame of a residue as seen from the residue before, as code vectors.

In a chained model a code vector is such a step: nine entries of its rotation, row by row, times
``LEVER`` (Å: how far a turn reaches), then its translation in Å, the part beyond ``BOND``
shortened.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from .frames import Frames, composed, gram_schmidt

LEVER = 8.0
STEP = 12
BOND = 4.0
"""A little more than the distance of neighbouring CA atoms, in Å."""
SHORTENED = 4.0
LONGEST_STEP = 20.0
"""Residues further apart than this, in Å, follow each other in name only."""
UNBROKEN = 4.5
"""Longest distance of two CA atoms, in Å, that a chain without a gap has between neighbours."""

MOST_CHANGED = 12
TRIED = 160
UNLIKENESS = 0.02
"""Weight of a squared distance between codes against a squared miss."""
CLOSED = 0.15
"""Squared miss, in Å² with turns at ``LEVER``, that is near enough."""


def chain_steps(
    frames: Frames,
) -> tuple[Float[Tensor, "*batch length 12"], Bool[Tensor, "*batch length"]]:
    """The step to each residue, and which have one: the first has none, nor has any at a far
    jump.
    """
    back = frames.rotation[..., :-1, :, :].mT
    turn = (back @ frames.rotation[..., 1:, :, :]).flatten(-2) * LEVER
    shift = (back @ frames.origin.diff(dim=-2)[..., None])[..., 0]
    length = shift.norm(dim=-1, keepdim=True).clamp_min(1e-6)
    shortened = length.clamp(max=BOND) + (length - BOND).clamp_min(0) / SHORTENED
    vectors = torch.cat([turn, shift / length * shortened], dim=-1)
    bonded = frames.known[..., 1:] & frames.known[..., :-1] & (length[..., 0] < LONGEST_STEP)
    vectors = torch.cat([torch.zeros_like(vectors[..., :1, :]), vectors], dim=-2)
    return vectors, torch.cat([torch.zeros_like(bonded[..., :1]), bonded], dim=-1)


def step_axes(
    vectors: Float[Tensor, "*any 12"],
) -> tuple[Float[Tensor, "*any 3 3"], Float[Tensor, "*any 3"]]:
    """The nearest proper rotation (by Gram–Schmidt) and the translation of these code vectors."""
    turn = vectors[..., :9].unflatten(-1, (3, 3)) / LEVER
    return gram_schmidt(turn[..., 0], turn[..., 1]), _in_full(vectors[..., 9:])


def frame_numbers(vectors: Float[Tensor, "*any 12"]) -> Float[Tensor, "*any 9"]:
    """The same steps as the frame head writes them."""
    turn, shift = vectors[..., :9].unflatten(-1, (3, 3)) / LEVER, _in_full(vectors[..., 9:])
    return torch.cat([shift / 10.0, -turn[..., 0], turn[..., 1]], dim=-1)


def _in_full(shift: Float[Tensor, "*any 3"]) -> Float[Tensor, "*any 3"]:
    length = shift.norm(dim=-1, keepdim=True).clamp_min(1e-6)
    return shift / length * (length + (SHORTENED - 1) * (length - BOND).clamp_min(0))


def follow_chain(
    vectors: Float[Tensor, "length 12"],
    frames: Frames,
    codebook: Float[Tensor, "codes 12"],
    share: float,
) -> Int[Tensor, " length"]:
    """Codes of one protein whose steps, put one after another, stay on its chain.

    Quantisation alone lets the chain drift. Here every residue's vector is moved by ``share`` of
    what the chain has drifted so far before its nearest code is taken. Residues across a gap take
    what the encoder gave, and after residues without a frame the chain starts anew.
    """
    turns, shifts = step_axes(codebook)
    square = codebook.square().sum(-1)
    codes = torch.cdist(vectors, codebook).argmin(-1)
    rotation, origin, known = frames.rotation, frames.origin, frames.known
    apart = origin.diff(dim=0).norm(dim=-1)
    bonded = (known[1:] & known[:-1] & (apart < UNBROKEN)).tolist()
    is_known = known.tolist()
    here, at = rotation[0], origin[0]
    for residue in range(1, len(vectors)):
        if not (is_known[residue] and is_known[residue - 1]):
            here, at = rotation[residue], origin[residue]
            continue
        if bonded[residue - 1]:
            true, before = rotation[residue], rotation[residue - 1]
            turn = (here - before).mT @ true
            shift = here.mT @ (origin[residue] - at) - before.mT @ (
                origin[residue] - origin[residue - 1]
            )
            drift = torch.cat([turn.flatten() * LEVER, shift])
            target = vectors[residue] + share * drift
            codes[residue] = (square - 2 * codebook @ target).argmin()
        code = codes[residue]
        at, here = at + here @ shifts[code], here @ turns[code]
    return codes


def close_gap(
    codes: Int[Tensor, " length"],
    codebook: Float[Tensor, "codes 12"],
    turn: Float[Tensor, "3 3"],
    shift: Float[Tensor, "3"],
    visits: int = 60,
) -> Int[Tensor, " length"]:
    """Return codes close to these whose steps, one after another, lead to this place.

    In each of at least ``visits`` moves two neighbours become the pair that lands nearest, of some
    that are tried, unlikeness counted against them; of a long stretch only some codes change. A
    place out of reach is only approached. The same input gives the same codes.
    """
    turns, shifts = step_axes(codebook)
    original, codes = codes, codes.clone()
    draw = torch.Generator().manual_seed(0)
    pairs = torch.linspace(0, len(codes) - 2, min(len(codes) - 1, MOST_CHANGED)).round().long()
    for _ in range(-(-visits // len(pairs))):
        for at in pairs[torch.randperm(len(pairs), generator=draw)].tolist():
            some = torch.randint(len(codebook), (2, TRIED), generator=draw)
            apart = torch.cdist(codebook[codes[at : at + 2]], codebook)
            some[:, : TRIED // 2] = apart.topk(TRIED // 2, largest=False).indices
            some[:, -1] = original[at : at + 2]
            before_turn, before = _product(turns[codes[:at]], shifts[codes[:at]])
            after_turn, after = _product(turns[codes[at + 2 :]], shifts[codes[at + 2 :]])
            first, second = turns[some[0]], turns[some[1]] @ after_turn
            reached = turns[some[1]] @ after + shifts[some[1]]
            aim = before_turn.mT @ turn
            likeness = torch.einsum("axy,byz,xz->ab", first, second, aim)
            moved = torch.einsum("axy,by->abx", first, reached) + shifts[some[0]][:, None]
            miss = (moved - before_turn.mT @ (shift - before)).square().sum(-1)
            miss = miss + LEVER**2 * (6 - 2 * likeness)
            unlike = (codebook[some] - codebook[original[at : at + 2], None]).square().sum(-1)
            cost = miss + UNLIKENESS * (unlike[0][:, None] + unlike[1])
            best = divmod(int(cost.argmin()), TRIED)
            codes[at], codes[at + 1] = some[0, best[0]], some[1, best[1]]
            if miss[best] < CLOSED:
                return codes
    return codes


def _product(
    turns: Float[Tensor, "length 3 3"], shifts: Float[Tensor, "length 3"]
) -> tuple[Float[Tensor, "3 3"], Float[Tensor, "3"]]:
    if not len(turns):
        return torch.eye(3), torch.zeros(3)
    whole = composed(Frames(turns, shifts, torch.ones(len(turns), dtype=torch.bool)))
    return whole.rotation[-1], whole.origin[-1]
