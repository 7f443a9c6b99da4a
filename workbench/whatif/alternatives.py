"""Alternatives: what the model would choose at a cell of the prompt, and how likely each choice."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float, Int

from ..model.model import Model
from ..prompt import Prompt, Where
from ..tokenizers.codec import encode
from ..tracks import Track
from .asking import Progress
from .hidden import choices_of, columns_of, log_probabilities

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Alternatives:
    """The model's choice at some residues of one track.

    ``given`` and ``native`` are columns of ``choices``: what the prompt gives and what the template
    has, -1 where there is nothing. A given cell was read as if it were masked.
    """

    track: Track
    positions: Int[np.ndarray, " chosen"]
    labels: tuple[str, ...]
    choices: tuple[str, ...]
    probabilities: Float[np.ndarray, "chosen choices"]
    given: Int[np.ndarray, " chosen"]
    native: Int[np.ndarray, " chosen"]

    @property
    def masked(self) -> Bool[np.ndarray, " chosen"]:
        """Which cells the prompt leaves to the model."""
        return self.given < 0

    @property
    def entropy(self) -> Float[np.ndarray, " chosen"]:
        """How undecided the model is, in nats."""
        return entropy_of(self.probabilities)

    def table(self) -> "pd.DataFrame":
        """One row per residue, one column per choice."""
        import pandas as pd

        index = pd.Index(self.labels, name="residue")
        return pd.DataFrame(self.probabilities, index=index, columns=list(self.choices))


def alternatives(
    model: Model,
    prompt: Prompt,
    where: Where = slice(None),
    track: Track | str = Track.SEQUENCE,
    progress: Progress | None = None,
) -> Alternatives:
    """The model's probabilities at these residues under this prompt.

    ``track`` is sequence, structure (codes of the model's own alphabet), ss8 or sasa (bins in Å²).
    One pass answers all masked cells; each given one takes a row of its own. What the prompt allows
    or favours of amino acids is not counted in.
    """
    track, at = Track.named(track), prompt.positions(where)
    choices = choices_of(track)
    native = Prompt.from_protein(prompt.template, track)
    given, own = (
        columns_of(getattr(encode(given_prompt, model), track.value)[at], track)
        for given_prompt in (prompt, native)
    )
    return Alternatives(
        track,
        at,
        tuple(prompt.template.label(int(i)) for i in at),
        choices,
        np.exp(log_probabilities(model, prompt, at, track, progress)),
        given,
        own,
    )


def entropy_of(probabilities: Float[np.ndarray, "chosen choices"]) -> Float[np.ndarray, " chosen"]:
    """Entropy in nats; impossible choices count nothing."""
    logs = np.log(np.maximum(probabilities, np.finfo(np.float32).tiny))
    return -(probabilities * logs).sum(-1)
