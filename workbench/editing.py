"""Insert, delete, duplicate and move residues: a prompt and its template on a new residue axis.

Residues keep the numbers of their file. New ones take numbers the file left free, else insertion
codes (82A, 82B, …), else numbers after the chain's last. A chain without any coordinates that
counts 1, 2, 3 … goes on counting through. A new residue is masked on every track and free of
constraints; an annotation that has it between two of its residues goes on over it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from string import ascii_uppercase
from typing import Any

import numpy as np
from jaxtyping import Bool, Int, Shaped

from .errors import PromptError
from .prompt import Prompt, Where
from .protein import Confidence, FunctionAnnotation, Protein
from .runs import ranges

MAX_LENGTH = 100_000
"""More residues than any model here can take; a typing mistake otherwise fills the memory."""


def insert(prompt: Prompt, where: Where, count: int = 1, *, before: bool = False) -> Prompt:
    """Add masked residues after the last of these residues, or before the first, in its chain."""
    _check_count(count, 1)
    at = _some(prompt, where)
    anchor = int(at[0] if before else at[-1])
    place = anchor if before else anchor + 1
    order = np.insert(np.arange(len(prompt)), place, np.full(count, -1))
    chain = np.insert(prompt.template.chain_id, place, [prompt.template.chain_id[anchor]] * count)
    return _arranged(prompt, _Arrangement(order, order < 0, chain))


def delete(prompt: Prompt, where: Where) -> Prompt:
    """Take these residues out; at least one must be left."""
    remaining = np.setdiff1d(np.arange(len(prompt)), _some(prompt, where))
    if not len(remaining):
        raise PromptError("a prompt needs at least one residue; leave one of them")
    return _arranged(
        prompt,
        _Arrangement(
            remaining, np.zeros(len(remaining), bool), prompt.template.chain_id[remaining]
        ),
    )


def duplicate(prompt: Prompt, where: Where) -> Prompt:
    """Put a copy of each run of these residues after it, in its chain.

    A copy has the values of its original but no coordinates: two residues cannot be in one place.
    """
    order, fresh, old = [], [], np.arange(len(prompt))
    done = 0
    for run in _runs_in_chains(prompt, _some(prompt, where)):
        order += [old[done : run[-1] + 1], run]
        fresh += [np.zeros(run[-1] + 1 - done, bool), np.ones(len(run), bool)]
        done = run[-1] + 1
    whole = np.concatenate([*order, old[done:]])
    _check_count(len(whole), 1)
    return _arranged(
        prompt,
        _Arrangement(
            whole,
            np.concatenate([*fresh, np.zeros(len(old) - done, bool)]),
            prompt.template.chain_id[whole],
        ),
    )


def move(prompt: Prompt, where: Where, offset: int) -> Prompt:
    """Move these residues along their chain; those they pass close up behind them."""
    at = _some(prompt, where)
    to, chains = at + int(offset), prompt.template.chain_id
    if to[0] < 0 or to[-1] >= len(prompt) or (chains[to] != chains[at]).any():
        raise PromptError(
            f"moving {len(at)} residues by {offset} leaves their chain; give a smaller offset"
        )
    order = np.full(len(prompt), -1)
    order[to] = at
    order[order < 0] = np.setdiff1d(np.arange(len(prompt)), at)
    return _arranged(prompt, _Arrangement(order, np.zeros(len(order), bool), chains))


def resize(prompt: Prompt, length: int) -> Prompt:
    """Give the prompt this many residues in all: masked ones are added, or the last taken off."""
    _check_count(length, 1)
    if length > len(prompt):
        return insert(prompt, len(prompt) - 1, length - len(prompt))
    return prompt if length == len(prompt) else delete(prompt, range(length, len(prompt)))


def copies_of(prompt: Prompt, where: Where) -> Int[np.ndarray, " copies"]:
    """Where the copies lie once ``duplicate`` has made them."""
    copies, added = [], 0
    for run in _runs_in_chains(prompt, _some(prompt, where)):
        added += len(run)
        copies.append(run + added)
    return np.concatenate(copies)


# -- arranging -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Arrangement:
    """Where each residue of a new axis comes from.

    ``source`` is the old position, -1 for none; ``fresh`` residues need a number of their own;
    ``chain`` is the chain each belongs to.
    """

    source: Int[np.ndarray, " new"]
    fresh: Bool[np.ndarray, " new"]
    chain: Shaped[np.ndarray, " new"]

    @property
    def coordinate_source(self) -> Int[np.ndarray, " new"]:
        """The source of what has its own place in space."""
        return np.where(self.fresh, -1, self.source)


def _arranged(prompt: Prompt, plan: _Arrangement) -> Prompt:
    blank = Prompt.blank(1)
    changes: dict[str, Any] = {"template": _arranged_template(prompt.template, plan)}
    for entry in fields(Prompt):
        value = getattr(prompt, entry.name)
        if isinstance(value, np.ndarray):
            source = (
                plan.coordinate_source if entry.name in ("coordinates", "decoded") else plan.source
            )
            changes[entry.name] = _gathered(value, source, getattr(blank, entry.name)[0])
        elif isinstance(value, tuple):
            changes[entry.name] = _carried(value, plan.source)
        elif entry.name != "template":
            changes[entry.name] = value.at_positions(plan.source)
    return replace(prompt, **changes)


def _arranged_template(protein: Protein, plan: _Arrangement) -> Protein:
    blank = Protein("_")
    changes: dict[str, Any] = {"chain_id": plan.chain}
    for entry in fields(Protein):
        value = getattr(protein, entry.name)
        if isinstance(value, np.ndarray):
            source = plan.coordinate_source if entry.name == "coordinates" else plan.source
            changes.setdefault(entry.name, _gathered(value, source, getattr(blank, entry.name)[0]))
    for name in ("sequence", "ss8"):
        letters = np.array(list(getattr(protein, name)))
        changes[name] = "".join(_gathered(letters, plan.source, "_"))
    for name in ("function", "residue_annotations"):
        changes[name] = _carried(getattr(protein, name), plan.source)
    changes["ligands"] = protein.ligands_beside(plan.chain)
    if protein.confidence is not None:
        changes["confidence"] = Confidence(
            _gathered(protein.confidence.plddt, plan.coordinate_source, np.nan)
        )
    numbers, codes = _numbered(protein, plan)
    return protein.with_(**changes | {"residue_number": numbers, "insertion_code": codes})


def _gathered(values: np.ndarray, source: np.ndarray, empty: object) -> np.ndarray:
    gathered = values[source]
    gathered[source < 0] = empty
    return gathered


def _carried(
    annotations: Sequence[FunctionAnnotation], source: Int[np.ndarray, " new"]
) -> tuple[FunctionAnnotation, ...]:
    left, right = _known_neighbours(source)
    carried = []
    for annotation in annotations:
        inside = [(annotation.start <= side) & (side < annotation.stop) for side in (left, right)]
        at = np.flatnonzero(inside[0] & inside[1])
        carried += [FunctionAnnotation(annotation.label, *run) for run in ranges(at)]
    return tuple(carried)


def _known_neighbours(source: Int[np.ndarray, " new"]) -> tuple[np.ndarray, np.ndarray]:
    """The old position of each residue, or of the nearest to its left and right; -1 is none."""
    known = source >= 0
    at = np.arange(len(source))
    left = np.maximum.accumulate(np.where(known, at, -1))
    right = np.minimum.accumulate(np.where(known, at, len(source))[::-1])[::-1]
    padded = np.append(source, -1)
    return np.where(left >= 0, padded[left], -1), padded[right]


# -- numbering -----------------------------------------------------------------------------------


def _numbered(protein: Protein, plan: _Arrangement) -> tuple[np.ndarray, np.ndarray]:
    numbers = _gathered(protein.residue_number, plan.coordinate_source, 0)
    codes = _gathered(protein.insertion_code, plan.coordinate_source, "")
    for name in dict.fromkeys(plan.chain.tolist()):
        members = np.flatnonzero(plan.chain == name)
        if _counts_through(protein, name):
            numbers[members], codes[members] = np.arange(1, len(members) + 1), ""
            continue
        taken = {(int(numbers[i]), str(codes[i])) for i in members if not plan.fresh[i]}
        for start, stop in ranges(np.flatnonzero(plan.fresh[members])):
            before = members[start - 1] if start else None
            after = members[stop] if stop < len(members) else None
            low = None if before is None else int(numbers[before])
            high = None if after is None else int(numbers[after])
            keys = _free_numbers(stop - start, low, high, taken)
            for at, key in zip(members[start:stop], keys, strict=True):
                numbers[at], codes[at] = key
            taken.update(keys)
    return numbers, codes


def _counts_through(protein: Protein, chain: str) -> bool:
    members = np.flatnonzero(protein.chain_id == chain)
    plain = protein.residue_number[members].tolist() == list(range(1, len(members) + 1))
    return plain and not np.isfinite(protein.coordinates[members]).any()


def _free_numbers(
    count: int, low: int | None, high: int | None, taken: set[tuple[int, str]]
) -> list[tuple[int, str]]:
    """Numbers between two residues of a chain (None at its ends) that no other residue has."""
    first = low + 1 if low is not None else (high or 0) - count
    between = [(first + k, "") for k in range(count)]
    room = low is None or high is None or first + count <= high
    if room and not taken.intersection(between):
        return between
    if low is not None:
        coded = [(low, code) for code in ascii_uppercase if (low, code) not in taken]
        if len(coded) >= count:
            return coded[:count]
    last = max(number for number, _ in taken)
    return [(last + 1 + k, "") for k in range(count)]


# -- arguments ------------------------------------------------------------------------------


def _some(prompt: Prompt, where: Where) -> Int[np.ndarray, " chosen"]:
    at = prompt.positions(where)
    if not len(at):
        raise PromptError("no residue is chosen; select some first")
    return at


def _check_count(count: int, least: int) -> None:
    if isinstance(count, bool) or not isinstance(count, int | np.integer):
        raise PromptError(f"{count!r} is no number of residues; give a whole number")
    if not least <= count <= MAX_LENGTH:
        raise PromptError(f"{count} residues; give {least} to {MAX_LENGTH}")


def _runs_in_chains(prompt: Prompt, at: Int[np.ndarray, " chosen"]) -> list[np.ndarray]:
    return [np.arange(*run) for run in ranges(at, prompt.template.chain_id[at])]
