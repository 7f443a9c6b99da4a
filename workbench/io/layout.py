"""Layout: a Protein spread out into the atoms and chain texts that a file lists."""

import re
from dataclasses import dataclass

import numpy as np
from biotite.structure import AtomArray
from jaxtyping import Int, Shaped

from ..constants import ATOM37, CA, CB, MASK, RESIDUE_NAMES, C, N, O
from ..errors import StructureError
from ..protein import Protein
from .entry import Atoms

_SELENIUM_COLUMN = "SG"
_WRITING_ORDER = np.array([N, CA, C, O, CB, *range(CB + 2, len(ATOM37))])
"""Columns of atom37 in the order of structure files, with O before CB."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Atoms of a protein in file order, and which residue each belongs to.

    ``residue_names`` and ``has_atoms`` are per residue; ``letters`` per chain
    run, as ``Axis`` describes them. B-factors are pLDDT in percent, 0 where there is none.
    """

    atoms: Atoms
    residue: Int[np.ndarray, " atoms"]
    residue_names: Shaped[np.ndarray, " length"]
    has_atoms: Shaped[np.ndarray, " length"]
    letters: tuple[tuple[str, str], ...]


def lay_out(protein: Protein) -> Layout:
    """The atoms of a protein that have coordinates; a masked residue is named UNK."""
    for name in protein.chains:
        if not re.fullmatch(r"[!-~]+", name):
            raise StructureError(
                f"the chain name {name!r} cannot be written; use letters and digits without spaces"
            )
    present = np.all(np.isfinite(protein.coordinates), axis=2)
    residue, rank = np.nonzero(present[:, _WRITING_ORDER])
    column = _WRITING_ORDER[rank]
    names = np.array([RESIDUE_NAMES.get(letter, "UNK") for letter in protein.sequence])
    atom_names = np.array(ATOM37)[column]
    atom_names[(names[residue] == "SEC") & (atom_names == _SELENIUM_COLUMN)] = "SE"

    atoms = AtomArray(len(residue))
    atoms.coord = protein.coordinates[residue, column].astype(np.float32)
    atoms.set_annotation("chain_id", np.asarray(protein.chain_id)[residue].astype(str))
    atoms.set_annotation("res_id", np.asarray(protein.residue_number)[residue].astype(np.int32))
    atoms.set_annotation("ins_code", np.asarray(protein.insertion_code)[residue].astype(str))
    atoms.set_annotation("res_name", names[residue])
    atoms.set_annotation("atom_name", atom_names)
    atoms.set_annotation("element", np.where(atom_names == "SE", "SE", _first_letters(atom_names)))
    atoms.set_annotation("occupancy", np.ones(len(residue)))
    atoms.set_annotation("b_factor", _percent(protein)[residue])
    has_atoms = np.any(present, axis=1)
    return Layout(atoms, residue, names, has_atoms, _letters(protein, has_atoms))


def _first_letters(names: np.ndarray) -> np.ndarray:
    return names.astype("U1")


def _percent(protein: Protein) -> np.ndarray:
    if protein.confidence is None:
        return np.zeros(len(protein))
    return np.nan_to_num(np.asarray(protein.confidence.plddt, dtype=float)) * 100


def _letters(protein: Protein, has_coordinates: np.ndarray) -> tuple[tuple[str, str], ...]:
    absent = {MASK: "-"}
    marked = [
        letter if has_atoms else absent.get(letter, letter.lower())
        for letter, has_atoms in zip(protein.sequence, has_coordinates, strict=True)
    ]
    return tuple(
        (str(protein.chain_id[start]), "".join(marked[start:stop]))
        for start, stop in protein.chain_ranges
    )
