"""What a design has, residue by residue, where its prompt asks for something: asked and got.

Only what a person gave counts as asked for, not what a model filled before. Arrays are on the
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
from .adherence import asked_of, motif_of


@dataclass(frozen=True, slots=True)
class AskedGot:
    """``ss8`` is the class got, ``_`` where none is asked for or none can be said; ``sasa`` the
    area got in Å², ``deviation`` how far N, CA and C are from those given (root mean square, Å,
    superposed on all that are given), both NaN where nothing is asked for.
    """

    ss8: str
    sasa: Float[np.ndarray, " length"]
    deviation: Float[np.ndarray, " length"]


def asked_and_got(design: Protein, prompt: Prompt) -> AskedGot:
    """What the design has where the prompt gives SS8, SASA or coordinates."""
    asked = asked_of(prompt)
    ss8 = "".join(
        got if wanted != MASK else MASK
        for wanted, got in zip(asked.ss8, agreement.ss8_of(design), strict=True)
    )
    sasa = np.where(np.isfinite(asked.sasa), agreement.sasa_of(design), np.nan)
    return AskedGot(ss8, sasa, _deviation(design, motif_of(prompt)))


def _deviation(design: Protein, motif: Protein) -> Float[np.ndarray, " length"]:
    found = np.full(len(design), np.nan)
    backbone = [N, CA, C]
    moving, fixed = (one.coordinates[:, backbone].astype(np.float64) for one in (design, motif))
    known = (known_atoms(moving) & known_atoms(fixed)).all(axis=-1)
    if known.any():
        there = fixed[known].reshape(-1, 3)
        apart = superpose_points(moving[known].reshape(-1, 3), there) - there
        squares = (apart**2).sum(axis=-1).reshape(-1, len(backbone))
        found[known] = np.sqrt(squares.mean(axis=-1))
    return found
