"""A prompt with what a run sampled written in and marked *sampled*: where another may start."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..geometry import superpose
from ..prompt import Prompt, State
from ..protein import Protein
from ..tokenizers.residue import decode_letters, decode_sasa
from ..tokenizers.residue_tokens import ResidueTokens
from ..tracks import Track
from .rows import ROW_TRACKS
from .step import SamplingStep


def filled_prompt(prompt: Prompt, start: ResidueTokens, steps: Sequence[SamplingStep]) -> Prompt:
    """``prompt``, whose tokens are ``start``, with everything that these steps sampled."""
    tokens = steps[-1].tokens if steps else start
    for track in dict.fromkeys(step.track for step in steps):
        at = np.flatnonzero(start.masked(track) & ~tokens.masked(track))
        ids = getattr(tokens, track.value)[at]
        if track is Track.STRUCTURE:
            prompt = prompt.with_tokens(at, ids)
        elif track in ROW_TRACKS:
            prompt = prompt.with_annotation_tokens(at, track, ids)
        elif track is Track.SASA:
            prompt = prompt.paint(at, track, decode_sasa(ids))
        else:
            prompt = prompt.paint(at, track, decode_letters(ids, track))
        prompt = prompt.mark_sampled(at, track)
    return prompt


def placed_tokens(prompt: Prompt, protein: Protein) -> Prompt:
    """``prompt`` with the place in ``protein`` of residues that have structure tokens alone.

    The protein is laid over what the prompt itself has in space, where that is three residues.
    """
    at = (prompt.structure_tokens >= 0) & ~prompt.has_backbone
    if not at.any():
        return prompt
    decoded = np.full_like(prompt.decoded, np.nan)
    decoded[at] = superpose(protein.coordinates, prompt.coordinates)[at]
    return replace(prompt, decoded=decoded)


def with_design(prompt: Prompt, protein: Protein) -> Prompt:
    """``prompt`` with the coordinates of a design where it has no others; given ones stay.

    Where the structure was sampled, these take the place of its tokens.
    """
    states = prompt.state(Track.STRUCTURE)
    at = protein.has_backbone & (states != State.GIVEN)
    coordinates = prompt.coordinates.copy()
    coordinates[at] = superpose(protein.coordinates, prompt.coordinates)[at]
    tokens = np.where(at, -1, prompt.structure_tokens)
    prompt = replace(prompt, coordinates=coordinates, structure_tokens=tokens)
    return placed_tokens(prompt.mark_sampled(at, Track.STRUCTURE), protein)
