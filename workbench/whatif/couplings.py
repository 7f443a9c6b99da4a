"""Couplings: how much two residues depend on each other in the model.

The categorical Jacobian [Zhang et al. 2024, PNAS 121, e2406285121]: every residue is set to each of
the 20 amino acids in turn, and the changes of all residues' logits are read. Contacts stand out
once the average-product correction [Dunn et al. 2008] has taken away what a residue shares with all
others.
"""

import numpy as np
import torch
from jaxtyping import Float

from ..constants import AMINO_ACIDS
from ..errors import PromptError
from ..model.model import Model
from ..prompt import Prompt, Where
from ..sampling.batching import SHARE_OF_FREE, free_bytes
from ..tokenizers.codec import encode, to_rows
from ..tokenizers.layout import Layout
from ..tokenizers.residue import AMINO_ACID_IDS
from ..tracks import Track
from .asking import Progress
from .batches import in_batches

LETTERS = len(AMINO_ACIDS)
COPIES = 3
"""Copies of the Jacobian in memory at the worst."""


def couplings(
    model: Model,
    prompt: Prompt,
    where: Where = slice(None),
    *,
    corrected: bool = True,
    progress: Progress | None = None,
) -> Float[np.ndarray, "chosen chosen"]:
    """Coupling of every two of these residues: symmetric, 0 on the diagonal, larger is stronger.

    ``corrected`` takes the average product away. The rest of the prompt stays as it is.
    """
    return coupling_strengths(jacobian(model, prompt, where, progress), corrected=corrected)


def jacobian(
    model: Model, prompt: Prompt, where: Where = slice(None), progress: Progress | None = None
) -> Float[np.ndarray, "chosen 20 chosen 20"]:
    """Change of each residue's logits (last two axes) when one is set to an amino acid."""
    at = prompt.positions(where)
    refuse_too_many(len(at), free_bytes(torch.device("cpu")))
    tokens, layout = encode(prompt, model), Layout.of(prompt.template)
    read_at = torch.from_numpy(layout.rows[at]).to(model.device)
    ids = torch.from_numpy(AMINO_ACID_IDS).to(model.device)
    changes = np.empty((len(at) * LETTERS, len(at), LETTERS), np.float32)

    def logits(rows: list) -> np.ndarray:
        with torch.inference_mode():
            batch = to_rows(rows, [layout] * len(rows), model.device)
            of_all = model.trunk(batch, [Track.SEQUENCE])[Track.SEQUENCE]
            return of_all[:, read_at][..., ids].float().cpu().numpy()

    def work(some: range) -> None:
        changed = [
            tokens.filled(Track.SEQUENCE, at[[i // LETTERS]], AMINO_ACID_IDS[[i % LETTERS]])
            for i in some
        ]
        changes[some.start : some.stop] = logits(changed)

    in_batches(model, layout.length, len(changes), work, progress)
    changes -= logits([tokens])
    return changes.reshape(len(at), LETTERS, len(at), LETTERS)


def coupling_strengths(
    changes: Float[np.ndarray, "chosen letters chosen letters"], *, corrected: bool = True
) -> Float[np.ndarray, "chosen chosen"]:
    """The Jacobian centred on every axis and made symmetric, as norms over the letters."""
    centred = changes.copy()
    for axis in range(centred.ndim):
        centred -= centred.mean(axis, keepdims=True)
    centred = (centred + centred.transpose(2, 3, 0, 1)) / 2
    strength = np.sqrt(np.square(centred, out=centred).sum((1, 3)))
    np.fill_diagonal(strength, 0)
    return average_product_corrected(strength) if corrected else strength


def average_product_corrected(
    strength: Float[np.ndarray, "chosen chosen"],
) -> Float[np.ndarray, "chosen chosen"]:
    """Subtract the average product: the two residues' sums multiplied, over the total sum."""
    along, whole = strength.sum(0), strength.sum()
    if not whole:
        return strength
    corrected = strength - np.outer(along, along) / whole
    np.fill_diagonal(corrected, 0)
    return corrected.astype(np.float32)


def refuse_too_many(residues: int, free: int) -> None:
    """Raise PromptError where the couplings of so many residues do not fit into ``free`` bytes."""
    needed = COPIES * 4 * (residues * LETTERS) ** 2
    if needed > SHARE_OF_FREE * free:
        raise PromptError(
            f"the couplings of {residues} residues take {needed / 1e9:.0f} GB of memory; "
            "choose fewer residues"
        )
