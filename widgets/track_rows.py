"""What the track editor draws, as plain arrays in the order of ``Track``.

A display state says how a cell looks: the prompt's three states, and *sampled* for what a run
filled.
"""

from enum import IntEnum

import numpy as np
from jaxtyping import Float, UInt8

from workbench.prompt import ANNOTATION_TRACKS, Prompt, State
from workbench.protein import Protein
from workbench.tracks import Track

from .frame import Frame


class Look(IntEnum):
    """Display state of a cell."""

    MASKED = State.MASKED
    GIVEN = State.GIVEN
    NONE = State.NONE
    SAMPLED = 3


def looks(prompt: Prompt, filled: Prompt) -> UInt8[np.ndarray, "track length"]:
    """Look of every cell of ``filled``: sampled where only ``prompt`` is masked."""
    rows = []
    for track in Track:
        asked, now = prompt.state(track), filled.state(track)
        sampled = (asked == State.MASKED) & (now != State.MASKED)
        rows.append(np.where(sampled, Look.SAMPLED, now))
    return np.array(rows, np.uint8)


def letters(prompt: Prompt) -> bytes:
    """ASCII of the sequence and then of SS8, ``_`` where masked."""
    return "".join([*prompt.sequence, *prompt.ss8]).encode("ascii")


def areas(prompt: Prompt) -> bytes:
    """SASA in Å² as float32, NaN where masked."""
    return np.ascontiguousarray(prompt.sasa, np.float32).tobytes()


def annotations(prompt: Prompt) -> list[dict]:
    """Labelled ranges of the function and residue rows."""
    return [
        {"row": row, "label": one.label, "start": one.start, "stop": one.stop}
        for row, track in enumerate(Track)
        if track in ANNOTATION_TRACKS
        for one in (prompt.function if track is Track.FUNCTION else prompt.residue)
    ]


def results(prompt: Prompt, frame: Frame | None) -> Float[np.ndarray, "2 length"]:
    """The result rows: pLDDT (0–1) and entropy (nats), NaN where there is none."""
    rows = np.full((2, len(prompt)), np.nan, np.float32)
    source = prompt.template if frame is None else frame.protein
    if source is not None and source.confidence is not None:
        rows[0] = source.confidence.plddt
    if frame is not None:
        rows[1] = frame.entropy
    return rows


def axis(template: Protein) -> dict:
    """The residue axis: the file's numbers, its chains and what a restored cell would hold."""
    return {
        "length": len(template),
        "numbers": [
            f"{number}{code}"
            for number, code in zip(template.residue_number, template.insertion_code, strict=True)
        ],
        "chains": [
            {"name": str(template.chain_id[start]), "start": start, "stop": stop}
            for start, stop in template.chain_ranges
        ],
        "sequence": template.sequence,
        "ss8": template.ss8,
        "structure": "".join("1" if known else "0" for known in template.has_backbone),
    }


def runs(positions: tuple[int, ...]) -> list[list[int]]:
    """Half-open ranges of sorted positions."""
    ranges: list[list[int]] = []
    for i in positions:
        if ranges and ranges[-1][1] == i:
            ranges[-1][1] = i + 1
        else:
            ranges.append([i, i + 1])
    return ranges
