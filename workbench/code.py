"""Copy as code: Python text that makes a prompt and a run again.

The lines say what a prompt has become, track by track, against the one it started from, so that a
hundred strokes make a few lines. Edits of the residue axis are written in their order. Where
coordinates come from a design, the run that made it is written too. Positions in the text are
selections in the file's numbering.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from .constants import AMINO_ACIDS, MASK
from .errors import PromptError, SelectionError
from .prompt import ANNOTATION_TRACKS, Prompt, State
from .runs import ranges
from .selection import format_selection
from .tracks import Track


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """A call that made a prompt from another, on a new residue axis, such as ``insert(prompt, …)``.

    ``function`` is its name in ``workbench.editing``; ``arguments`` are what follows the prompt.
    """

    before: Prompt
    after: Prompt
    function: str
    arguments: str

    def __str__(self) -> str:
        return f"prompt = {self.function}(prompt, {self.arguments})"


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """A design whose coordinates a prompt may have: its run began with ``start``.

    ``lines(k)`` are those that, where ``prompt`` is ``start``, make it as the k-th design of the
    text and define ``prompt`` as ``given``.
    """

    start: Prompt
    given: Prompt
    lines: Callable[[int], list[str]]


def code_for(
    prompt: Prompt,
    opened: Prompt,
    opening: str,
    edits: Sequence[Edit] = (),
    run: Sequence[str] = (),
    origins: Sequence[Origin] = (),
) -> str:
    """Text that defines ``prompt`` and then runs the lines ``run``.

    ``opening`` are the lines that define ``prompt`` as ``opened``; ``edits`` the changes of the
    residue axis that are known, of which those that lead to this prompt are written. So are those
    of ``origins``, oldest first, whose coordinates it has.
    """
    lines, imports, _ = _story(prompt, opened, edits, origins)
    first = opening.strip().splitlines()
    head = [line for line in first if line.startswith(("import ", "from "))]
    body = [*(line for line in first if line and line not in head), *lines, *run]
    if imports:
        head.append(f"from workbench.editing import {', '.join(sorted(imports))}")
    if any("np." in line for line in body):
        head.insert(0, "import numpy as np")
    return "\n".join([*head, *([""] if head else []), *body]) + "\n"


def _story(
    prompt: Prompt, opened: Prompt, edits: Sequence[Edit], origins: Sequence[Origin]
) -> tuple[list[str], set[str], int]:
    """Lines that make this prompt of the one opened, functions they call, designs they make."""
    known = lineage(prompt, edits)
    if (known[0].before if known else prompt).template is not opened.template:
        raise PromptError(
            "this prompt was edited in code on other residues than those opened; "
            "the code that made it is in your notebook"
        )
    lines, imports, count, start = [], set(), 0, opened
    for target, edit in [*((edit.before, edit) for edit in known), (prompt, None)]:
        number = _origin(start, target, origins)
        if number is not None:
            origin = origins[number]
            lines, imports, count = _story(origin.start, opened, edits, origins[:number])
            count += 1
            lines += origin.lines(count)
            start = origin.given
        lines += changes(start, target)
        if edit is not None:
            lines.append(str(edit))
            imports.add(edit.function)
            start = edit.after
    return lines, imports, count


def _origin(before: Prompt, after: Prompt, origins: Sequence[Origin]) -> int | None:
    """Number of the newest origin that has all coordinates no call could give."""
    foreign = _foreign(before, after)
    for number in range(len(origins) - 1, -1, -1) if foreign.any() else ():
        given = origins[number].given
        fits = given.template is after.template
        if fits and np.array_equal(
            given.coordinates[foreign], after.coordinates[foreign], equal_nan=True
        ):
            return number
    return None


def lineage(prompt: Prompt, edits: Sequence[Edit]) -> list[Edit]:
    """The known changes of the residue axis that led to this prompt, oldest first."""
    by_template = {id(edit.after.template): edit for edit in edits}
    steps, template = [], prompt.template
    while (edit := by_template.get(id(template))) is not None:
        steps.append(edit)
        template = edit.before.template
    return steps[::-1]


def changes(before: Prompt, after: Prompt) -> list[str]:
    """Lines that paint ``after`` from ``before``, which have the same template."""
    if before.template is not after.template:
        raise PromptError("the residues of this prompt were changed by a call that was not kept")
    lines: list[str] = []
    for track in (Track.SEQUENCE, Track.SS8):
        lines += _letters(before, after, track)
    lines += _structure(before, after)
    lines += _areas(before, after)
    lines += _plddt(before, after)
    for track in ANNOTATION_TRACKS:
        lines += _annotations(before, after, track)
    lines += _sampled(before, after)
    lines += _constraints(before, after)
    _refuse_others(before, after)
    return [f"prompt = prompt.{call}" for call in lines]


# -- track by track ------------------------------------------------------------------------------


def _letters(before: Prompt, after: Prompt, track: Track) -> Iterator[str]:
    old, new = getattr(before, track.value), getattr(after, track.value)
    template = np.array(list(getattr(after.template, track.value)))
    changed = old != new
    yield from _masked(after, changed & (new == MASK), track)
    back = changed & (new == template) & (new != MASK)
    written = changed & (new != MASK) & ~back
    if back.sum() < 2 * max(1, written.sum()):
        written, back = written | back, np.zeros_like(back)
    yield from _restored(after, back, track)
    for letter, at in _groups(new, written):
        if letter is not None:
            yield f"paint({_where(after, at)}, {track.value!r}, {letter!r})"
        else:
            yield f"paint({_where(after, at)}, {track.value!r}, {''.join(new[at])!r})"


def _structure(before: Prompt, after: Prompt) -> Iterator[str]:
    track = Track.STRUCTURE
    changed = _moved(before, after) | (before.structure_tokens != after.structure_tokens)
    empty = ~np.isfinite(after.coordinates).any(axis=(1, 2))
    bare = after.structure_tokens < 0
    yield from _masked(after, changed & empty & bare, track)
    yield from _restored(after, changed & ~empty & _as_template(after) & bare, track)
    at = np.flatnonzero(changed & ~bare)
    if len(at):
        values = ", ".join(str(token) for token in after.structure_tokens[at])
        yield f"with_tokens({_where(after, at)}, np.array([{values}]))"
    foreign = _foreign(before, after)
    if foreign.any():
        raise PromptError(
            f"the coordinates of {format_selection(np.flatnonzero(foreign), after.template)} come "
            "neither from what was opened nor from a design at hand; code cannot spell them out"
        )


def _moved(before: Prompt, after: Prompt) -> np.ndarray:
    return ~_same_place(before.coordinates, after.coordinates)


def _as_template(prompt: Prompt) -> np.ndarray:
    template = prompt.template
    own = np.where(template.has_backbone[:, None, None], template.coordinates, np.nan)
    return _same_place(own, prompt.coordinates)


def _foreign(before: Prompt, after: Prompt) -> np.ndarray:
    """Residues with coordinates that neither the prompt before nor the template has."""
    has_atoms = np.isfinite(after.coordinates).any(axis=(1, 2))
    return _moved(before, after) & has_atoms & ~_as_template(after)


def _same_place(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return ((one == other) | (np.isnan(one) & np.isnan(other))).all(axis=(1, 2))


def _areas(before: Prompt, after: Prompt) -> Iterator[str]:
    track, new = Track.SASA, after.sasa
    changed = ~((before.sasa == new) | (np.isnan(before.sasa) & np.isnan(new)))
    yield from _masked(after, changed & np.isnan(new), track)
    back = changed & (new == after.template.sasa)
    yield from _restored(after, back, track)
    for area, at in _groups(new, changed & ~np.isnan(new) & ~back):
        value = (
            f"{float(area)!r}" if area is not None else str([float(weight) for weight in new[at]])
        )
        yield f"paint({_where(after, at)}, {track.value!r}, {value})"


def _plddt(before: Prompt, after: Prompt) -> Iterator[str]:
    old, new = before.plddt, after.plddt
    changed = ~((old == new) | (np.isnan(old) & np.isnan(new)))
    for value in np.unique(new[changed & ~np.isnan(new)]):
        where = _where(after, np.flatnonzero(changed & (new == value)))
        yield f"with_plddt({where}, {float(value)!r})"
    if (changed & np.isnan(new)).any():
        yield f"with_plddt({_where(after, np.flatnonzero(changed & np.isnan(new)))}, None)"


def _annotations(before: Prompt, after: Prompt, track: Track) -> Iterator[str]:
    old, new = getattr(before, track.value), getattr(after, track.value)
    none_before, none = (getattr(state_of, f"{track.value}_none") for state_of in (before, after))
    extends = old == new[: len(old)]
    if not extends:
        yield f"mask('all', {track.value!r})"
        none_before = np.zeros_like(none)
    for added in new if not extends else new[len(old) :]:
        at = np.arange(added.start, added.stop)
        yield f"annotate({added.label!r}, {_where(after, at)}, {track.value!r})"
    states = after.state(track)
    explicit = none & (states == State.NONE) & ~none_before
    if explicit.any():
        yield f"without({_where(after, np.flatnonzero(explicit))}, {track.value!r})"
    yield from _masked(after, none_before & ~none & (states == State.MASKED), track)


def _sampled(before: Prompt, after: Prompt) -> Iterator[str]:
    """Values that are marked as sampled and were not so before, or are others now."""
    for track in Track:
        marked = after.state(track) == State.SAMPLED
        known = (before.state(track) == State.SAMPLED) & ~changed_at(before, after, track)
        if (marked & ~known).any():
            yield f"mark_sampled({_where(after, np.flatnonzero(marked & ~known))}, {track.value!r})"


def changed_at(before: Prompt, after: Prompt, track: Track) -> np.ndarray:
    """Residues whose value on this track is not what it was."""
    if track is Track.STRUCTURE:
        return _moved(before, after) | (before.structure_tokens != after.structure_tokens)
    name = f"{track.value}_tokens" if track in ANNOTATION_TRACKS else track.value
    old, new = getattr(before, name), getattr(after, name)
    same = (old == new) | ((old != old) & (new != new))
    return ~(same.all(-1) if same.ndim > 1 else same)


def _constraints(before: Prompt, after: Prompt) -> Iterator[str]:
    old, new = before.constraints, after.constraints
    differ = (old.allowed != new.allowed).any(-1)
    for row in np.unique(new.allowed[differ], axis=0):
        at = np.flatnonzero(differ & (new.allowed == row).all(-1))
        listed = "".join(letter for letter, may in zip(AMINO_ACIDS, row, strict=True) if may)
        others = "".join(letter for letter in AMINO_ACIDS if letter not in listed)
        # To forbid takes away from what was allowed; what it cannot give back, allow sets anew.
        taken_away = bool((old.allowed[at] | ~row).all())
        shorter = len(others) < len(listed)
        call, letters = ("forbid", others) if taken_away and shorter else ("allow", listed)
        yield f"{call}({_where(after, at)}, {letters!r})"
    biased = (old.bias != new.bias).any(-1)
    for row in np.unique(new.bias[biased], axis=0):
        at = np.flatnonzero(biased & (new.bias == row).all(-1))
        yield f"bias({_where(after, at)}, {[float(value) for value in row]})"
    for motif in old.forbidden:
        if motif not in new.forbidden:
            yield f"permit_motif({motif!r})"
    for motif in new.forbidden:
        if motif not in old.forbidden:
            yield f"forbid_motif({motif!r})"


def _refuse_others(before: Prompt, after: Prompt) -> None:
    for entry in fields(Prompt):
        old, new = (getattr(state_of, entry.name) for state_of in (before, after))
        if entry.name not in _WRITTEN and isinstance(new, np.ndarray) and (old != new).any():
            raise PromptError(f"there is no public call yet that sets {entry.name}")


_WRITTEN = {
    "sequence", "coordinates", "structure_tokens", "ss8", "sasa", "plddt", "function_none",
    "residue_none", "sampled", "decoded",
}  # fmt: skip


# -- pieces of text ------------------------------------------------------------------------------


def _masked(prompt: Prompt, chosen: np.ndarray, track: Track) -> Iterator[str]:
    if chosen.any():
        yield f"mask({_where(prompt, np.flatnonzero(chosen))}, {track.value!r})"


def _restored(prompt: Prompt, chosen: np.ndarray, track: Track) -> Iterator[str]:
    if chosen.any():
        yield f"restore({_where(prompt, np.flatnonzero(chosen))}, {track.value!r})"


def _groups(values: np.ndarray, chosen: np.ndarray) -> Iterator[tuple[Any, np.ndarray]]:
    """Positions that get one value for all, then those that get one each (with None)."""
    at = np.flatnonzero(chosen)
    kinds = np.unique(values[at])
    if 0 < len(kinds) <= 3 or len(kinds) < len(ranges(at)):
        for kind in kinds:
            yield kind.item(), at[values[at] == kind]
    elif len(at):
        yield None, at


def _where(prompt: Prompt, at: np.ndarray) -> str:
    if len(at) == len(prompt):
        return "'all'"
    text = format_selection(at, prompt.template)
    try:
        plain = np.array_equal(prompt.positions(text), at)
    except SelectionError:
        plain = False
    return repr(text) if plain else repr([int(i) for i in at])
