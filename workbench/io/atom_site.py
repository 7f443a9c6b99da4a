"""The atom_site table of mmCIF and BinaryCIF: atoms of a model, and which are polymer.

Programs leave out columns and write ``?`` or ``.`` for what they do not know. The author's names
and numbers count; the label ones stand in for them where they are unknown. A number may carry its
standard uncertainty, such as ``1.00(2)``.
"""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from biotite.structure import AtomArray
from biotite.structure.io import pdbx
from jaxtyping import Int, Shaped

from ..errors import StructureError
from .chosen import model_numbers
from .entry import FREE, POLYMER, UNSAID, Atoms

Category = pdbx.CIFCategory | pdbx.BinaryCIFCategory

UNKNOWN = (".", "?", "")
"""How the tables write a value that nobody knows or that does not apply."""

_FARTHEST = 10**8
"""Residue numbers are smaller than this, either side of zero."""

_WHOLE = re.compile(r"[-+]?\d+")
_NUMBER = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?:\(\d+\))?")


def texts(table: Category, name: str, default: str = "?") -> Shaped[np.ndarray, " rows"]:
    """A column as text; a default for each row where the table has no such column."""
    if name not in table:
        return np.full(table.row_count, default)
    return np.asarray(table[name].as_array(str))


def rows_of(table: Category, *names: str) -> Iterator[tuple[str, ...]]:
    """The rows of some columns as text."""
    return zip(*(texts(table, name).tolist() for name in names), strict=True)


def number(text: str) -> float:
    """A number without its uncertainty; NaN where it is unknown or no number."""
    match = _NUMBER.fullmatch(text)
    return float(match[1]) if match else np.nan


def read_atoms(table: Category, model: str) -> Atoms:
    """Atoms of the model that the file calls so, in the file's order.

    ``label_asym_id`` and ``label_seq_id`` are annotations of the atoms, ``?`` where unknown.
    """
    rows = texts(table, "pdbx_PDB_model_num", "1") == model
    atoms: Any = AtomArray(int(rows.sum()))
    atoms.coord = np.stack([_coordinates(table, f"Cartn_{axis}")[rows] for axis in "xyz"], axis=-1)
    asym = _known(table, "auth_asym_id", "label_asym_id")
    columns = {
        "chain_id": np.where(np.isin(asym, UNKNOWN), "", asym),
        "res_name": _known(table, "auth_comp_id", "label_comp_id"),
        "atom_name": _known(table, "auth_atom_id", "label_atom_id"),
        "element": texts(table, "type_symbol"),
        "ins_code": _empty_where_unknown(texts(table, "pdbx_PDB_ins_code")),
        "altloc_id": _empty_where_unknown(texts(table, "label_alt_id")),
        "hetero": texts(table, "group_PDB", "ATOM") == "HETATM",
        "occupancy": _numbers(table, "occupancy", 1.0),
        "b_factor": _numbers(table, "B_iso_or_equiv", 0.0),
        "label_asym_id": texts(table, "label_asym_id"),
        "label_seq_id": texts(table, "label_seq_id"),
    }
    for name, values in columns.items():
        atoms.set_annotation(name, values[rows])
    atoms.set_annotation("res_id", _residue_numbers(atoms, texts(table, "auth_seq_id")[rows]))
    return atoms


def models_of(table: Category) -> dict[str, int]:
    """The models of the table as the file writes them, and their numbers."""
    names, first = np.unique(texts(table, "pdbx_PDB_model_num", "1"), return_index=True)
    written = names[np.argsort(first)].tolist()
    return dict(zip(written, model_numbers(written), strict=True))


def polymer_of(atoms: Atoms) -> Int[np.ndarray, " atoms"]:
    """Whether each atom is part of a chain, as far as the file says so.

    Where it numbers the residues of a chain's polymer (``label_seq_id``), other HETATM records of
    that chain are free. In a chain without such numbers, ATOM records are polymer.
    """
    numbered = ~np.isin(atoms.label_seq_id, UNKNOWN)
    chains = np.isin(atoms.chain_id, np.unique(atoms.chain_id[numbered]))
    unsaid = np.where(
        atoms.hetero, np.where(chains, FREE, UNSAID), np.where(chains, UNSAID, POLYMER)
    )
    return np.where(numbered, POLYMER, unsaid)


def stretches_of(atoms: Atoms) -> Int[np.ndarray, " atoms"]:
    """A number for each ``label_asym_id``, which the file gives to each of its molecules."""
    return np.unique(atoms.label_asym_id, return_inverse=True)[1]


def _known(table: Category, first: str, second: str) -> Shaped[np.ndarray, " rows"]:
    one, other = texts(table, first), texts(table, second)
    return np.where(np.isin(one, UNKNOWN), other, one)


def _empty_where_unknown(values: Shaped[np.ndarray, " rows"]) -> Shaped[np.ndarray, " rows"]:
    return np.where(np.isin(values, UNKNOWN), "", values)


def _numbers(table: Category, name: str, default: float) -> np.ndarray:
    if name not in table:
        return np.full(table.row_count, default)
    column: Any = table[name]
    try:
        values = column.as_array(np.float64, np.nan)
    except ValueError:
        values = np.array([number(text) for text in texts(table, name).tolist()])
    return np.where(np.isfinite(values), values, default)


def _coordinates(table: Category, name: str) -> np.ndarray:
    """Å; NaN where the file does not know. A StructureError names what is no number."""
    if name not in table:
        raise StructureError(
            f"its atom_site table has no column {name} and so no coordinates; "
            "give the coordinate file of the entry"
        )
    column: Any = table[name]
    try:
        return column.as_array(np.float32, np.nan)
    except ValueError:
        written = texts(table, name).tolist()
    values = np.array([number(text) for text in written], np.float32)
    for at in np.flatnonzero(np.isnan(values)):
        text = written[at]
        if text not in UNKNOWN:
            raise StructureError(
                f"atom {at + 1} of its atom_site table has {text[:40]!r} as {name}, which is no "
                "number; the file is damaged there"
            )
    return values


def _residue_numbers(
    atoms: Atoms, author: Shaped[np.ndarray, " atoms"]
) -> Int[np.ndarray, " atoms"]:
    """The author's numbers; those of the label in a chain where the author's are unknown."""
    auth, auth_known = _whole(author)
    label, label_known = _whole(atoms.label_seq_id)
    unsaid = np.unique(atoms.chain_id[~auth_known & label_known])
    by_label = label_known & np.isin(atoms.chain_id, unsaid)
    numbers = np.where(by_label, label, auth)
    return _counted(atoms, numbers, auth_known | by_label)


def _whole(written: Shaped[np.ndarray, " atoms"]) -> tuple[np.ndarray, np.ndarray]:
    """Whole numbers, and where the text is one."""
    try:
        known = ~np.isin(written, UNKNOWN)
        values = np.where(known, written, "0").astype(np.int64)
    except (ValueError, OverflowError):
        known = np.array([_WHOLE.fullmatch(text) is not None for text in written.tolist()], bool)
        values = np.array([float(t) if k else 0 for t, k in zip(written, known, strict=True)])
    far = np.flatnonzero(np.abs(values) >= _FARTHEST)
    if len(far):
        raise StructureError(
            f"the residue number {str(written[far[0]])[:30]} is too large; renumber that residue"
        )
    return values.astype(np.int64), known


def _counted(atoms: Atoms, numbers: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Residues without any number follow those that have one, counted as their atoms repeat."""
    numbers = numbers.copy()
    free: dict[str, int] = {}
    for chain in np.unique(atoms.chain_id[~known]):
        in_chain = known & (atoms.chain_id == chain)
        free[str(chain)] = int(numbers[in_chain].max()) if in_chain.any() else 0
    before, names_seen = None, set[str]()
    for at in np.flatnonzero(~known):
        chain, name = str(atoms.chain_id[at]), f"{atoms.atom_name[at]} {atoms.altloc_id[at]}"
        residue = (chain, atoms.label_asym_id[at], atoms.res_name[at])
        if residue != before or name in names_seen:
            free[chain] += 1
            before, names_seen = residue, set()
        names_seen.add(name)
        numbers[at] = free[chain]
    return numbers
