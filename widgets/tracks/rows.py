"""What the track editor draws, as plain arrays in the order of ``Track``."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from jaxtyping import Float, UInt8

from workbench.constants import AMINO_ACIDS, MASK
from workbench.findings import Finding
from workbench.metrics import achieved_of, motif_rmsd, painted_sasa, painted_ss8
from workbench.prompt import ANNOTATION_TRACKS, Prompt
from workbench.protein import Protein, same_residues
from workbench.tracks import Track

from ..axis import ranges_of
from ..frame import Frame


def cell_states(shown: Prompt) -> UInt8[np.ndarray, "track length"]:
    """The State of every cell, track by track."""
    return np.array([shown.state(track) for track in Track], np.uint8)


def letters(prompt: Prompt) -> bytes:
    """ASCII of the sequence and then of SS8, ``_`` where masked."""
    return "".join([*prompt.sequence, *prompt.ss8]).encode("ascii")


def areas(prompt: Prompt) -> bytes:
    """SASA in Å² as float32, NaN where masked."""
    return np.ascontiguousarray(prompt.sasa, np.float32).tobytes()


def labelled_ranges(
    given: Prompt, shown: Prompt, name_of: Callable[[str], str] = str
) -> list[dict]:
    """Labelled ranges of the function and residue rows of ``shown``; sampled if not asked for.

    ``name_of`` gives the name of a function label for people.
    """
    return [
        {
            "row": row,
            "label": annotation.label,
            "name": name_of(annotation.label) if track is Track.FUNCTION else annotation.label,
            "start": annotation.start,
            "stop": annotation.stop,
            "sampled": annotation not in getattr(given, track.value),
        }
        for row, track in enumerate(Track)
        if track in ANNOTATION_TRACKS
        for annotation in getattr(shown, track.value)
    ]


def limits(prompt: Prompt) -> list[dict]:
    """Ranges where the choice of residues is narrowed: in words, and the letters if few."""
    constraints = prompt.constraints
    keys = np.concatenate([constraints.allowed, constraints.bias], axis=1)
    narrowed = np.flatnonzero(~constraints.allowed.all(-1) | (constraints.bias != 0).any(-1))
    ranges_limited: list[dict] = []
    for i in narrowed.tolist():
        last = ranges_limited[-1] if ranges_limited else None
        if last is not None and last["stop"] == i and (keys[i] == keys[i - 1]).all():
            last["stop"] = i + 1
            continue
        label, letters = _limit(constraints.allowed[i], constraints.bias[i])
        ranges_limited.append({"start": i, "stop": i + 1, "label": label, "letters": letters})
    return ranges_limited


def _limit(allowed: np.ndarray, bias: np.ndarray) -> tuple[str, str]:
    may = "".join(
        letter for letter, is_allowed in zip(AMINO_ACIDS, allowed, strict=True) if is_allowed
    )
    barred = "".join(letter for letter in AMINO_ACIDS if letter not in may)
    parts = []
    if barred:
        parts.append(f"only {may}" if len(may) <= len(barred) else f"not {barred}")
    liked = [
        f"{letter} {value:+.1f}"
        for letter, value in zip(AMINO_ACIDS, bias.tolist(), strict=True)
        if value
    ]
    if liked:
        parts.append("bias " + " ".join(liked))
    return ", ".join(parts), may if len(may) <= 2 else ""


def findings(items: Iterable[Finding]) -> list[dict]:
    """What the linter found, for the list in the bench."""
    return [
        {
            "severity": item.severity,
            "message": item.message,
            "row": -1 if item.track is None else list(Track).index(item.track),
            "ranges": ranges_of(tuple(item.positions.tolist())),
        }
        for item in items
    ]


def result_rows(prompt: Prompt, frame: Frame | None) -> Float[np.ndarray, "2 length"]:
    """The result rows: pLDDT (0–1) and entropy (nats), NaN where there is none."""
    rows = np.full((2, len(prompt)), np.nan, np.float32)
    source = prompt.structure if frame is None else frame.protein
    if source is not None and source.confidence is not None:
        rows[0] = source.confidence.plddt
    if frame is not None:
        rows[1] = frame.entropy
    return rows


def achieved_rows(frame: Frame | None) -> list[dict]:
    """What a result has on the rows that its prompt gives, with a label of how well it agrees.

    ``letters`` are classes, ``values`` areas in Å² or distances in Å; ``_`` and None are where the
    prompt gives nothing.
    """
    if frame is None or frame.protein is None:
        return []
    design, prompt = frame.protein, frame.prompt
    achieved = achieved_of(design, prompt)
    deviation, sasa = (_numbers(values) for values in (achieved.deviation, achieved.sasa))
    rank = painted_sasa(design, prompt)
    # Areas that are all the same cannot be ranked: their mean says more.
    area = f"ρ {rank:.2f}" if np.isfinite(rank) else f"{_mean(sasa):.0f} Å²"
    rows = [
        (Track.STRUCTURE, {"values": deviation}, f"{motif_rmsd(design, prompt):.1f} Å"),
        (Track.SS8, {"letters": achieved.ss8}, f"{painted_ss8(design, prompt):.0%}"),
        (Track.SASA, {"values": sasa}, area),
    ]
    return [
        {"row": list(Track).index(track), "label": label, **cells}
        for track, cells, label in rows
        if any(value not in (None, MASK) for values in cells.values() for value in values)
    ]


def _numbers(values: Float[np.ndarray, " length"]) -> list[float | None]:
    return [round(float(value), 2) if np.isfinite(value) else None for value in values]


def _mean(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else float("nan")


def axis(template: Protein, name_of: Callable[[str], str] = str) -> dict:
    """The residue axis: the file's numbers, its chains and what a restored cell would hold."""
    given = Prompt.from_protein(template, ANNOTATION_TRACKS)
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
        "sasa": [float(area) if np.isfinite(area) else None for area in template.sasa],
        "annotations": labelled_ranges(given, given, name_of),
    }


def letters_beside(template: Protein, other: Protein) -> str:
    """The letters of another protein at the residues of the same names; a space where it has
    none.
    """
    letters = np.full(len(template), " ")
    own, theirs = same_residues(template, other)
    letters[own] = np.array(list(other.sequence))[theirs]
    return "".join(letters)
