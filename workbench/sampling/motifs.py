"""Motifs: sequences drawn so that no forbidden motif arises, and what cannot be avoided."""

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from ..motif_guard import MotifGuard
from ..tokenizers.residue import AMINO_ACID_IDS, decode_letters
from ..tokenizers.residue_tokens import ResidueTokens
from ..tracks import Track
from .logits import draw, nucleus, tempered
from .run_plan import RunPlan


def draw_avoiding(
    choices: Float[Tensor, "positions ids"],
    positions: Int[np.ndarray, " positions"],
    uniform: Float[np.ndarray, " positions"],
    guard: MotifGuard,
    temperature: float,
    top_p: float,
) -> tuple[Int[Tensor, " positions"], Int[np.ndarray, " unavoidable"]]:
    """One amino acid after the other, each seeing those before it, so that no motif arises.

    Only amino acids are drawn with which the fewest motifs can arise, whatever the residues still
    masked become. Positions where one arises nevertheless are returned beside the ids.
    """
    ids, unavoidable = [], []
    amino_acids = torch.from_numpy(AMINO_ACID_IDS).to(choices.device)
    for row, position, number in zip(choices, positions.tolist(), uniform, strict=True):
        worse = torch.from_numpy(~guard.choices(position)).to(choices.device)
        rest = row.index_fill(0, amino_acids[worse], -torch.inf)[None]
        final = nucleus(tempered(rest, temperature), top_p)
        chosen = draw(final, torch.tensor([number], device=final.device))
        letter = int(np.flatnonzero(int(chosen) == AMINO_ACID_IDS)[0])
        if guard.completes(position, letter):
            unavoidable.append(position)
        guard.place(position, letter)
        ids.append(chosen)
    return torch.cat(ids), np.array(unavoidable, np.int64)


def motif_guard(plan: RunPlan, tokens: ResidueTokens) -> MotifGuard:
    """Guards the forbidden motifs of a run's prompt from these tokens on."""
    letters = decode_letters(tokens.sequence, Track.SEQUENCE)
    return MotifGuard(plan.prompt.constraints, letters, plan.prompt.template.chain_ranges)


def motif_notes(plan: RunPlan) -> tuple[str, ...]:
    """Forbidden motifs that the prompt holds or cannot avoid, in words for the person."""
    if not plan.prompt.constraints.forbidden:
        return ()
    guard, label = motif_guard(plan, plan.start), plan.prompt.template.label
    reasons = ((guard.given, "is given and stays"), (guard.forced, "cannot be avoided"))
    return tuple(
        f"the forbidden motif {at.motif} {reason} at {label(at.start)} to {label(at.stop - 1)}"
        for occurrences, reason in reasons
        for at in occurrences
    )
