"""Landscape: log-odds of every single mutation [Meier et al. 2021].

*Masked-marginal*: each residue is hidden and predicted from all the rest. *Wild-type-marginal*: the
model sees every residue, in one pass; cheaper, and each residue speaks for itself.
"""

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int

from ..constants import AMINO_ACIDS
from ..errors import PromptError
from ..model.model import Model
from ..prompt import Prompt, Where
from ..tokenizers.codec import encode
from ..tokenizers.layout import Layout
from ..tracks import Track
from .alternatives import entropy_of
from .asking import METHODS, Progress
from .batches import in_batches
from .hidden import log_probabilities, read
from .likelihood import given_columns

if TYPE_CHECKING:
    import pandas as pd


def landscape(
    model: Model,
    prompt: Prompt,
    where: Where = slice(None),
    method: str = METHODS[0],
    progress: Progress | None = None,
) -> "pd.DataFrame":
    """Log-odds of every amino acid against the one that stands there, at these residues.

    One row per residue (``A:45``): ``letter``, what the others are held against; ``entropy`` of the
    model's choice in nats; and a column per amino acid, positive where the model prefers it. Where
    the prompt gives no standard residue the template's is taken, or else the likeliest.
    """
    import pandas as pd

    if method not in METHODS:
        raise PromptError(f"there is no method {method!r}; use {' or '.join(METHODS)}")
    at = prompt.positions(where)
    visible = method != METHODS[0]
    logs = (_visible if visible else log_probabilities)(model, prompt, at, progress=progress)
    column = letter_columns(prompt, at, logs)
    odds = logs - logs[np.arange(len(at)), column][:, None]
    return pd.DataFrame(
        {
            "letter": [AMINO_ACIDS[i] for i in column],
            "entropy": entropy_of(np.exp(logs)),
            **dict(zip(AMINO_ACIDS, odds.T, strict=True)),
        },
        index=pd.Index([prompt.template.label(int(i)) for i in at], name="residue"),
    )


def letter_columns(
    prompt: Prompt, at: Int[np.ndarray, " chosen"], logs: Float[np.ndarray, "chosen 20"]
) -> Int[np.ndarray, " chosen"]:
    """Columns of the letters judged: given, else the template's, else the likeliest."""
    given = given_columns(prompt)[at]
    native = np.array([AMINO_ACIDS.find(prompt.template.sequence[i]) for i in at], int)
    return np.where(given >= 0, given, np.where(native >= 0, native, logs.argmax(-1)))


def _visible(
    model: Model,
    prompt: Prompt,
    at: Int[np.ndarray, " chosen"],
    progress: Progress | None = None,
) -> Float[np.ndarray, "chosen 20"]:
    """Log-probabilities where every residue is seen as it is given."""
    tokens, layout = encode(prompt, model), Layout.of(prompt.template)
    results = np.empty((len(at), len(AMINO_ACIDS)), np.float32)

    def work(_: range) -> None:
        places = np.stack([np.zeros_like(at), layout.rows[at]])
        results[:] = read(model, [tokens], layout, places, Track.SEQUENCE)

    in_batches(model, layout.length, 1, work, progress)
    return results
