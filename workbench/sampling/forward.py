"""Forward: model passes at the residues of proteins, who shares one, and what may be chosen."""

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from ..model.model import Model
from ..model.shared_passes import shared_passes
from ..tokenizers.codec import to_rows
from ..tokenizers.layout import Layout
from ..tokenizers.residue import AMINO_ACID_IDS
from ..tokenizers.residue_tokens import ResidueTokens
from ..tracks import TRACKS, Track
from .logits import restrict
from .run_plan import RunPlan


def residue_logits(
    model: Model,
    tokens: Sequence[ResidueTokens],
    layouts: Sequence[Layout],
    tracks: Iterable[Track],
) -> list[dict[Track, Tensor]]:
    """Logits of these tracks at each protein's own residues, the same alone and among others."""
    results: list[dict[Track, Tensor]] = [{} for _ in tokens]
    lengths = [layout.length for layout in layouts]
    for shared in shared_passes(lengths, model.device, model.precision):
        own = [layouts[i] for i in shared]
        rows = to_rows([tokens[i] for i in shared], own, model.device)
        logits = model.trunk(rows, [track for track in Track if track in tracks])
        for row, (i, layout) in enumerate(zip(shared, own, strict=True)):
            at = _rows_of(layout, model.device)
            results[i] = {track: values[row, at] for track, values in logits.items()}
    return results


def choices(
    plan: RunPlan,
    track: Track,
    logits: Float[Tensor, "length ids"],
    positions: Int[np.ndarray, " some"],
) -> Float[Tensor, "some choices"]:
    """Logits at some residues, biased and with only what the prompt allows."""
    at = torch.from_numpy(positions).to(logits.device)
    if track is Track.STRUCTURE:
        return logits.index_select(0, at)[:, : plan.model.config.used_codes].float()
    own, bias = logits[at], plan.prompt.constraints.bias[positions]
    if track is Track.SEQUENCE and bias.any():
        ids = torch.from_numpy(AMINO_ACID_IDS).to(own.device)
        own = own.float().index_add(1, ids, torch.from_numpy(bias).to(own.device))
    return restrict(own, _allowed(plan, track, positions))


def likeliest(plan: RunPlan, tokens: Sequence[ResidueTokens]) -> list[ResidueTokens]:
    """The same tokens with masked sequence and structure filled by the likeliest values."""
    tracks_needed = [
        track
        for track in (Track.SEQUENCE, Track.STRUCTURE)
        if any(token.masked(track).any() for token in tokens)
    ]
    if not tracks_needed:
        return list(tokens)
    with torch.inference_mode():
        logits = residue_logits(plan.model, tokens, [plan.layout] * len(tokens), tracks_needed)
        return [
            _filled(plan, run_tokens, own) for run_tokens, own in zip(tokens, logits, strict=True)
        ]


def predicted_structure(
    plan: RunPlan, tokens: ResidueTokens, logits: Float[Tensor, "length codes"]
) -> tuple[Int[np.ndarray, " length"], Float[np.ndarray, " length"]]:
    """Structure tokens with masks filled by the likeliest code, and how likely each is (given: 1).

    Those that are given stay.
    """
    codes = logits[:, : plan.model.config.used_codes].float()
    highest, code = codes.max(-1)
    probability = (highest - codes.logsumexp(-1)).exp().cpu().numpy()
    masked = tokens.masked(Track.STRUCTURE)
    return (
        np.where(masked, code.cpu().numpy(), tokens.structure),
        np.where(masked, probability, 1.0),
    )


def _filled(plan: RunPlan, tokens: ResidueTokens, logits: dict[Track, Tensor]) -> ResidueTokens:
    for track, values in logits.items():
        at = np.flatnonzero(tokens.masked(track))
        ids = choices(plan, track, values, at).argmax(-1).cpu().numpy()
        tokens = tokens.filled(track, at, ids)
    return tokens


def _allowed(
    plan: RunPlan, track: Track, positions: Int[np.ndarray, " some"]
) -> Bool[Tensor, "some ids"]:
    allowed = np.zeros((len(positions), TRACKS[track].size), bool)
    if track is Track.SEQUENCE:
        allowed[:, AMINO_ACID_IDS] = plan.prompt.allowed[positions]
    else:
        allowed[:, TRACKS[track].values.start : TRACKS[track].values.stop] = True
    return torch.from_numpy(allowed).to(plan.model.device)


def _rows_of(layout: Layout, device: torch.device) -> slice | Tensor:
    """Where residues stand in a row, on this device."""
    span = layout.span
    return span if isinstance(span, slice) else torch.from_numpy(span).to(device)
