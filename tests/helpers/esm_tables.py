"""Where the reference's vocabularies have each choice, from the published lists alone."""

from workbench.constants import AMINO_ACIDS
from workbench.tracks import Track

SEQUENCE_VOCABULARY = [
    "<cls>", "<pad>", "<eos>", "<unk>", *"LAGVSERTIDPKQNFYMHWCXBUZO.-", "|", "<mask>",
]  # fmt: skip
COLUMNS = {
    Track.SEQUENCE: [SEQUENCE_VOCABULARY.index(letter) for letter in AMINO_ACIDS],
    Track.STRUCTURE: list(range(4096)),
    Track.SS8: list(range(3, 11)),
    Track.SASA: list(range(3, 19)),
}
"""Ids of the choices of ``workbench.whatif.hidden.choices_of``, in its order."""
