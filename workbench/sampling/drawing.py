"""Drawing: what a pass may fill, in which order, and the values drawn for it."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from ..tokenizers.residue_tokens import ResidueTokens
from ..tracks import Track
from .forward import choices
from .logits import draw, entropy, nucleus, tempered
from .motifs import draw_avoiding, motif_guard
from .recipe import Stage
from .rows import ROW_TRACKS, draw_rows, row_entropy
from .run_plan import RunPlan


@dataclass(frozen=True, slots=True, eq=False)
class Masked:
    """What a pass may fill: masked positions, logits of what each may become, and entropies (nats)
    at temperature 1.
    """

    positions: Int[np.ndarray, " masked"]
    choices: Float[Tensor, "masked *choices"]
    entropy: Float[np.ndarray, " masked"]


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """What a pass fills: positions, an id or a row of ids for each, and its probability at
    temperature 1.
    """

    positions: Int[np.ndarray, " filled"]
    ids: Int[np.ndarray, "filled *width"]
    probability: Float[np.ndarray, " filled"]
    notes: tuple[str, ...] = ()


def masked_choices(
    plan: RunPlan, tokens: ResidueTokens, track: Track, logits: Float[Tensor, "length *ids"]
) -> Masked:
    """What is masked on a track, from the logits of all residues."""
    positions = np.flatnonzero(tokens.masked(track))
    if track in ROW_TRACKS:
        own = logits[torch.from_numpy(positions).to(logits.device)]
        return Masked(positions, own, row_entropy(own, track).cpu().numpy())
    own = choices(plan, track, logits, positions)
    return Masked(positions, own, entropy(own).cpu().numpy())


def order_of(
    masked: Masked, stage: Stage, lots: Float[np.ndarray, " length"]
) -> Int[np.ndarray, " masked"]:
    """Indices of what is masked in the order in which it is filled: random, or surest first."""
    ranked = lots[masked.positions] if stage.strategy == "random" else masked.entropy
    return np.argsort(ranked, kind="stable")


def drawn(
    plan: RunPlan,
    tokens: ResidueTokens,
    masked: Masked,
    picked: Int[np.ndarray, " picked"],
    stage: Stage,
    temperature: float,
    uniform: Float[np.ndarray, "length *draws"],
) -> Filled:
    """Values for the picked ones, by numbers in [0, 1) that each residue has."""
    at = masked.positions[picked]
    own = masked.choices[torch.from_numpy(picked).to(masked.choices.device)]
    if stage.track in ROW_TRACKS:
        rows, likely = draw_rows(own, stage.track, uniform[at], temperature, stage.top_p)
        return Filled(at, rows, likely)
    notes: tuple[str, ...] = ()
    if stage.track is Track.SEQUENCE and plan.prompt.constraints.forbidden:
        guard = motif_guard(plan, tokens)
        ids, unavoidable = draw_avoiding(own, at, uniform[at], guard, temperature, stage.top_p)
        label = plan.prompt.template.label
        notes = tuple(
            f"no allowed residue at {label(i)} avoids every motif" for i in unavoidable.tolist()
        )
    else:
        final = nucleus(tempered(own, temperature), stage.top_p)
        ids = draw(final, torch.from_numpy(uniform[at]).to(final.device))
    likely = own.softmax(-1).gather(-1, ids[:, None])[:, 0]
    return Filled(at, ids.cpu().numpy(), likely.cpu().numpy(), notes)
