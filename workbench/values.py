"""Values as people write them on a track: letters and areas, one for all residues or one each."""

from typing import Any

import numpy as np
from jaxtyping import Float

from .constants import MASK, SS8_CLASSES
from .errors import PromptError
from .protein import SEQUENCE_LETTERS, as_ss8
from .tracks import Track

LETTER_TRACKS = {Track.SEQUENCE: SEQUENCE_LETTERS, Track.SS8: frozenset(SS8_CLASSES) | {MASK}}


def read_letters(value: object, track: Track, count: int) -> list[str]:
    """Letters of a letter track for ``count`` residues; None masks."""
    given: Any = MASK if value is None else value
    letters = list(given) if isinstance(given, str | list | tuple | np.ndarray) else [given]
    if len(letters) not in (1, count):
        raise PromptError(
            f"{len(letters)} letters do not fit {count} residues of the {track} track; "
            "give one letter or one per residue"
        )
    if track is Track.SS8:
        letters = [as_ss8(letter) if isinstance(letter, str) else letter for letter in letters]
    for letter in letters:
        if letter not in LETTER_TRACKS[track]:
            alphabet = "".join(sorted(LETTER_TRACKS[track]))
            raise PromptError(f"{letter!r} is no letter of the {track} track; use {alphabet}")
    return letters


def read_areas(value: object, count: int) -> Float[np.ndarray, " values"]:
    """Solvent accessible areas in Å² for ``count`` residues; NaN where None or ``_`` masks."""
    try:
        areas = np.array(
            [np.nan if v is None or v == MASK else float(v) for v in _as_list(value)],
            np.float32,
        )
    except (TypeError, ValueError):
        raise PromptError(
            f"{value!r} is no solvent accessible area; give Å² or {MASK} to mask"
        ) from None
    if len(areas) not in (1, count):
        raise PromptError(f"{len(areas)} areas do not fit {count} residues; give one or one each")
    if np.isinf(areas).any() or (areas < 0).any():
        raise PromptError(f"a solvent accessible area is finite and at least 0 Å², not {value!r}")
    return areas


def count_values(value: object) -> int:
    """How many values were written: 1 unless a text or list has one for each residue."""
    return len(value) if isinstance(value, str | list | tuple | np.ndarray) else 1


def _as_list(value: object) -> list:
    return list(value) if isinstance(value, list | tuple | np.ndarray) else [value]


def in_order(where: object, at: np.ndarray) -> None:
    """Refuse positions ``at`` that were not written in their order, where each gets a value."""
    if isinstance(where, str | slice) or np.asarray(where).dtype == bool:
        return
    if np.asarray(where).reshape(-1).tolist() != at.tolist():
        raise PromptError(
            "give positions in ascending order, each once, where each gets its own value"
        )
