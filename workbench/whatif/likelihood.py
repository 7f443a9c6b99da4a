"""Likelihood: how probable the model finds a prompt's sequence, residue by residue."""

import numpy as np
from jaxtyping import Float, Int

from ..constants import AMINO_ACIDS
from ..model.model import Model
from ..prompt import Prompt, Where
from .asking import Progress
from .hidden import log_probabilities


def residue_log_probabilities(
    model: Model, prompt: Prompt, where: Where = slice(None), progress: Progress | None = None
) -> Float[np.ndarray, "chosen 20"]:
    """Log-probability of each of ``AMINO_ACIDS`` at these residues, each hidden in its turn."""
    return log_probabilities(model, prompt, prompt.positions(where), progress=progress)


def pseudo_likelihood(
    model: Model, prompt: Prompt, progress: Progress | None = None
) -> Float[np.ndarray, " length"]:
    """Log-probability of each given residue, itself hidden; its mean is the protein's score.

    NaN where the prompt gives no standard residue.
    """
    column = given_columns(prompt)
    chances = residue_log_probabilities(model, prompt, progress=progress)
    own = chances[np.arange(len(prompt)), column]
    return np.where(column >= 0, own, np.nan).astype(np.float32)


def given_columns(prompt: Prompt) -> Int[np.ndarray, " length"]:
    """Column of ``AMINO_ACIDS`` of each given residue; -1 for masked and non-standard ones."""
    return np.array([AMINO_ACIDS.find(str(letter)) for letter in prompt.sequence])
