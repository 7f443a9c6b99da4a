"""The models of a PDB file: MODEL and ENDMDL records, or frames that END divides.

Programs differ. Some end every frame of a trajectory with END, some begin with an empty model, some
keep a ligand outside the only model, and people join files with ``cat``. A part that repeats the
atoms of an earlier one is another model of it; a part with atoms of its own belongs to the first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .chosen import Conformer, chosen_model, model_numbers

ATOM_RECORDS = ("ATOM  ", "HETATM")

_IDENTITY = slice(12, 27)
"""Columns with the names of an atom, its residue and its chain."""

Line = tuple[int, str]
"""The 1-based number of a line, and the line."""


@dataclass(frozen=True, slots=True)
class ChosenModel:
    """Atom and TER records of one model, the numbers of all models, and notes about it."""

    lines: tuple[Line, ...]
    numbers: tuple[int, ...] = (1,)
    notes: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class _Part:
    """Records between two borders; ``inside`` a MODEL of this number or not."""

    inside: bool
    number: str = ""
    lines: list[Line] = field(default_factory=list)

    @property
    def atoms(self) -> set[str]:
        return {line[_IDENTITY] for _, line in self.lines if line.startswith(ATOM_RECORDS)}


def model_of(lines: list[str], conformer: Conformer = None) -> ChosenModel:
    """The atoms to read of a PDB file: those of this model, or of the first that has some."""
    every = list(_parts(lines))
    parts = [part for part in every if part.atoms]
    models = [part for part in parts if part.inside]
    numbered = bool(models)
    models = models or _frames(parts)
    numbers = model_numbers([part.number for part in models] or [""])
    chosen = chosen_model(conformer, numbers)
    if not models:
        return ChosenModel(())
    kept = list(models[chosen].lines)
    known = set(models[0].atoms)
    outside = 0
    for part in parts:
        if part.inside or part in models or _repeats(part.atoms, known):
            continue
        outside += len(part.atoms)
        known |= part.atoms
        kept += part.lines
    notes = []
    if outside:
        where = "outside the model" if numbered else "after END"
        notes.append(f"{outside} atoms {where} are read too")
    if numbered and not next(part for part in every if part.inside).atoms:
        notes.append("the first MODEL holds no atoms and is passed over")
    return ChosenModel(tuple(sorted(kept)), numbers, tuple(notes))


def _frames(parts: list[_Part]) -> list[_Part]:
    """The first part, and all that repeat its atoms."""
    return [part for at, part in enumerate(parts) if not at or _repeats(part.atoms, parts[0].atoms)]


def _repeats(atoms: set[str], known: set[str]) -> bool:
    return 2 * len(atoms & known) >= len(atoms)


def _parts(lines: list[str]) -> Iterator[_Part]:
    part = _Part(inside=False)
    for number, line in enumerate(lines, start=1):
        record = line[:6].rstrip()
        if record in ("MODEL", "ENDMDL", "END"):
            yield part
            part = _Part(record == "MODEL", line[6:].strip())
        elif record == "TER" or line.startswith(ATOM_RECORDS):
            part.lines.append((number, line))
    yield part
