"""The tracks of ESM3 and the one table of their token ids.

A person masks every track in the same way; which id that means belongs here alone.
Source: Hayes et al. 2025, A.1.3 and A.1.5.1, and the published checkpoint's vocabularies.
"""

from dataclasses import dataclass
from enum import StrEnum

from .constants import SASA_EDGES, SS8_CLASSES
from .errors import PromptError


class Track(StrEnum):
    """One aspect of a residue that the model reads and predicts."""

    SEQUENCE = "sequence"
    STRUCTURE = "structure"
    SS8 = "ss8"
    SASA = "sasa"
    FUNCTION = "function"
    RESIDUE = "residue"

    @classmethod
    def named(cls, name: str) -> "Track":
        """The track a person means, or a PromptError that lists the tracks there are."""
        try:
            return cls(name.strip().lower())
        except ValueError:
            known = ", ".join(track.value for track in cls)
            raise PromptError(f"there is no track {name!r}; the tracks are {known}") from None


@dataclass(frozen=True, slots=True)
class TrackSpec:
    """Token ids of one track.

    ``tokens`` names every id in order where ids have names; ``values`` is the half-open range of
    ids that say something about a residue, everything else is special.
    """

    title: str
    size: int
    values: range
    mask: int
    pad: int
    bos: int
    eos: int
    chain_break: int
    width: int = 1
    tokens: tuple[str, ...] = ()


SEQUENCE_TOKENS = (
    "<cls>", "<pad>", "<eos>", "<unk>", *"LAGVSERTIDPKQNFYMHWCXBUZO.-", "|", "<mask>",
)  # fmt: skip
SS8_TOKENS = ("<pad>", "<motif>", "<unk>", *SS8_CLASSES)
SASA_TOKENS = (
    "<pad>", "<motif>", "<unk>",
    *(f"<{edge} Å²" for edge in SASA_EDGES), f">{SASA_EDGES[-1]} Å²",
)  # fmt: skip

CODEBOOK_SIZE = 4096
FUNCTION_NONE = 3
RESIDUE_NONE = 3
MAX_RESIDUE_LABELS = 16

TRACKS: dict[Track, TrackSpec] = {
    Track.SEQUENCE: TrackSpec(
        "sequence", 64, range(4, 31), 32, 1, 0, 2, 31, tokens=SEQUENCE_TOKENS
    ),
    Track.STRUCTURE: TrackSpec(
        "structure", CODEBOOK_SIZE + 5, range(CODEBOOK_SIZE), 4096, 4099, 4098, 4097, 4100
    ),
    Track.SS8: TrackSpec("secondary structure", 11, range(3, 11), 0, 0, 0, 0, 0, tokens=SS8_TOKENS),
    Track.SASA: TrackSpec(
        "solvent accessibility", 19, range(3, 19), 0, 0, 0, 0, 0, tokens=SASA_TOKENS
    ),
    Track.FUNCTION: TrackSpec("function", 260, range(3, 260), 0, 0, 0, 0, 0, width=8),
    Track.RESIDUE: TrackSpec(
        "sites", 1478, range(3, 1478), 0, 0, 0, 0, 0, width=MAX_RESIDUE_LABELS
    ),
}
