"""What the track editor's Python and JavaScript both know: rows, alphabets, states and bands.

It is sent once, as the trait ``spec``; no number or word of it stands in a browser module.
"""

from typing import Any

from workbench.constants import AMINO_ACIDS, MASK, RESIDUE_NAMES, SS8_CLASSES
from workbench.neighbours import NEAR
from workbench.prompt import ANNOTATION_TRACKS, State
from workbench.tracks import Track

from .. import palette

LABELS = {
    Track.SEQUENCE: "Sequence",
    Track.STRUCTURE: "Structure",
    Track.SS8: "SS8",
    Track.SASA: "SASA",
    Track.FUNCTION: "Function",
    Track.RESIDUE: "Sites",
}
MASKED_TOGETHER = [Track.SEQUENCE.value, Track.STRUCTURE.value]
"""Tracks that a button masks when it leaves residues to the model."""

RESULTS = ("pLDDT", "Entropy")
"""Labels of the rows below the tracks, as ``rows.result_rows`` gives them."""

OTHERS = "".join(residue_name for residue_name in RESIDUE_NAMES if residue_name not in AMINO_ACIDS)
ALPHABETS = {
    Track.SEQUENCE: "".join(sorted(AMINO_ACIDS)) + OTHERS,
    Track.SS8: SS8_CLASSES,
}


def spec() -> dict[str, Any]:
    """The whole as JSON. Rows are in the order of ``Track``; pLDDT bands are in 0–1, best first."""
    return {
        "rows": [
            {
                "name": track.value,
                "label": LABELS[track],
                "alphabet": ALPHABETS.get(track, ""),
                "annotated": track in ANNOTATION_TRACKS,
            }
            for track in Track
        ],
        "results": list(RESULTS),
        "states": {state.name.lower(): int(state) for state in State},
        "mask": MASK,
        "standard": AMINO_ACIDS,
        "ss8": palette.brushes(),
        "bands": [[edge / 100, color] for edge, color, _ in palette.PLDDT_BANDS],
        "exposed": palette.AREA_TOP,
        "masked_together": MASKED_TOGETHER,
        "near": NEAR,
    }
