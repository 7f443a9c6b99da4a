"""Likelihood: what the model thinks of the sequence that a prompt gives, residue by residue.

Every residue is hidden in turn and predicted from all the rest, so scores are pseudo-likelihoods.
All are natural logarithms over the 20 standard amino acids; NaN where the prompt gives no standard
residue.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float, Int

from ..constants import AMINO_ACIDS
from ..errors import PromptError
from ..model.model import Model
from ..prompt import Prompt, Where
from ..tokenizers.codec import encode, to_rows
from ..tokenizers.layout import Layout
from ..tokenizers.residue import AMINO_ACID_IDS
from ..tokenizers.residue_tokens import ResidueTokens
from ..tracks import TRACKS, Track
from .guidance import without

TOKENS_AT_ONCE = 4096
"""Tokens in one pass of hidden copies."""


def residue_log_probabilities(
    model: Model, prompt: Prompt, where: Where = slice(None)
) -> Float[np.ndarray, "chosen 20"]:
    """Log-probability of each of ``AMINO_ACIDS`` at these residues, each hidden in its turn."""
    at = prompt.positions(where)
    tokens, layout = encode(prompt, model), Layout.of(prompt.template)
    rows = [_log_probabilities(model, tokens, layout, some) for some in _passes(at, layout)]
    return np.concatenate([np.empty((0, len(AMINO_ACIDS)), np.float32), *rows])


def pseudo_likelihood(model: Model, prompt: Prompt) -> Float[np.ndarray, " length"]:
    """Log-probability of each given residue, itself hidden; its mean is the protein's score."""
    return _scores_of(model, prompt, prompt, np.arange(len(prompt)))


def mutation_scan(model: Model, prompt: Prompt, where: Where = slice(None)) -> pd.DataFrame:
    """Log-odds of every single mutation against the residue that is there.

    One row per residue, in the file's numbering (``A:45``), one column per amino acid; positive
    means that the model prefers the mutation. Raises PromptError where a residue is masked.
    """
    at, own = prompt.positions(where), _own_columns(prompt)
    if (own[at] < 0).any():
        place = prompt.template.label(int(at[own[at] < 0][0]))
        raise PromptError(f"{place} has no standard residue to mutate; leave it out or write one")
    chances = residue_log_probabilities(model, prompt, at)
    odds = chances - chances[np.arange(len(at)), own[at]][:, None]
    labels = [prompt.template.label(int(i)) for i in at]
    return pd.DataFrame(odds, index=pd.Index(labels, name="residue"), columns=list(AMINO_ACIDS))


def attribution(model: Model, prompt: Prompt, where: Where = slice(None)) -> pd.DataFrame:
    """How much each given track and annotation speaks for the residues that are there.

    The drop in a residue's log-probability when a track or one label is left out of the prompt, in
    nats; one row per residue, one column per track given anywhere and per annotation label.
    ``sequence`` is that of the other residues.
    """
    at = prompt.positions(where)
    given = [track.value for track in Track if not prompt.masked(track).all()]
    labels = dict.fromkeys(one.label for one in (*prompt.function, *prompt.residue))
    whole = _scores_of(model, prompt, prompt, at)
    drops = {
        name: whole - _scores_of(model, without(prompt, name), prompt, at)
        for name in (*given, *labels)
    }
    places = [prompt.template.label(int(i)) for i in at]
    return pd.DataFrame(drops, index=pd.Index(places, name="residue"))


def _scores_of(
    model: Model, seen: Prompt, own: Prompt, at: Int[np.ndarray, " chosen"]
) -> Float[np.ndarray, " chosen"]:
    """Log-probability of the residues of ``own`` as the model predicts them from ``seen``."""
    column = _own_columns(own)[at]
    chances = residue_log_probabilities(model, seen, at)
    return np.where(column >= 0, chances[np.arange(len(at)), column], np.nan).astype(np.float32)


def _own_columns(prompt: Prompt) -> Int[np.ndarray, " length"]:
    """Column of ``AMINO_ACIDS`` of each given residue; -1 for masked and non-standard ones."""
    return np.array([AMINO_ACIDS.find(str(letter)) for letter in prompt.sequence])


def _passes(at: Int[np.ndarray, " chosen"], layout: Layout) -> Iterator[np.ndarray]:
    size = max(1, TOKENS_AT_ONCE // layout.length)
    for start in range(0, len(at), size):
        yield at[start : start + size]


def _log_probabilities(
    model: Model, tokens: ResidueTokens, layout: Layout, at: Int[np.ndarray, " some"]
) -> Float[np.ndarray, "some 20"]:
    mask = np.array([TRACKS[Track.SEQUENCE].mask])
    hidden = [tokens.filled(Track.SEQUENCE, np.array([i]), mask) for i in at]
    rows = to_rows(hidden, [layout] * len(at), model.device)
    with torch.inference_mode():
        logits = model.trunk(rows, [Track.SEQUENCE])[Track.SEQUENCE]
        own = logits[torch.arange(len(at)), torch.from_numpy(layout.rows[at])]
        return own[:, torch.from_numpy(AMINO_ACID_IDS)].float().log_softmax(-1).cpu().numpy()
