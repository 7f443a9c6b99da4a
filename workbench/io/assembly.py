"""assemble: from the atoms of an Entry to a Protein, saying what was set aside.

A residue joins the residue axis if it is an amino acid and part of a chain: as the file says, or
else by its peptide bond. No two residues of the protein have the same name.
"""

from collections import Counter

import numpy as np

from ..constants import ATOM37, MASK
from ..errors import StructureError
from ..protein import Confidence, Ligand, Protein
from .chain_names import with_chain_names
from .chosen import Chains, chosen_chains
from .components import Kind
from .entry import POLYMER, UNSAID, Atoms, Axis, Entry
from .found import FoundResidue, bonded, found_residues
from .limits import listed, refuse_too_long
from .notes import contents_of, notes_on

MOST_LIGAND_ATOMS = 5_000
"""Atoms of ligands kept at most; the lipids of a simulated membrane have more."""

_MOST_LISTED = 6
_OUR_COLUMNS = {**{atom: at for at, atom in enumerate(ATOM37)}, "SE": ATOM37.index("SG")}
"""Where atoms of our own files go: by their name alone, whatever residue they are in."""


def assemble(entry: Entry, name: str, chain: Chains = None) -> Protein:
    """The protein of an entry, all chains or some; a StructureError when there is none to use."""
    coordinates = entry.atoms.coord
    residues = list(found_residues(entry))
    residues_found = [residue for residue in residues if residue.component.kind is Kind.AMINO_ACID]
    amino = _in_chains(residues_found, coordinates)
    ids = {id(residue) for residue in amino}
    others = [residue for residue in residues if id(residue) not in ids]

    axis, stale = _usable_axis(entry.axis, amino)
    notes = list(entry.notes)
    if len(entry.models) > 1:
        used = "the first" if entry.conformer is None else f"model {entry.conformer}"
        notes.append(f"{len(entry.models)} models, of which {used} is used")
    if axis is None:
        amino, others, renamed = with_chain_names(
            amino, others, lambda before, after: bonded(before, after, coordinates)
        )
        notes += renamed
    lengths = _lengths(amino, axis)
    if not lengths:
        raise StructureError(f"there is no protein in it; it holds {contents_of(others)}")
    chosen = chosen_chains(chain, lengths)
    refuse_too_long(chosen)
    if axis is None:
        for chain_name in chosen:
            of_chain = [residue for residue in amino if residue.chain == chain_name]
            _refuse_traces(chain_name, of_chain, lengths)

    protein = _protein(amino, coordinates, entry, axis, name)
    if chain is not None:
        protein = protein.take(np.flatnonzero(np.isin(protein.chain_id, list(chosen))))
        unread = {other: length for other, length in lengths.items() if other not in chosen}
        notes += [f"{listed(unread)} not read"] if unread else []
        others = [residue for residue in others if residue.chain in chosen]
    notes += [stale] if stale else []
    drawn = _drawn([residue for residue in others if residue.is_ligand], entry.atoms)
    chosen_residues = [residue for residue in amino if residue.chain in chosen]
    notes += notes_on(chosen_residues, others, [residue for residue, _ in drawn])
    return protein.with_(notes=tuple(notes), ligands=tuple(ligand for _, ligand in drawn))


# -- residues --------------------------------------------------------------------------------------


def _in_chains(residues: list[FoundResidue], coordinates: np.ndarray) -> list[FoundResidue]:
    """The amino acids that are part of a chain."""
    return [
        residue
        for at, residue in enumerate(residues)
        if residue.polymer == POLYMER
        or (
            residue.polymer == UNSAID
            and (
                _joined(residues[at - 1 : at], [residue], coordinates)
                or _joined([residue], residues[at + 1 : at + 2], coordinates)
            )
        )
    ]


def _joined(before: list[FoundResidue], after: list[FoundResidue], coordinates: np.ndarray) -> bool:
    if not before or not after or before[0].chain != after[0].chain:
        return False
    return bonded(before[0], after[0], coordinates)


def _refuse_traces(chain: str, residues: list[FoundResidue], lengths: dict[str, int]) -> None:
    """A chain of CA atoms alone has no residue frames and is no use to the model."""
    has_ca = any("CA" in residue.rows for residue in residues)
    if has_ca and not any({"N", "C"} & residue.rows.keys() for residue in residues):
        others = {other: length for other, length in lengths.items() if other != chain}
        advice = f", or choose another of its chains: {listed(others)}" if others else ""
        raise StructureError(
            f"chain {chain} ({len(residues)} residues) has CA atoms only, but N, CA and C are "
            f"needed for a backbone; rebuild the backbone first{advice}"
        )


# -- the protein ---------------------------------------------------------------------------------


def _protein(
    residues: list[FoundResidue],
    coordinates: np.ndarray,
    entry: Entry,
    axis: Axis | None,
    name: str,
) -> Protein:
    atoms = np.full((len(residues), len(ATOM37), 3), np.nan, np.float32)
    plddt = np.full(len(residues), np.nan, np.float32)
    for at, residue in enumerate(residues):
        columns = residue.component.columns or {}
        if axis is not None:
            columns = _OUR_COLUMNS
        for atom, row in residue.rows.items():
            column = columns.get(atom)
            if column is not None and np.isnan(atoms[at, column, 0]):
                atoms[at, column] = coordinates[row]
                plddt[at] = entry.plddt[row]
    keys = [(residue.chain, residue.number, residue.code) for residue in residues]
    letters = [residue.component.letter for residue in residues]
    if axis is not None:
        keys, letters, observed = _restored(axis, keys)
        everywhere = np.full((len(keys), len(ATOM37), 3), np.nan, np.float32)
        everywhere[observed] = atoms
        atoms, known = everywhere, plddt
        plddt = np.full(len(keys), np.nan, np.float32)
        plddt[observed] = known
    has_confidence = entry.ptm is not None or np.isfinite(plddt).any()
    chain_id, number, code = zip(*keys, strict=True)
    return Protein(
        "".join(letters),
        coordinates=atoms,
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
    observed = np.array([_has_atoms(mark) for mark in marks])
    letters = [MASK if mark == "-" else mark.upper() for mark in marks]
    return (
        [next(present) if has else next(absent) for has in observed],
        letters,
        np.flatnonzero(observed),
    )


def _usable_axis(axis: Axis | None, residues: list[FoundResidue]) -> tuple[Axis | None, str]:
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


def _lengths(residues: list[FoundResidue], axis: Axis | None) -> dict[str, int]:
    if axis is None:
        return dict(Counter(residue.chain for residue in residues))
    lengths: Counter[str] = Counter()
    for chain, letters in axis.letters:
        lengths[chain] += len(letters)
    return dict(lengths)


def _drawn(residues: list[FoundResidue], atoms: Atoms) -> list[tuple[FoundResidue, Ligand]]:
    """As many as there is room for, in the file's order, with their heavy atoms."""
    ligands, room = [], MOST_LIGAND_ATOMS
    for residue in residues:
        symbols = {row: _element(atoms.element[row], name) for name, row in residue.rows.items()}
        heavy = [row for row, symbol in symbols.items() if symbol not in ("H", "D")]
        room -= len(heavy)
        if room < 0:
            break
        if heavy:
            elements = tuple(symbols[row] for row in heavy)
            places = np.asarray(atoms.coord[heavy], np.float32)
            ligands.append((residue, Ligand(residue.name, residue.label, elements, places)))
    return ligands


def _element(written: str, atom_name: str) -> str:
    """The symbol of an atom's element; the first letter of its name where the file has none."""
    letters = written if written.isalpha() else atom_name.lstrip("0123456789")[:1]
    return letters[:2].upper() or "X"
