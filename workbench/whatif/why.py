"""Why: which tracks and annotations of a prompt speak for a residue, and what each one changes."""

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from ..constants import AMINO_ACIDS
from ..errors import PromptError
from ..model.model import Model
from ..prompt import Prompt, Where
from ..sampling.guidance import reasons_of, without
from .asking import Progress, shares
from .hidden import log_probabilities
from .landscape import letter_columns

if TYPE_CHECKING:
    import pandas as pd


def why(
    model: Model, prompt: Prompt, where: Where = slice(None), progress: Progress | None = None
) -> "pd.DataFrame":
    """How much each given track and annotation speaks for the residues that are there.

    One row per residue: its ``letter`` (given, else the template's, else the likeliest), and for
    each of ``reasons_of`` the drop in the letter's log-probability, in nats, when that is left out
    of the prompt; negative where it speaks against the letter. ``sequence`` is that of the other
    residues. Every residue is hidden in its turn.
    """
    import pandas as pd

    at, names = prompt.positions(where), reasons_of(prompt)
    turns = shares(progress, len(names) + 1)
    whole = log_probabilities(model, prompt, at, progress=next(turns))
    column, row = letter_columns(prompt, at, whole), np.arange(len(at))
    drops = {"letter": [AMINO_ACIDS[i] for i in column]} | {
        name: (whole - log_probabilities(model, without(prompt, name), at, progress=turn))[
            row, column
        ]
        for name, turn in zip(names, turns, strict=True)
    }
    places = [prompt.template.label(int(i)) for i in at]
    return pd.DataFrame(drops, index=pd.Index(places, name="residue"))


def influence(
    model: Model, prompt: Prompt, reason: str, progress: Progress | None = None
) -> Float[np.ndarray, " length"]:
    """How much a track or annotation changes the model's choice at every residue, in nats.

    The Kullback–Leibler divergence of the 20 probabilities with it from those without it; every
    residue is hidden in its turn.
    """
    if reason not in reasons_of(prompt):
        known = ", ".join(reasons_of(prompt)) or "nothing"
        raise PromptError(f"the prompt gives no {reason!r} to leave out; it gives {known}")
    everywhere = np.arange(len(prompt))
    with_it, without_it = (
        log_probabilities(model, asked_prompt, everywhere, progress=turn).astype(float)
        for asked_prompt, turn in zip(
            (prompt, without(prompt, reason)), shares(progress, 2), strict=True
        )
    )
    return (np.exp(with_it) * (with_it - without_it)).sum(-1).astype(np.float32)
