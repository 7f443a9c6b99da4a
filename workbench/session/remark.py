"""Remark: what a person thinks of a design."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import SamplingError

MOST_STARS = 3
MOST_LETTERS = 500


@dataclass(frozen=True, slots=True)
class Remark:
    """``stars`` from 0 to 3, and a note on one line of at most 500 letters."""

    stars: int = 0
    note: str = ""

    def __post_init__(self) -> None:
        stars, note = self.stars, self.note
        whole = isinstance(stars, int) and not isinstance(stars, bool)
        if not (whole and 0 <= stars <= MOST_STARS):
            raise SamplingError(f"{str(stars)[:40]!r} stars; give a whole number from 0 to 3")
        if not isinstance(note, str):
            raise SamplingError(f"a note is text, not {type(note).__name__}")
        line = " ".join(note.encode("utf-8", "replace").decode("utf-8").split())
        if len(line) > MOST_LETTERS:
            raise SamplingError(
                f"a note of {len(line)} letters; {MOST_LETTERS} fit, so keep the rest elsewhere"
            )
        object.__setattr__(self, "note", line)

    def __str__(self) -> str:
        stars = "★" * self.stars + "☆" * (MOST_STARS - self.stars)
        return f"{stars} {self.note}".rstrip()


NO_REMARK = Remark()

Remarks = Mapping[str, Remark]
"""Remarks by the name of their design; designs without one are left out."""


def changed(before: Remarks, after: Remarks) -> dict[str, Remark]:
    """What makes the second of these of the first."""
    return {
        name: after.get(name, NO_REMARK)
        for name in (*before, *(name for name in after if name not in before))
        if after.get(name, NO_REMARK) != before.get(name, NO_REMARK)
    }


def with_changes(remarks: Remarks, changes: Remarks) -> Remarks:
    """Remarks with these in the place of earlier ones."""
    return {name: remark for name, remark in {**remarks, **changes}.items() if remark != NO_REMARK}
