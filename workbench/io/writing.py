"""write_protein and structure_text: from a Protein to a file or to text."""

import os
from pathlib import Path

from ..errors import StructureError
from ..paths import given_path
from ..protein import Protein
from .fasta import fasta_text
from .files import SUFFIXES, Format, format_of, write_bytes
from .mmcif import bcif_bytes, cif_text
from .pdb import pdb_text


def write_protein(protein: Protein, path: str | os.PathLike) -> Path:
    """Write a protein in the format of the file name, gzipped if it ends in .gz; returns the path.

    Residue numbers, chain names, masked residues and residues without atoms read back as they were;
    pLDDT is written as B-factor in percent. FASTA keeps the sequence and chain names only.
    """
    path = given_path(path, StructureError)
    try:
        write_bytes(path, _content(protein, format_of(path)))
    except StructureError as error:
        raise StructureError(f"{path}: {error}") from error.__cause__
    return path


def structure_text(protein: Protein, format: str = "pdb") -> str:
    """The text that ``write_protein`` would write as ``pdb``, ``cif`` or ``fasta``."""
    meant = SUFFIXES.get(f".{format.lower().lstrip('.')}")
    if meant is None or meant is Format.BCIF:
        raise StructureError(f"there is no text format {format!r}; use pdb, cif or fasta")
    return _content(protein, meant).decode()


def _content(protein: Protein, written_as: Format) -> bytes:
    match written_as:
        case Format.PDB:
            return pdb_text(protein).encode()
        case Format.CIF:
            return cif_text(protein).encode()
        case Format.BCIF:
            return bcif_bytes(protein)
        case Format.FASTA:
            return fasta_text(protein).encode()
