"""Chain placement: the chains of a chained model, each where the prompt has it.

A chained decoder goes on from one chain to the next as if they were joined; its tokens do not say
how chains lie to each other. Where the prompt says it, that holds.
"""

import numpy as np
from jaxtyping import Float

from ..geometry import superpose
from ..model.model import Model
from ..prompt import Prompt

FEWEST = 3
"""Given residues that tell where a chain lies."""


def place_chains(
    atoms: Float[np.ndarray, "length 37 3"], prompt: Prompt, model: Model
) -> Float[np.ndarray, "length 37 3"]:
    """Each chain laid on its given residues, in Å; one without goes with the chain before it.

    These atoms themselves for a model whose decoder is not chained, and where fewer than two chains
    have given residues.
    """
    given = prompt.has_backbone
    ranges = prompt.template.chain_ranges if model.config.decoder.chained else ()
    starts = [start for start, stop in ranges if given[start:stop].sum() >= FEWEST]
    if len(starts) < 2:
        return atoms
    target = np.where(given[:, None, None], prompt.coordinates, np.nan)
    parts = np.split(np.arange(len(prompt)), starts[1:])
    return np.concatenate([superpose(atoms[part], target[part]) for part in parts])
