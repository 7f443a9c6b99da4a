"""Gap closing: designed residues of a chained model that lead from one given part to the next.

A chained decoder places what follows a designed stretch wherever the stretch ends. Where the prompt
says where that is, the stretch takes the codes nearest to its own that lead there.
"""

from itertools import pairwise

import numpy as np
import torch
from jaxtyping import Bool, Int

from ..model.chain_codes import close_gap
from ..model.frames import frames_from_backbone
from ..model.model import Model
from ..prompt import Prompt

VISITS, FEWEST_VISITS = 24, 2
"""Moves in all stretches together, and in each at least."""


def close_gaps(
    ids: Int[np.ndarray, " length"], prompt: Prompt, model: Model
) -> Int[np.ndarray, " length"]:
    """Structure tokens to decode; these themselves for a model whose decoder is not chained."""
    runs = _designed_runs(prompt) if model.config.decoder.chained else ()
    if not runs:
        return ids
    ids = ids.copy()
    codebook = model.structure_encoder.codebook.embeddings.float().cpu()
    frames = frames_from_backbone(torch.from_numpy(prompt.coordinates[None, :, :3].copy()))
    rotation, origin = frames.rotation[0], frames.origin[0]
    for start, stop in runs:
        back = rotation[start - 1].mT
        with torch.inference_mode():
            codes = close_gap(
                torch.from_numpy(ids[start : stop + 1]),
                codebook,
                back @ rotation[stop],
                back @ (origin[stop] - origin[start - 1]),
                max(FEWEST_VISITS, VISITS // len(runs)),
            )
        ids[start : stop + 1] = codes.numpy()
    return ids


def _designed_runs(prompt: Prompt) -> tuple[tuple[int, int], ...]:
    """Half-open stretches without given coordinates between residues of one chain that have
    them.
    """
    given: Bool[np.ndarray, " length"] = prompt.has_backbone
    runs = []
    for first, last in prompt.template.chain_ranges:
        inside = np.flatnonzero(given[first:last]) + first
        runs += [(int(a) + 1, int(b)) for a, b in pairwise(inside) if b > a + 1]
    return tuple(runs)
