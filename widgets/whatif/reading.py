"""Reading: what the model said of a prompt, kept until something else is asked."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.prompt import Prompt

from ..axis import same_axis

if TYPE_CHECKING:
    import pandas as pd

MUTATIONS, WHY, INFLUENCE, PAIRS = "mutations", "why", "influence", "pairs"
RAMACHANDRAN = "ramachandran"


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """An answer about ``prompt``: a table or an array, and how it was asked (method, residues)."""

    prompt: Prompt
    description: str
    answer: "pd.DataFrame | np.ndarray"

    def place(self, shown: Prompt) -> dict[str, Any]:
        """Whether it is of what is on view, and else whether that has the same residues."""
        return {
            "stale": self.prompt is not shown and not self.prompt.same_as(shown),
            "fits": same_axis(self.prompt.template, shown.template),
        }


def labels(prompt: Prompt) -> list[str]:
    """The file's name of every residue."""
    return [prompt.template.label(i) for i in range(len(prompt))]
