"""read_protein: from a file, or bytes of one, to a Protein."""

from pathlib import Path

from ..errors import StructureError
from ..protein import Protein
from .assembly import assemble
from .fasta import parse_fasta
from .files import Format, as_text, check_content, format_of, read_bytes, stem_of
from .mmcif import parse_bcif, parse_cif
from .pdb import parse_pdb


def read_protein(path: str | Path, chain: str | None = None) -> Protein:
    """Read all protein chains of a PDB, mmCIF, BinaryCIF or FASTA file, or only one of them.

    The first model and, per residue, the alternate location of highest occupancy are used. Residues
    that the file does not place are absent; modified ones take their parent's letter and atoms, or
    are X. Files written by this package bring back masked residues, residues without atoms and
    confidence.
    """
    path = Path(path)
    try:
        written_as = format_of(path)
        return protein_from_bytes(read_bytes(path), written_as, stem_of(path), chain)
    except StructureError as error:
        raise StructureError(f"{path}: {error}") from error.__cause__


def protein_from_bytes(
    data: bytes, written_as: Format, name: str, chain: str | None = None
) -> Protein:
    """The protein in the unpacked content of a file."""
    check_content(data, written_as)
    match written_as:
        case Format.FASTA:
            return parse_fasta(as_text(data), name, chain)
        case Format.PDB:
            entry = parse_pdb(as_text(data))
        case Format.CIF:
            entry = parse_cif(as_text(data))
        case Format.BCIF:
            entry = parse_bcif(data)
    return assemble(entry, name, chain)
