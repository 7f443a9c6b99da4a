"""States of a prompt's cells, and how one, several or all tracks are named."""

from collections.abc import Iterable
from enum import IntEnum

from .tracks import Track

Tracks = Track | str | Iterable[Track | str] | None

ANNOTATION_TRACKS = (Track.FUNCTION, Track.RESIDUE)


class State(IntEnum):
    """What the model does with a cell; a *sampled* value is read like a given one."""

    MASKED = 0
    GIVEN = 1
    NONE = 2
    SAMPLED = 3


def tracks_of(track: Tracks) -> list[Track]:
    """The tracks that are meant; None is all of them."""
    if track is None:
        return list(Track)
    if isinstance(track, str):
        return [Track.named(track)]
    return [Track.named(name) for name in track]


def row_of(track: Track) -> int:
    """Which row, from 0, a track is among all."""
    return list(Track).index(track)
