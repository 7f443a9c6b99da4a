"""read_protein and read_records: from a file, or bytes of one, to proteins."""

import os

from ..errors import StructureError
from ..paths import given_path
from ..protein import Protein
from .assembly import assemble
from .chosen import Chains, Choice, Conformer, Content, Which
from .fasta import parse_fasta, parse_records
from .files import Format, as_text, check_content, format_of, in_utf8, read_bytes, stem_of
from .mmcif import parse_bcif, parse_cif
from .pdb import parse_pdb


def read_protein(
    path: str | os.PathLike, chain: Chains = None, record: Which = None, conformer: Conformer = None
) -> Protein:
    """Read the protein chains of a PDB, mmCIF, BinaryCIF or FASTA file: all, one or several.

    ``chain`` is a name, several such as ``"A,B"``, or a list of names. ``conformer`` is a model of
    an NMR ensemble or a trajectory, by the number it has in the file (frames without numbers count
    from 1); the first is read without it. Per residue, the alternate location of highest occupancy
    is used. Residues that the file does not
    place are absent; modified ones take their parent's letter and atoms, or are X. Files written
    by this package bring back masked residues, residues without atoms and confidence.

    The records of a FASTA file are chains, but designs of one protein and aligned sequences are
    not: there the first record is read, and ``record`` chooses another, by its place from 1 on or
    by the beginning of its header.
    """
    return read_content(path, Choice(chain, record, conformer)).protein


def read_content(path: str | os.PathLike, choice: Choice) -> Content:
    """Read what is chosen of a file, as ``read_protein`` does, and which models it has."""
    path = given_path(path, StructureError)
    try:
        written_as = format_of(path)
        return content_of_bytes(read_bytes(path), written_as, stem_of(path), choice)
    except StructureError as error:
        raise StructureError(f"{path}: {error}") from error.__cause__


def read_records(path: str | os.PathLike) -> list[Protein]:
    """Read every record of a FASTA file as a protein of its own, such as the designs of a run."""
    path = given_path(path, StructureError)
    try:
        if format_of(path) is not Format.FASTA:
            raise StructureError("only FASTA files have records; use read_protein")
        return parse_records(_text(read_bytes(path), Format.FASTA), stem_of(path))
    except StructureError as error:
        raise StructureError(f"{path}: {error}") from error.__cause__


def content_of_bytes(data: bytes, written_as: Format, name: str, choice: Choice) -> Content:
    """What is chosen of the unpacked content of a file."""
    if written_as is Format.FASTA:
        choice.refuse("FASTA, which has no models", "conformer")
        return Content(parse_fasta(_text(data, written_as), name, choice.chain, choice.record))
    choice.refuse(f"{written_as}, which has no records", "record")
    if written_as is Format.BCIF:
        check_content(data, written_as)
        entry = parse_bcif(data, choice.conformer)
    else:
        parse = parse_pdb if written_as is Format.PDB else parse_cif
        entry = parse(_text(data, written_as), choice.conformer)
    models = entry.models if len(entry.models) > 1 else ()
    return Content(assemble(entry, name, choice.chain), models)


def _text(data: bytes, written_as: Format) -> str:
    data = in_utf8(data)
    check_content(data, written_as)
    return as_text(data)
