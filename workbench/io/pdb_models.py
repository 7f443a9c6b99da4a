"""The models of a PDB file: MODEL and ENDMDL records, or frames that END divides.

Programs differ. Some end every frame of a trajectory with END, some begin with an empty model, some
keep a ligand outside the only model, and people join files with ``cat``. A part that repeats the
atoms of an earlier one is another model of it; a part with atoms of its own belongs to the first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

ATOM_RECORDS = ("ATOM  ", "HETATM")

_IDENTITY = slice(12, 27)
"""Columns with the names of an atom, its residue and its chain."""

Line = tuple[int, str]
"""The 1-based number of a line, and the line."""


@dataclass(frozen=True, slots=True)
class FirstModel:
    """Atom and TER records of the first model, how many models there are, and notes about it."""

    lines: tuple[Line, ...]
    models: int
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Part:
    """Records between two borders; ``inside`` a MODEL or not."""

    inside: bool
    lines: list[Line] = field(default_factory=list)

    @property
    def atoms(self) -> set[str]:
        return {line[_IDENTITY] for _, line in self.lines if line.startswith(ATOM_RECORDS)}


def first_model(lines: list[str]) -> FirstModel:
    """The atoms to read of a PDB file."""
    every = list(_parts(lines))
    parts = [part for part in every if part.atoms]
    models = [part for part in parts if part.inside] or parts[:1]
    if not models:
        return FirstModel((), 1)
    kept = list(models[0].lines)
    first = models[0].atoms
    known, frames, outside = set(first), len(models), 0
    for part in parts:
        if part.inside or part is models[0]:
            continue
        atoms = part.atoms
        if 2 * len(atoms & known) >= len(atoms):
            frames += not models[0].inside and 2 * len(atoms & first) >= len(atoms)
            continue
        outside += len(atoms)
        known |= atoms
        kept += part.lines
    notes = []
    if outside:
        where = "outside the model" if models[0].inside else "after END"
        notes.append(f"{outside} atoms {where} are read too")
    if models[0].inside and not next(part for part in every if part.inside).atoms:
        notes.append("the first MODEL holds no atoms and is passed over")
    return FirstModel(tuple(sorted(kept)), frames, tuple(notes))


def _parts(lines: list[str]) -> Iterator[_Part]:
    part = _Part(inside=False)
    for number, line in enumerate(lines, start=1):
        record = line[:6].rstrip()
        if record in ("MODEL", "ENDMDL", "END"):
            yield part
            part = _Part(inside=record == "MODEL")
        elif record == "TER" or line.startswith(ATOM_RECORDS):
            part.lines.append((number, line))
    yield part
