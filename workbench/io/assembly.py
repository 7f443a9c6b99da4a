"""assemble: from the atoms of an Entry to a Protein, saying what was set aside.

A residue is a run of atoms with one chain name, number and insertion code. It joins the residue
axis if it is an amino acid and part of a chain: as the file says, or else by its peptide bond.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..constants import ATOM37, MASK
from ..errors import StructureError
from ..protein import Confidence, Ligand, Protein
from .components import Component, Kind, component, unknown_residue
from .entry import FREE, POLYMER, UNSAID, Atoms, Axis, Entry
from .limits import listed, refuse_too_long

LONGEST_PEPTIDE_BOND = 2.0
"""Å between C and the next N; far above the 1.33 of a real bond, far below a contact."""

MOST_LIGAND_ATOMS = 5_000
"""Atoms of ligands kept at most; the lipids of a simulated membrane have more."""

_MOST_LISTED = 6
_OUR_COLUMNS = {**{atom: at for at, atom in enumerate(ATOM37)}, "SE": ATOM37.index("SG")}
"""Where atoms of our own files go: by their name alone, whatever residue they are in."""


@dataclass(slots=True)
class _Residue:
    """One residue of the file: its names, and which atom row fills which atom name."""

    chain: str
    number: int
    code: str
    name: str
    component: Component
    polymer: int
    rows: dict[str, int]
    has_altlocs: bool
    has_repeats: bool

    @property
    def label(self) -> str:
        return f"{self.chain}:{self.number}{self.code}"

    @property
    def is_ligand(self) -> bool:
        """Of what is no amino acid of a chain: whether it is no water and no nucleic acid."""
        return self.component.kind not in (Kind.WATER, Kind.NUCLEOTIDE)


def assemble(entry: Entry, name: str, chain: str | None = None) -> Protein:
    """The protein of an entry, all chains or one; a StructureError when there is none to use."""
    coordinates = entry.atoms.coord
    residues = list(_residues(entry))
    found = [residue for residue in residues if residue.component.kind is Kind.AMINO_ACID]
    amino = _in_chains(found, coordinates)
    ids = {id(residue) for residue in amino}
    others = [residue for residue in residues if id(residue) not in ids]

    axis, stale = _usable_axis(entry.axis, amino)
    lengths = _lengths(amino, axis)
    if not lengths:
        raise StructureError(f"there is no protein in it; it holds {_contents(others)}")
    if chain is not None and chain not in lengths:
        raise StructureError(f"there is no protein chain {chain!r} in it; it has {listed(lengths)}")
    chosen = lengths if chain is None else {chain: lengths[chain]}
    refuse_too_long(chosen)
    if axis is None:
        for one in chosen:
            _refuse_traces(one, [residue for residue in amino if residue.chain == one], lengths)

    protein = _protein(amino, coordinates, entry, axis, name)
    notes = list(entry.notes)
    if entry.models > 1:
        notes.append(f"{entry.models} models, of which the first is used")
    if chain is not None:
        protein = protein.take(np.flatnonzero(protein.chain_id == chain))
        left = {other: length for other, length in lengths.items() if other != chain}
        notes += [f"{listed(left)} not read"] if left else []
        others = [residue for residue in others if residue.chain == chain]
    notes += [stale] if stale else []
    ligands = _ligands([residue for residue in others if residue.is_ligand], entry.atoms)
    notes += _notes([residue for residue in amino if residue.chain in chosen], others, ligands)
    return protein.with_(notes=tuple(notes), ligands=ligands)


# -- residues ------------------------------------------------------------------------------------


def _residues(entry: Entry) -> Iterator[_Residue]:
    """The residues of the file in order, each with one alternate location chosen."""
    atoms = entry.atoms
    finite = np.isfinite(atoms.coord).all(axis=1)
    starts = _starts(atoms)
    atom_names, res_names = atoms.atom_name.tolist(), atoms.res_name.tolist()
    altlocs, occupancies = atoms.altloc_id.tolist(), atoms.occupancy.tolist()
    chains, numbers, codes = atoms.chain_id.tolist(), atoms.res_id.tolist(), atoms.ins_code.tolist()
    for start, stop in pairwise(starts.tolist()):
        ranked = _ranked(altlocs[start:stop], occupancies[start:stop])
        best = ranked[0] if ranked else ""
        name = next(res_names[at] for at in range(start, stop) if altlocs[at] == best)
        rows: dict[str, int] = {}
        repeats = False
        for altloc in ("", *ranked):
            for at in range(start, stop):
                if altlocs[at] == altloc and finite[at] and (not altloc or res_names[at] == name):
                    repeats |= not altloc and atom_names[at] in rows
                    rows.setdefault(atom_names[at], at)
        known = component(name, entry.parents)
        polymer = int(entry.polymer[start])
        backbone = {"N", "CA", "C"} <= rows.keys()
        if known.kind in (Kind.OTHER, Kind.UNKNOWN) and polymer != FREE and backbone:
            known, polymer = unknown_residue(name), UNSAID
        yield _Residue(
            chain=chains[start],
            number=numbers[start],
            code=codes[start],
            name=name,
            component=known,
            polymer=polymer,
            rows=rows,
            has_altlocs=bool(ranked),
            has_repeats=repeats,
        )


def _starts(atoms) -> np.ndarray:
    """First row of each residue, and the end. Names may differ between alternate locations."""
    if not len(atoms):
        return np.array([0])
    keys = (atoms.chain_id, atoms.res_id, atoms.ins_code)
    new = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    has_altloc = atoms.altloc_id != ""
    plain = ~(has_altloc[1:] & has_altloc[:-1])
    new |= (atoms.res_name[1:] != atoms.res_name[:-1]) & plain
    return np.concatenate([[0], np.flatnonzero(new) + 1, [len(atoms)]])


def _ranked(altlocs: list[str], occupancies: list[float]) -> list[str]:
    """Alternate locations from the highest mean occupancy down, ties in their own order."""
    by_id: dict[str, list[float]] = {}
    for altloc, occupancy in zip(altlocs, occupancies, strict=True):
        if altloc:
            by_id.setdefault(altloc, []).append(occupancy)
    return sorted(by_id, key=lambda one: (-sum(by_id[one]) / len(by_id[one]), one))


def _in_chains(found: list[_Residue], coordinates: np.ndarray) -> list[_Residue]:
    """The amino acids that are part of a chain."""
    return [
        residue
        for at, residue in enumerate(found)
        if residue.polymer == POLYMER
        or (
            residue.polymer == UNSAID
            and (
                _bonded(found[at - 1 : at], [residue], coordinates)
                or _bonded([residue], found[at + 1 : at + 2], coordinates)
            )
        )
    ]


def _bonded(before: list[_Residue], after: list[_Residue], coordinates: np.ndarray) -> bool:
    if not before or not after or before[0].chain != after[0].chain:
        return False
    carbon, nitrogen = before[0].rows.get("C"), after[0].rows.get("N")
    if carbon is None or nitrogen is None:
        return False
    return bool(np.linalg.norm(coordinates[carbon] - coordinates[nitrogen]) < LONGEST_PEPTIDE_BOND)


def _refuse_traces(chain: str, residues: list[_Residue], lengths: dict[str, int]) -> None:
    """A chain of CA atoms alone has no residue frames and is no use to the model."""
    has_ca = any("CA" in residue.rows for residue in residues)
    if has_ca and not any({"N", "C"} & residue.rows.keys() for residue in residues):
        left = {other: length for other, length in lengths.items() if other != chain}
        advice = f", or choose another of its chains: {listed(left)}" if left else ""
        raise StructureError(
            f"chain {chain} ({len(residues)} residues) has CA atoms only, but N, CA and C are "
            f"needed for a backbone; rebuild the backbone first{advice}"
        )


# -- the protein ---------------------------------------------------------------------------------


def _protein(
    residues: list[_Residue], coordinates: np.ndarray, entry: Entry, axis: Axis | None, name: str
) -> Protein:
    placed = np.full((len(residues), len(ATOM37), 3), np.nan, np.float32)
    plddt = np.full(len(residues), np.nan, np.float32)
    for at, residue in enumerate(residues):
        columns = residue.component.columns or {}
        if axis is not None:
            columns = _OUR_COLUMNS
        for atom, row in residue.rows.items():
            column = columns.get(atom)
            if column is not None and np.isnan(placed[at, column, 0]):
                placed[at, column] = coordinates[row]
                plddt[at] = entry.plddt[row]
    keys = [(residue.chain, residue.number, residue.code) for residue in residues]
    letters = [residue.component.letter for residue in residues]
    if axis is not None:
        keys, letters, seen = _restored(axis, keys)
        everywhere = np.full((len(keys), len(ATOM37), 3), np.nan, np.float32)
        everywhere[seen] = placed
        placed, known = everywhere, plddt
        plddt = np.full(len(keys), np.nan, np.float32)
        plddt[seen] = known
    has_confidence = entry.ptm is not None or np.isfinite(plddt).any()
    chain_id, number, code = zip(*keys, strict=True)
    return Protein(
        "".join(letters),
        coordinates=placed,
        chain_id=np.array(chain_id),
        residue_number=np.array(number, dtype=np.int64),
        insertion_code=np.array(code),
        confidence=Confidence(plddt, ptm=entry.ptm) if has_confidence else None,
        name=name,
    )


def _restored(axis: Axis, keys: list) -> tuple[list, list[str], np.ndarray]:
    """Keys and letters of the whole axis, and where on it the residues with atoms are."""
    present, absent = iter(keys), iter(axis.absent)
    marks = [mark for _, letters in axis.letters for mark in letters]
    seen = np.array([_has_atoms(mark) for mark in marks])
    letters = [MASK if mark == "-" else mark.upper() for mark in marks]
    return [next(present) if has else next(absent) for has in seen], letters, np.flatnonzero(seen)


def _usable_axis(axis: Axis | None, residues: list[_Residue]) -> tuple[Axis | None, str]:
    """Our own marks if they still fit the atoms; a note if another program has changed the file."""
    if axis is None:
        return None, ""
    marks = [(chain, mark) for chain, letters in axis.letters for mark in letters]
    present = [(chain, mark) for chain, mark in marks if _has_atoms(mark)]
    absent = [chain for chain, mark in marks if not _has_atoms(mark)]
    fits = (
        len(present) == len(residues)
        and all(
            chain == residue.chain and mark.replace(MASK, "X") == residue.component.letter
            for (chain, mark), residue in zip(present, residues, strict=True)
        )
        and absent == [chain for chain, _, _ in axis.absent]
    )
    if fits:
        return axis, ""
    return (
        None,
        "marks of masked and absent residues ignored, since the file was changed after them",
    )


def _has_atoms(mark: str) -> bool:
    return mark.isupper() or mark == MASK


def _lengths(residues: list[_Residue], axis: Axis | None) -> dict[str, int]:
    if axis is None:
        return dict(Counter(residue.chain for residue in residues))
    lengths: Counter[str] = Counter()
    for chain, letters in axis.letters:
        lengths[chain] += len(letters)
    return dict(lengths)


def _ligands(residues: list[_Residue], atoms: Atoms) -> tuple[Ligand, ...]:
    """As many as there is room for, in the file's order, with their heavy atoms."""
    found, room = [], MOST_LIGAND_ATOMS
    for residue in residues:
        symbols = {row: _element(atoms.element[row], name) for name, row in residue.rows.items()}
        heavy = [row for row, symbol in symbols.items() if symbol not in ("H", "D")]
        room -= len(heavy)
        if room < 0:
            break
        if heavy:
            elements = tuple(symbols[row] for row in heavy)
            places = np.asarray(atoms.coord[heavy], np.float32)
            found.append(Ligand(residue.name, residue.label, elements, places))
    return tuple(found)


def _element(told: str, atom_name: str) -> str:
    """The symbol of an atom's element; the first letter of its name where the file has none."""
    letters = told if told.isalpha() else atom_name.lstrip("0123456789")[:1]
    return letters[:2].upper() or "X"


# -- what the person is told ---------------------------------------------------------------------


def _notes(residues: list[_Residue], others: list[_Residue], kept: tuple[Ligand, ...]) -> list[str]:
    notes = []
    altlocs = [residue for residue in residues if residue.has_altlocs]
    if altlocs:
        notes.append(
            f"{_count(len(altlocs), 'residue')} with alternate locations, of which the one with "
            f"the highest occupancy is used: {_some(residue.label for residue in altlocs)}"
        )
    repeats = [residue for residue in residues if residue.has_repeats]
    if repeats:
        notes.append(
            f"{_count(len(repeats), 'residue')} with an atom listed twice, of which the first is "
            f"used: {_some(residue.label for residue in repeats)}"
        )
    modified = [residue for residue in residues if residue.component.modified]
    if modified:
        named = (f"{one.name} as {one.component.letter} ({one.label})" for one in modified)
        notes.append(f"{_count(len(modified), 'modified residue')} read as parent: {_some(named)}")
    incomplete = [residue for residue in residues if not {"N", "CA", "C"} <= residue.rows.keys()]
    if incomplete:
        notes.append(
            f"{_count(len(incomplete), 'residue')} without a complete backbone: "
            f"{_some(residue.label for residue in incomplete)}"
        )
    if kept:
        named = (f"{ligand.name} ({ligand.label})" for ligand in kept)
        notes.append(f"{_count(len(kept), 'ligand')} that the model does not see: {_some(named)}")
    drawn = {ligand.label for ligand in kept}
    left = [one for one in others if one.is_ligand and one.label not in drawn]
    if left:
        named = (f"{residue.name} ({residue.label})" for residue in left)
        notes.append(f"{_count(len(left), 'ligand')} set aside: {_some(named)}")
    nucleotides = [one for one in others if one.component.kind is Kind.NUCLEOTIDE]
    if nucleotides:
        chains = dict(Counter(residue.chain for residue in nucleotides))
        notes.append(f"nucleic acid set aside: {listed(chains)}")
    waters = sum(residue.component.kind is Kind.WATER for residue in others)
    if waters:
        notes.append(f"{_count(waters, 'water molecule')} set aside")
    return notes


def _contents(others: list[_Residue]) -> str:
    names = Counter(residue.name for residue in others)
    if not names:
        return "no atoms"
    return _some(f"{count} {name}" for name, count in names.most_common())


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


def _some(parts: Iterable[str]) -> str:
    parts = list(parts)
    more = f" and {len(parts) - _MOST_LISTED} more" if len(parts) > _MOST_LISTED else ""
    return ", ".join(parts[:_MOST_LISTED]) + more
