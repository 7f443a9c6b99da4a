"""What a design has, residue by residue, where its prompt gives SS8, SASA or coordinates.

Only what a person gave counts, not what a model filled before. Arrays are on the
prompt's residues.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ..constants import CA, MASK, C, N
from ..geometry import superpose_points
from ..prompt import Prompt
from ..protein import Protein, known_atoms
from . import agreement
from .adherence import motif_of


@dataclass(frozen=True, slots=True)
class Achieved:
    """What a design has at each residue that its prompt gives.

    ``ss8`` is the class of the design's backbone, ``_`` where the prompt gives none or there is no
    backbone; ``sasa`` the area in Å² that its coordinates have; ``deviation`` how far N, CA and C
    are from those given (root mean square, Å, superposed on all that are given). Both are NaN where
    the prompt gives nothing.
    """

    ss8: str
    sasa: Float[np.ndarray, " length"]
    deviation: Float[np.ndarray, " length"]


def achieved_of(design: Protein, prompt: Prompt) -> Achieved:
    """What the design has where the prompt gives SS8, SASA or coordinates."""
    given = prompt.mask_sampled()
    ss8 = "".join(
        achieved if painted != MASK else MASK
        for painted, achieved in zip(given.ss8, agreement.folded_ss8(design), strict=True)
    )
    sasa = np.where(np.isfinite(given.sasa), agreement.folded_sasa(design), np.nan)
    return Achieved(ss8, sasa, _deviation(design, motif_of(prompt)))


def _deviation(design: Protein, motif: Protein) -> Float[np.ndarray, " length"]:
    deviation = np.full(len(design), np.nan)
    backbone = [N, CA, C]
    moving, fixed = (
        protein.coordinates[:, backbone].astype(np.float64) for protein in (design, motif)
    )
    known = (known_atoms(moving) & known_atoms(fixed)).all(axis=-1)
    if known.any():
        target = fixed[known].reshape(-1, 3)
        apart = superpose_points(moving[known].reshape(-1, 3), target) - target
        squares = (apart**2).sum(axis=-1).reshape(-1, len(backbone))
        deviation[known] = np.sqrt(squares.mean(axis=-1))
    return deviation
