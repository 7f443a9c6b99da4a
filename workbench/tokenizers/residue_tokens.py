"""ResidueTokens: what a model reads and decides, on the residue axis; records keep them."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int

from ..tracks import TRACKS, Track


@dataclass(frozen=True, slots=True, eq=False)
class ResidueTokens:
    """Token ids of one protein on its residue axis, and the backbone that is given as frames.

    ``plddt`` is NaN where the prompt gives none.
    """

    sequence: Int[np.ndarray, " length"]
    structure: Int[np.ndarray, " length"]
    ss8: Int[np.ndarray, " length"]
    sasa: Int[np.ndarray, " length"]
    function: Int[np.ndarray, "length 8"]
    residue: Int[np.ndarray, "length 16"]
    backbone: Float[np.ndarray, "length 3 3"]
    plddt: Float[np.ndarray, " length"]

    def masked(self, track: Track) -> Bool[np.ndarray, " length"]:
        """Where the model has still to decide."""
        ids = getattr(self, track.value) == TRACKS[track].mask
        return ids.all(-1) if ids.ndim > 1 else ids

    def filled(
        self,
        track: Track,
        positions: Int[np.ndarray, " chosen"],
        ids: Int[np.ndarray, "chosen *width"],
    ) -> "ResidueTokens":
        """These tokens with some positions of one track decided."""
        values = getattr(self, track.value).copy()
        values[positions] = ids
        return replace(self, **{track.value: values})
