"""What a prompt looks like in space: its own coordinates, and the template's where those fit.

A prompt with the template's own coordinates, or without any, is shown at the template's place: its
masked residues stand where the template has them. A prompt with other coordinates is shown alone.
"""

import numpy as np
from jaxtyping import Float

from .constants import MASK
from .protein import Confidence, Protein

Atoms = Float[np.ndarray, "length 37 3"]


def fits(template: Protein, own: Atoms) -> bool:
    """Whether these coordinates, NaN where there are none, are the template's own."""
    known = np.isfinite(own)
    return np.array_equal(own[known], template.coordinates[known], equal_nan=True)


def in_template(template: Protein, own: Atoms) -> Protein:
    """The template with these coordinates; where they fit, its own for all other residues.

    Confidence is that of residues which lie as in the template, NaN elsewhere; secondary structure
    and areas are the template's where its coordinates are, and else unknown.
    """
    if fits(template, own):
        present = np.asarray(np.isfinite(own).any(axis=(1, 2)))
        return template.with_(confidence=_confidence_at(present, template.confidence))
    return template.with_(
        coordinates=own,
        ss8=MASK * len(template),
        sasa=np.full(len(template), np.nan, np.float32),
        confidence=None,
    )


def _confidence_at(present: np.ndarray, confidence: Confidence | None) -> Confidence | None:
    if confidence is None or present.all():
        return confidence
    return Confidence(np.where(present, confidence.plddt, np.nan)) if present.any() else None
