"""What is odd about a prompt, before a run: findings that name residues. Nothing is changed.

An *error* keeps a run from starting, a *warning* is something the model cannot fulfil or will not
read, a *note* is worth knowing. Distances are in angstrom, areas in Å².
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from jaxtyping import Int

from .constants import AMINO_ACIDS, CA, MASK, MAX_RESIDUES, SS8_TO_SS3
from .metrics.chains import clashing_pairs
from .motif_guard import MotifGuard
from .prompt import ANNOTATION_TRACKS, Prompt, State
from .runs import equal_ranges
from .selection import format_selection
from .tracks import Track

if TYPE_CHECKING:
    from .tokenizers.unread import Vocabularies

CA_STEP = (2.7, 4.2)
"""CA–CA distances of bonded residues: 2.9 Å in a cis peptide, 3.8 Å in a trans one."""
CA_STRETCH = 3.85
"""Å per residue of a chain pulled straight, and a little."""
SHORTEST = {"H": 4, "G": 3, "I": 5}
"""Fewest residues of each helix that DSSP can see."""
LARGEST_AREA = {
    "A": 129, "R": 274, "N": 195, "D": 193, "C": 167, "Q": 225, "E": 223, "G": 104, "H": 224,
    "I": 197, "L": 201, "K": 236, "M": 224, "F": 240, "P": 159, "S": 155, "T": 172, "W": 285,
    "Y": 263, "V": 174,
}  # fmt: skip
"""Theoretical area of X in an extended Gly-X-Gly [Tien et al. 2013, PLoS ONE 8:e80635]."""
AREA_SLACK = 25.0
"""Å² a chain end may show beyond that."""

Severity = Literal["error", "warning", "note"]
_NOWHERE = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """One thing to know, on one track or on the whole prompt, and the residues it is about."""

    severity: Severity
    message: str
    track: Track | None = None
    positions: Int[np.ndarray, " chosen"] = field(default_factory=lambda: _NOWHERE)

    def __str__(self) -> str:
        return f"{self.severity}: {self.message}"


def lint(prompt: Prompt, model: "Vocabularies | None" = None) -> tuple[Finding, ...]:
    """Everything odd about this prompt, the gravest first.

    With a model, also what that model cannot read.
    """
    findings = [finding for check in _CHECKS for finding in check(prompt)]
    if model is not None:
        findings += _unread(prompt, model)
    order = {"error": 0, "warning": 1, "note": 2}
    return tuple(sorted(findings, key=lambda finding: order[finding.severity]))


# -- the whole prompt ----------------------------------------------------------------------------


def _length(prompt: Prompt) -> Iterator[Finding]:
    breaks = len(prompt.template.chain_ranges) - 1
    rows = len(prompt) + breaks
    if rows > MAX_RESIDUES:
        between = f" and {breaks} chain breaks" if breaks else ""
        yield Finding(
            "error",
            f"{len(prompt)} residues{between}; ESM3 takes at most {MAX_RESIDUES}",
            None,
            np.arange(max(0, MAX_RESIDUES - breaks), len(prompt)),
        )


def _nothing_to_do(prompt: Prompt) -> Iterator[Finding]:
    if not any(prompt.masked(track).any() for track in (Track.SEQUENCE, Track.STRUCTURE)):
        yield Finding("note", "sequence and structure are given in full; mask what should change")


# -- sequence ------------------------------------------------------------------------------------


def _letters(prompt: Prompt) -> Iterator[Finding]:
    known = set(AMINO_ACIDS) | {MASK}
    at = np.flatnonzero([letter not in known for letter in prompt.sequence])
    if len(at):
        kinds = "".join(sorted(set(prompt.sequence[at].tolist())))
        yield Finding(
            "note", f"letters that are no standard amino acid: {kinds}", Track.SEQUENCE, at
        )


def _constraints(prompt: Prompt) -> Iterator[Finding]:
    column = {letter: i for i, letter in enumerate(AMINO_ACIDS)}
    at = [
        i
        for i, letter in enumerate(prompt.sequence)
        if letter in column and not prompt.allowed[i, column[letter]]
    ]
    if at:
        yield Finding(
            "warning",
            f"given letters that are forbidden at their own residue: {_some(prompt, at)}",
            Track.SEQUENCE,
            np.array(at),
        )
    if prompt.constraints.forbidden:
        chains = prompt.template.chain_ranges
        for motif in MotifGuard(prompt.constraints, prompt.sequence, chains).given:
            where = np.arange(motif.start, motif.stop)
            yield Finding(
                "warning",
                f"the forbidden motif {motif.motif} is given at {_some(prompt, where)}",
                Track.SEQUENCE,
                where,
            )


# -- secondary structure and area ----------------------------------------------------------------


def _short_helices(prompt: Prompt) -> Iterator[Finding]:
    for start, stop in prompt.template.chain_ranges:
        for first, last in _runs(prompt.ss8, start, stop):
            kind = str(prompt.ss8[first])
            ends = [prompt.ss8[i] for i in (first - 1, last) if start <= i < stop]
            if last - first < SHORTEST.get(kind, 0) and MASK not in ends:
                where = np.arange(first, last)
                yield Finding(
                    "note",
                    f"{last - first} residues of {kind} at {_some(prompt, where)}; "
                    f"such a helix has at least {SHORTEST[kind]}",
                    Track.SS8,
                    where,
                )


def _prolines(prompt: Prompt) -> Iterator[Finding]:
    """Proline has no hydrogen to give, so it stands only in a helix's first turn."""
    at: list[int] = []
    for start, stop in prompt.template.chain_ranges:
        for first, last in _runs(prompt.ss8, start, stop):
            open_end = first > start and prompt.ss8[first - 1] == MASK
            inside = range(first + (len(prompt) if open_end else 4), last)
            if prompt.ss8[first] == "H":
                at += [i for i in inside if prompt.sequence[i] == "P"]
    if at:
        yield Finding(
            "warning",
            f"proline inside an α helix breaks it: {_some(prompt, at)}",
            Track.SS8,
            np.array(at),
        )


def _against_structure(prompt: Prompt) -> Iterator[Finding]:
    template = prompt.template
    as_template = prompt.has_backbone & (_ca(prompt) == template.coordinates[:, CA]).all(-1)
    template_ss3 = np.array([SS8_TO_SS3.get(letter, MASK) for letter in template.ss8])
    prompted = np.array([SS8_TO_SS3.get(letter, MASK) for letter in prompt.ss8])
    opposite = ((prompted == "H") & (template_ss3 == "E")) | (
        (prompted == "E") & (template_ss3 == "H")
    )
    for letter, name in (("H", "helix"), ("E", "strand")):
        at = np.flatnonzero(as_template & opposite & (prompted == letter))
        if len(at):
            other = "strand" if letter == "H" else "helix"
            yield Finding(
                "warning",
                f"SS8 asks for {name} where the given coordinates are {other}: {_some(prompt, at)}",
                Track.SS8,
                at,
            )


def _areas(prompt: Prompt) -> Iterator[Finding]:
    largest = np.array(
        [LARGEST_AREA.get(str(letter), max(LARGEST_AREA.values())) for letter in prompt.sequence]
    )
    at = np.flatnonzero(np.nan_to_num(prompt.sasa) > largest + AREA_SLACK)
    if len(at):
        i = int(at[0])
        yield Finding(
            "warning",
            f"SASA beyond what the residue has: {prompt.sasa[i]:.0f} Å² for "
            f"{_residue(prompt, i)}, at most about {largest[i]:.0f}; {_some(prompt, at)}",
            Track.SASA,
            at,
        )


# -- structure -----------------------------------------------------------------------------------


def _bonds(prompt: Prompt) -> Iterator[Finding]:
    near, far = [], []
    for i, j, apart in _neighbours(prompt):
        if j != i + 1 or CA_STEP[0] <= apart <= CA_STEP[1]:
            continue
        (near if apart < CA_STEP[0] else far).append((i, apart))
    template = prompt.template
    missing = [
        pair
        for pair in far
        if template.residue_number[pair[0] + 1] > template.residue_number[pair[0]] + 1
    ]
    torn = [pair for pair in far if pair not in missing]
    for pairs, severity, problem in (
        (torn, "warning", "given neighbours lie too far apart to be bonded"),
        (near, "warning", "given neighbours lie too close to be bonded"),
        (missing, "note", "residues are missing between these, and the model reads them as bonded"),
    ):
        if pairs:
            i, apart = max(pairs, key=lambda pair: abs(pair[1] - 3.8))
            ends = sorted({k for i, _ in pairs for k in (i, i + 1)})
            yield Finding(
                severity,  # type: ignore[arg-type]
                f"{problem}: {template.label(i)} and {template.label(i + 1)}, CA–CA {apart:.1f} Å"
                + (f", and {len(pairs) - 1} more" if len(pairs) > 1 else ""),
                Track.STRUCTURE,
                np.array(ends),
            )


def _pieces(prompt: Prompt) -> Iterator[Finding]:
    for i, j, apart in _neighbours(prompt):
        if j > i + 1 and apart > CA_STRETCH * (j - i):
            label = prompt.template.label
            yield Finding(
                "warning",
                f"{j - i - 1} masked residues cannot span the {apart:.1f} Å from {label(i)} to "
                f"{label(j)}; insert at least {int(np.ceil(apart / CA_STRETCH)) - (j - i)} more",
                Track.STRUCTURE,
                np.arange(i, j + 1),
            )


def _clashes(prompt: Prompt) -> Iterator[Finding]:
    ca = np.where(_in_space(prompt)[:, None], _ca(prompt), np.nan)
    pairs = clashing_pairs(ca, prompt.template.chain_id)
    if len(pairs):
        where = np.unique(pairs)
        yield Finding(
            "warning",
            f"given residues lie on top of each other: {_some(prompt, where)}",
            Track.STRUCTURE,
            where,
        )


def _neighbours(prompt: Prompt) -> Iterator[tuple[int, int, float]]:
    """Residues with coordinates that follow each other in a chain, and their CA distance."""
    given, ca = _in_space(prompt), _ca(prompt)
    for start, stop in prompt.template.chain_ranges:
        at = start + np.flatnonzero(given[start:stop])
        apart = np.linalg.norm(np.diff(ca[at], axis=0), axis=-1)
        yield from zip(at[:-1].tolist(), at[1:].tolist(), apart.tolist(), strict=True)


# -- what a model reads --------------------------------------------------------------------------


def _unread(prompt: Prompt, model: "Vocabularies") -> Iterator[Finding]:
    from .tokenizers.unread import unread

    track_of = {"function": Track.FUNCTION, "residue": Track.RESIDUE}
    for text in unread(prompt, model):
        track = next((track_of[name] for name in track_of if f" {name} " in text), None)
        where = _NOWHERE if track is None else np.flatnonzero(prompt.state(track) == State.GIVEN)
        yield Finding("warning", text, track, where)
    words, sites = model.function_vocabulary, model.residue_vocabulary
    known = {
        Track.FUNCTION: lambda label: words.resolve(label) is not None,
        Track.RESIDUE: lambda label: sites.id_of(label) is not None,
    }
    for track, tables in zip(ANNOTATION_TRACKS, (words, sites), strict=True):
        if not tables.available:
            continue
        for annotation in prompt.function if track is Track.FUNCTION else prompt.residue:
            if not known[track](annotation.label):
                yield Finding(
                    "error",
                    f"this model knows no {track} annotation {annotation.label!r}; mask it",
                    track,
                    np.arange(annotation.start, annotation.stop),
                )


# -- residues and ranges ---------------------------------------------------------------------------


def _ca(prompt: Prompt) -> np.ndarray:
    return prompt.own_coordinates[:, CA].astype(np.float64)


def _in_space(prompt: Prompt) -> np.ndarray:
    return np.asarray(np.isfinite(prompt.own_coordinates[:, :3]).all(axis=(1, 2)))


def _residue(prompt: Prompt, i: int) -> str:
    letter = "" if prompt.sequence[i] == MASK else f"{prompt.sequence[i]} "
    return f"{letter}{prompt.template.label(i)}"


def _some(prompt: Prompt, at: "np.ndarray | list[int]") -> str:
    parts = format_selection(np.asarray(at, np.int64), prompt.template).split(",")
    return ", ".join(parts[:4]) + (f" and {len(parts) - 4} more" if len(parts) > 4 else "")


def _runs(values: np.ndarray, start: int, stop: int) -> list[tuple[int, int]]:
    return [(start + a, start + b) for a, b in equal_ranges(values[start:stop])]


_CHECKS: tuple[Callable[[Prompt], Iterator[Finding]], ...] = (
    _length, _bonds, _pieces, _clashes, _against_structure, _prolines, _short_helices, _areas,
    _constraints, _letters, _nothing_to_do,
)  # fmt: skip
