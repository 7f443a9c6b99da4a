"""Chain names that tell every residue of a protein apart.

Some files give several chains one name, or none: copies of a chain by symmetry, frames joined
without a model record, simulation programs that keep only residue numbers. A later part that would
repeat a residue's name becomes a chain of its own. Numbers that only run backwards do not:
circular permutants and antibodies in Kabat's numbering stay one chain.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from string import ascii_lowercase, ascii_uppercase, digits

from ..errors import StructureError
from .found import FoundResidue

Bonded = Callable[[FoundResidue, FoundResidue], bool]
Part = list[FoundResidue]

_LETTERS = ascii_uppercase + digits + ascii_lowercase


def free_names(used: Iterable[str]) -> Iterator[str]:
    """Chain names that are not in use: one letter while there are any, then more."""
    used_names = set(used)
    length = 1
    while True:
        for letters in product(_LETTERS if length == 1 else ascii_uppercase, repeat=length):
            name = "".join(letters)
            if name not in used_names:
                yield name
        length += 1


def with_chain_names(
    amino: Sequence[FoundResidue], others: Sequence[FoundResidue], is_bonded: Bonded
) -> tuple[list[FoundResidue], list[FoundResidue], tuple[str, ...]]:
    """The residues of the chains and all others, renamed where need be, and notes about it.

    A StructureError names both places where two residues of one chain have the same name and no
    chain can end between them.
    """
    free = free_names(residue.chain for residue in [*amino, *others])
    names: dict[str, list[str]] = {}
    taken: dict[str, set[tuple[int, str]]] = {}
    named: list[FoundResidue] = []
    last: dict[str, FoundResidue] = {}
    for part in _parts(amino, is_bonded):
        first = part[0]
        chain, keys = first.chain, {_key(residue) for residue in part}
        known = names.setdefault(chain, [])
        apart = known and (
            taken[known[-1]] & keys
            or first.segid != last[chain].segid
            or (not chain and first.stretch != last[chain].stretch)
        )
        if not known or apart:
            known.append(chain if chain and not known else next(free))
            taken[known[-1]] = set()
        taken[known[-1]] |= keys
        last[chain] = part[-1]
        named += [residue if residue.chain == known[-1] else replace(residue, chain=known[-1])
                  for residue in part]  # fmt: skip
    beside = _others(others, names, free)
    return named, beside, _notes(names)


def _parts(amino: Sequence[FoundResidue], is_bonded: Bonded) -> Iterator[Part]:
    """What the file itself sets apart, cut where a name would come twice."""
    part: Part = []
    for residue in amino:
        if part and not _follows(part[-1], residue, is_bonded):
            yield from _cut(part, is_bonded)
            part = []
        part.append(residue)
    yield from _cut(part, is_bonded)


def _follows(before: FoundResidue, after: FoundResidue, is_bonded: Bonded) -> bool:
    if before.chain != after.chain:
        return False
    together = (before.stretch, before.segid) == (after.stretch, after.segid)
    return together or is_bonded(before, after)


def _cut(part: Part, is_bonded: Bonded) -> Iterator[Part]:
    start, last_seen = 0, dict[tuple[int, str], int]()
    for at, residue in enumerate(part):
        earlier = last_seen.get(_key(residue), -1)
        if earlier >= start:
            border = _border(part, earlier + 1, at, is_bonded)
            yield part[start:border]
            start = border
        last_seen[_key(residue)] = at
    if part:
        yield part[start:]


def _border(part: Part, first: int, last: int, is_bonded: Bonded) -> int:
    """Where a chain most likely begins: numbers run backwards, no bond leads there, or both."""
    places = range(last, first - 1, -1)
    steps = {at: (_key(part[at - 1]), _key(part[at])) for at in places}
    backwards = [at for at, (before, after) in steps.items() if after < before]
    loose = [
        at
        for at, (before, after) in steps.items()
        if after != before and not is_bonded(part[at - 1], part[at])
    ]
    likely = [*(at for at in backwards if at in loose), *loose, *backwards]
    if not likely:
        one, other = part[first - 1], part[last]
        chain = f"chain {one.chain}" if one.chain else "the chain without a name"
        raise StructureError(
            f"two residues are called {one.label}: {one.name}, residue {first} of {chain} in the "
            f"file's order, and {other.name}, residue {last + 1}; give one of them another number"
        )
    return likely[0]


def _others(
    others: Sequence[FoundResidue], names: dict[str, list[str]], free: Iterator[str]
) -> list[FoundResidue]:
    """Ligands, water and nucleic acid: with the first chain of their name that has room."""
    taken: set[tuple[str, int, str]] = set()
    renamed = []
    for residue in others:
        if not residue.chain and residue.chain not in names:
            names[""] = [next(free)]
        choice = names.get(residue.chain, [residue.chain])
        chain = next((c for c in choice if (c, *_key(residue)) not in taken), choice[-1])
        taken.add((chain, *_key(residue)))
        renamed.append(residue if chain == residue.chain else replace(residue, chain=chain))
    return renamed


def _notes(names: dict[str, list[str]]) -> tuple[str, ...]:
    notes = []
    for chain, called in names.items():
        if not chain:
            notes.append(f"chains without a name called {', '.join(called)}")
        elif len(called) > 1:
            notes.append(
                f"{len(called)} chains of the file are called {chain}; "
                f"from the second on they are {', '.join(called[1:])} here"
            )
    return tuple(notes)


def _key(residue: FoundResidue) -> tuple[int, str]:
    return residue.number, residue.code
