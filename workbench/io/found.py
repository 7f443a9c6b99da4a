"""Residues as a file lists them, before anyone has decided which of them are protein.

A residue is the atoms with one chain name, number and insertion code. Atoms of a residue may lie
apart in the file; atoms that are there twice are two residues.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .components import Component, Kind, component, unknown_residue
from .entry import FREE, UNSAID, Atoms, Entry

LONGEST_PEPTIDE_BOND = 2.0
"""Å between C and the next N; far above the 1.33 of a real bond, far below a contact."""

_MOST_COPIES = 4
"""Earlier residues of the same name that are tried for atoms that come late."""

Rows = list[int]


@dataclass(frozen=True, slots=True, eq=False)
class FoundResidue:
    """One residue of the file: its names, and which atom row fills which atom name."""

    chain: str
    number: int
    code: str
    name: str
    component: Component
    polymer: int
    rows: Mapping[str, int]
    has_altlocs: bool
    has_repeats: bool
    stretch: int
    segid: str

    @property
    def label(self) -> str:
        """What the file calls it, such as ``A:45``."""
        return f"{self.chain}:{self.number}{self.code}"

    @property
    def is_ligand(self) -> bool:
        """Of what is no amino acid of a chain: whether it is no water and no nucleic acid."""
        return self.component.kind not in (Kind.WATER, Kind.NUCLEOTIDE)


@dataclass(frozen=True, slots=True)
class _Columns:
    """What of the atoms is read row by row, as lists, which are faster to ask."""

    names: list[str]
    residues: list[str]
    altlocs: list[str]
    occupancies: list[float]
    finite: list[bool]

    @classmethod
    def of(cls, atoms: Atoms) -> "_Columns":
        finite = np.isfinite(atoms.coord).all(axis=1)
        columns = (atoms.atom_name, atoms.res_name, atoms.altloc_id, atoms.occupancy, finite)
        return cls(*(column.tolist() for column in columns))


def found_residues(entry: Entry) -> Iterator[FoundResidue]:
    """The residues of the file in order, each with one alternate location chosen."""
    columns = _Columns.of(entry.atoms)
    for rows in _gathered(entry, columns):
        residue = _residue(entry, columns, rows)
        if not residue.has_repeats:
            yield residue
            continue
        for part in _copies(entry, columns, rows, residue.component.kind is Kind.AMINO_ACID):
            yield _residue(entry, columns, part)


def _residue(entry: Entry, columns: _Columns, rows: Rows) -> FoundResidue:
    altlocs, occupancies = columns.altlocs, columns.occupancies
    ranked = _ranked([altlocs[at] for at in rows], [occupancies[at] for at in rows])
    best = ranked[0] if ranked else ""
    name = next(columns.residues[at] for at in rows if altlocs[at] == best)
    chosen: dict[str, int] = {}
    repeats = False
    for altloc in ("", *ranked):
        for at in rows:
            fits = not altloc or columns.residues[at] == name
            if altlocs[at] == altloc and columns.finite[at] and fits:
                repeats |= not altloc and columns.names[at] in chosen
                chosen.setdefault(columns.names[at], at)
    known = component(name, entry.parents, frozenset(chosen))
    first = rows[0]
    polymer = int(entry.polymer[first])
    backbone = {"N", "CA", "C"} <= chosen.keys()
    if known.kind in (Kind.OTHER, Kind.UNKNOWN) and polymer != FREE and backbone:
        known, polymer = unknown_residue(name), UNSAID
    return FoundResidue(
        chain=str(entry.atoms.chain_id[first]),
        number=int(entry.atoms.res_id[first]),
        code=str(entry.atoms.ins_code[first]),
        name=name,
        component=known,
        polymer=polymer,
        rows=chosen,
        has_altlocs=bool(ranked),
        has_repeats=repeats,
        stretch=int(entry.stretch[first]),
        segid=str(entry.segid[first]),
    )


def _copies(entry: Entry, columns: _Columns, rows: Rows, amino: bool) -> Iterator[Rows]:
    """Rows of several residues that follow each other under one name, such as two ions.

    An amino acid is there twice if its whole backbone is, in another place; else an atom of it is.
    """
    names = [columns.names[at] for at in rows]
    starts = [at for at, name in enumerate(names) if name == names[0]]
    parts = [rows[start:stop] for start, stop in pairwise([*starts, len(rows)])]
    if amino:
        central = [at for at, name in zip(rows, names, strict=True) if name == "CA"]
        whole = all({"N", "CA", "C"} <= {columns.names[at] for at in part} for part in parts)
        places = entry.atoms.coord[central]
        if not whole or np.allclose(places, places[0]):
            yield rows
            return
    yield from parts


def bonded(before: FoundResidue, after: FoundResidue, coordinates: np.ndarray) -> bool:
    """Whether a peptide bond leads from one residue to the other."""
    carbon, nitrogen = before.rows.get("C"), after.rows.get("N")
    if carbon is None or nitrogen is None:
        return False
    return bool(np.linalg.norm(coordinates[carbon] - coordinates[nitrogen]) < LONGEST_PEPTIDE_BOND)


def _gathered(entry: Entry, columns: _Columns) -> list[Rows]:
    """Rows of each residue, in the order of the first; atoms that come late join their residue."""
    atoms, res_names, altlocs = entry.atoms, columns.residues, columns.altlocs
    named = list(zip(columns.names, altlocs, strict=True))
    keys = list(zip(*(key.tolist() for key in _keys(atoms)), strict=True))
    residues: list[Rows] = []
    copies: dict[tuple, list[Rows]] = {}
    for start, stop in pairwise(_starts(entry).tolist()):
        late = list(range(start, stop))
        for rows in copies.setdefault(keys[start], [])[:_MOST_COPIES]:
            same = res_names[rows[0]] == res_names[start] or (altlocs[rows[-1]] and altlocs[start])
            if same and not {named[at] for at in rows} & {named[at] for at in late}:
                rows.extend(late)
                break
        else:
            residues.append(late)
            copies[keys[start]].append(late)
    return residues


def _starts(entry: Entry) -> np.ndarray:
    """First row of each run of atoms of a residue, and the end.

    Names may differ between alternate locations. Our own files list no atom twice, so there an
    atom that comes back begins the next residue, whatever its number.
    """
    atoms = entry.atoms
    if not len(atoms):
        return np.array([0])
    new = np.any(
        [key[1:] != key[:-1] for key in (*_keys(atoms), entry.stretch, entry.segid)], axis=0
    )
    has_altloc = atoms.altloc_id != ""
    plain = ~(has_altloc[1:] & has_altloc[:-1])
    new |= (atoms.res_name[1:] != atoms.res_name[:-1]) & plain
    starts = [0, *(np.flatnonzero(new) + 1).tolist()]
    if entry.axis is not None:
        starts = _cut_at_repeats(starts, atoms.atom_name.tolist())
    return np.array([*starts, len(atoms)])


def _keys(atoms: Atoms) -> list[np.ndarray]:
    keys = [atoms.chain_id, atoms.res_id, atoms.ins_code]
    if "label_seq_id" in atoms.get_annotation_categories():
        keys.append(atoms.label_seq_id)
    return keys


def _cut_at_repeats(starts: list[int], names: list[str]) -> list[int]:
    known, cuts, ids = set(starts), [], set[str]()
    for at, name in enumerate(names):
        if at in known or name in ids:
            cuts.append(at)
            ids = set()
        ids.add(name)
    return cuts


def _ranked(altlocs: list[str], occupancies: list[float]) -> list[str]:
    """Alternate locations from the highest mean occupancy down, ties in their own order."""
    by_id: dict[str, list[float]] = {}
    for altloc, occupancy in zip(altlocs, occupancies, strict=True):
        if altloc:
            by_id.setdefault(altloc, []).append(occupancy)
    return sorted(by_id, key=lambda name: (-sum(by_id[name]) / len(by_id[name]), name))
