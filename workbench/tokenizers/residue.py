"""Letter and number tracks as token ids: sequence, SS8 and SASA.

Ids are those of ``TRACKS``. Masked values (``_``, NaN) become the track's mask id and come back
unchanged.
"""

import numpy as np
from jaxtyping import Float, Int, Shaped

from ..constants import AMINO_ACIDS, MASK, SASA_EDGES
from ..errors import PromptError
from ..tracks import SEQUENCE_TOKENS, SS8_TOKENS, TRACKS, Track

_VOCABULARY = {Track.SEQUENCE: SEQUENCE_TOKENS, Track.SS8: SS8_TOKENS}
_LETTER_IDS = {
    track: {letter: i for i, letter in enumerate(tokens) if len(letter) == 1}
    | {MASK: TRACKS[track].mask}
    for track, tokens in _VOCABULARY.items()
}
_SASA_CENTRES = np.array(
    [(low + high) / 2 for low, high in zip((0.0, *SASA_EDGES), (*SASA_EDGES, 180.0), strict=True)],
    dtype=np.float32,
)
AMINO_ACID_IDS = np.array([_LETTER_IDS[Track.SEQUENCE][letter] for letter in AMINO_ACIDS])
"""Sequence token of each of ``AMINO_ACIDS``."""


def encode_letters(
    letters: Shaped[np.ndarray, " length"] | str, track: Track
) -> Int[np.ndarray, " length"]:
    """Token ids of one-letter values of the sequence or SS8 track."""
    table = _LETTER_IDS[track]
    try:
        return np.array([table[letter] for letter in letters], dtype=np.int64)
    except KeyError as error:
        raise PromptError(f"{error.args[0]!r} is no letter of the {track} track") from None


def decode_letters(ids: Int[np.ndarray, " length"], track: Track) -> Shaped[np.ndarray, " length"]:
    """One-letter values of token ids; every id that says nothing of a residue is ``_``."""
    tokens, values = _VOCABULARY[track], TRACKS[track].values
    return np.array([tokens[i] if i in values else MASK for i in ids.tolist()])


def encode_sasa(areas: Float[np.ndarray, " length"]) -> Int[np.ndarray, " length"]:
    """Token ids of areas in Å²; NaN becomes the mask."""
    spec = TRACKS[Track.SASA]
    areas = np.asarray(areas, np.float32)
    bins = np.searchsorted(np.array(SASA_EDGES, np.float32), np.nan_to_num(areas), side="left")
    return np.where(np.isnan(areas), spec.mask, bins + spec.values.start).astype(np.int64)


def decode_sasa(ids: Int[np.ndarray, " length"]) -> Float[np.ndarray, " length"]:
    """Centre of each bin in Å² (the open last bin at 165.7); NaN for every special id."""
    values = TRACKS[Track.SASA].values
    known = (ids >= values.start) & (ids < values.stop)
    bins = np.clip(ids - values.start, 0, len(values) - 1)
    return np.where(known, _SASA_CENTRES[bins], np.nan).astype(np.float32)
