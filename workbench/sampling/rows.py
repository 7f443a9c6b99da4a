"""Rows: choosing the 8 function tokens or the set of residue annotations of a residue.

Logits are one run's own: (positions, 8, 260) for function, (positions, ids) for residue. The tables
of a row and the labels of a set are drawn independently. At temperature 0 the choice is the
published one [A.1.8]. Uniform numbers come one per table or id.
"""

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from ..tokenizers.annotations import choose_annotations
from ..tokenizers.function import FIRST_BYTE, choose_function
from ..tracks import FUNCTION_NONE, RESIDUE_NONE, Track
from .logits import draw, entropy, nucleus, tempered

ROW_TRACKS = (Track.FUNCTION, Track.RESIDUE)
SMALLEST = float(np.finfo(np.float32).tiny)

RowLogits = Float[Tensor, "positions *ids"]


def row_entropy(logits: RowLogits, track: Track) -> Float[Tensor, " positions"]:
    """Predictive entropy in nats, summed over the tables or over the labels."""
    if track is Track.FUNCTION:
        tables = logits[..., FUNCTION_NONE:].float()
        return entropy(tables.flatten(0, 1)).unflatten(0, tables.shape[:2]).sum(-1)
    return entropy(_sides(logits).flatten(0, 1)).unflatten(0, (len(logits), -1)).sum(-1)


def draw_rows(
    logits: RowLogits,
    track: Track,
    uniform: Float[np.ndarray, "positions draws"],
    temperature: float,
    top_p: float,
) -> tuple[Int[np.ndarray, "positions width"], Float[np.ndarray, " positions"]]:
    """Token rows, and how likely each is as a whole.

    Whether a residue has no function follows the published rule at any temperature: its mean
    chance over the tables decides, so all 8 agree. More than 16 labels are cut to the likeliest.
    """
    numbers = torch.from_numpy(uniform).to(logits.device).flatten()
    if track is Track.FUNCTION:
        return _function_rows(logits.float(), numbers, temperature, top_p)
    sides = _sides(logits)
    final = nucleus(tempered(sides.flatten(0, 1), temperature), top_p)
    # The first side is "has it", as its inverse cumulative distribution starts there.
    is_drawn = (draw(final, numbers) == 0).unflatten(0, sides.shape[:2]).cpu().numpy()
    chance = sides.softmax(-1)[..., 0].cpu().numpy()
    ids = np.zeros((len(chance), logits.shape[-1]))
    ids[:, RESIDUE_NONE + 1 :] = np.where(is_drawn, (1 + chance) / 2, 0.0)
    rows = choose_annotations(ids)
    chosen = np.zeros(ids.shape, bool)
    np.put_along_axis(chosen, rows, rows > RESIDUE_NONE, axis=1)
    # Places without a label write to the id 0, which is no label.
    own = np.where(chosen[:, RESIDUE_NONE + 1 :], chance, 1 - chance)
    return rows, _whole(np.log(np.maximum(own, SMALLEST)).sum(-1))


def draws_of(track: Track, residue_labels: int) -> int:
    """Uniform numbers that one residue takes."""
    return 8 if track is Track.FUNCTION else residue_labels - RESIDUE_NONE - 1


def _function_rows(
    logits: Float[Tensor, "positions 8 260"],
    numbers: Float[Tensor, " draws"],
    temperature: float,
    top_p: float,
) -> tuple[Int[np.ndarray, "positions 8"], Float[np.ndarray, " positions"]]:
    none = (choose_function(logits) == FUNCTION_NONE).all(-1)
    tables = logits[..., FIRST_BYTE:].flatten(0, 1)
    drawn = draw(nucleus(tempered(tables, temperature), top_p), numbers) + FIRST_BYTE
    ids = drawn.unflatten(0, logits.shape[:2]).masked_fill(none[:, None], FUNCTION_NONE)
    chance = logits[..., FUNCTION_NONE:].log_softmax(-1)
    own = chance.gather(-1, ids[..., None] - FUNCTION_NONE)[..., 0]
    likely = torch.where(none, own.exp().mean(-1), own.sum(-1).exp())
    return ids.cpu().numpy(), likely.float().cpu().numpy()


def _sides(logits: RowLogits) -> Float[Tensor, "positions labels 2"]:
    """Logits of having each label and of not having it."""
    labels = logits[:, RESIDUE_NONE + 1 :].float()
    return torch.stack([labels, torch.zeros_like(labels)], dim=-1)


def _whole(log_chance: Float[np.ndarray, " positions"]) -> Float[np.ndarray, " positions"]:
    return np.exp(log_chance).astype(np.float32)
