"""Proteins in and out: PDB, mmCIF, BinaryCIF and FASTA files, plain or gzipped, and two databases.

The format follows the file name. Chain names and residue numbers are the author's, both ways, but
where two residues would have the same name, the later chain gets another. One model is read, the
first if none is chosen; what is not protein is set aside and named in ``Protein.notes``. A file
that cannot be read or written is one StructureError that names it.
"""

from .online import fetch
from .reading import read_protein, read_records
from .writing import structure_text, write_protein

__all__ = ["fetch", "read_protein", "read_records", "structure_text", "write_protein"]
