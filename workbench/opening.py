"""What can be opened: a file, an entry of a database, a sequence, a length, a record, a value.

This is the one place that knows. The bench, the command line and campaigns open what people give
them here, so that all of them take the same.
"""

import os
import re
from numbers import Integral
from pathlib import PurePath

import numpy as np

from .annotate import annotated
from .archive.record import SUFFIX, open_record
from .errors import StructureError
from .io import fetch, read_protein
from .io.chosen import Chains, chosen_chains
from .io.fasta import SEPARATORS, Which, parse_fasta, parse_sequence
from .io.files import is_known
from .io.limits import refuse_too_long
from .io.online import is_entry
from .paths import given_path, is_file
from .prompt import Prompt
from .protein import Protein
from .session import Session
from .tracks import Track

Source = str | os.PathLike | Protein | Prompt | int
"""What a person may give; the docstring of ``open_session`` says what each means."""

FORMS = (
    "a PDB, mmCIF, BinaryCIF or FASTA file, a .design record, a PDB id (1ubq, pdb_00001ubq), an "
    "AlphaFold database id (AF-P69905-F1) or UniProt accession (P69905), a sequence with "
    f"{' '.join(SEPARATORS)} between chains, pasted FASTA, or a length"
)
"""Every form of text that can be opened, in one sentence."""

_LETTERS = re.compile(rf"[A-Za-z_*\s{re.escape(SEPARATORS)}]+")
_LONGEST = 60


def open_session(source: object, chain: Chains = None, record: Which = None) -> Session:
    """The session to start from: that of a design record, or a new one on any other source.

    A text is the name of a file if there is one (``~`` is the home folder), else an entry of a
    database, a length, FASTA text or a sequence. ``chain`` chooses chains and ``record`` one record
    of a FASTA file, as in ``read_protein``. A StructureError says why something cannot be opened.
    """
    if _is_record(source):
        _refuse_choice(chain, record, "a record")
        return open_record(given_path(source, StructureError))  # type: ignore[arg-type]
    return Session(open_prompt(source, chain, record))


def open_prompt(source: object, chain: Chains = None, record: Which = None) -> Prompt:
    """The prompt to start from; that of a record is its last one.

    A protein gives its sequence and, where it has them, its coordinates; SS8 and SASA are computed
    from these so that they can be restored, and start masked. A length gives a chain of masked
    residues.
    """
    if isinstance(source, Prompt):
        _refuse_choice(chain, record, "a prompt")
        return source
    if _is_record(source):
        return open_session(source, chain, record).prompt
    protein = _read(source, chain, record)
    if isinstance(protein, int):
        _refuse_choice(chain, record, "a length")
        refuse_too_long({"A": protein})
        return Prompt.blank(protein)
    if protein.has_backbone.any() and "_" in protein.ss8:
        protein = annotated(protein)
    tracks = [Track.SEQUENCE, *([Track.STRUCTURE] if protein.has_backbone.any() else [])]
    return Prompt.from_protein(protein, tracks)


def open_protein(source: object, chain: Chains = None, record: Which = None) -> Protein:
    """The protein of anything that can be opened; SS8 and SASA are known where coordinates are."""
    return open_prompt(source, chain, record).template


def short(text: str, longest: int = _LONGEST) -> str:
    """What a person gave, in one line and short enough for a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}… ({len(text)} characters)"


def _is_record(source: object) -> bool:
    is_path = isinstance(source, str | os.PathLike)
    return is_path and os.fsdecode(source).strip().lower().endswith(SUFFIX)


def _refuse_choice(chain: object, record: object, what: str) -> None:
    for name, choice in (("chain", chain), ("record", record)):
        if choice is not None:
            raise StructureError(
                f"{name}={choice!r} chooses in a file, and this is {what}; omit it"
            )


def _read(source: object, chain: Chains, record: Which) -> Protein | int:
    if isinstance(source, Protein):
        return _chosen(source, chain)
    if isinstance(source, Integral) and not isinstance(source, bool):
        return int(source)
    if isinstance(source, os.PathLike):
        return read_protein(source, chain, record)
    if not isinstance(source, str):
        raise StructureError(f"cannot open {type(source).__name__}; give {FORMS}")
    text = source.strip()
    if is_file(text):
        return read_protein(text, chain, record)
    if text.isdecimal() and text.isascii() and len(text) < 10:
        return int(text)
    if is_entry(text):
        return fetch(text, chain)
    if text.startswith((">", ";")):
        return parse_fasta(text, "sequence", chain, record)
    if _means_a_file(text):
        raise StructureError(f"there is no file {short(text, 255)!r}; check the path")
    if _LETTERS.fullmatch(text):
        return _chosen(_sequence(text), chain)
    raise StructureError(
        f"there is no file {short(text)!r}, and it is nothing else that can be opened; give {FORMS}"
    )


def _means_a_file(text: str) -> bool:
    """Whether a text that names no file was meant to; chains with ``/`` are in capital letters."""
    in_folder = "/" in text and (text != text.upper() or os.path.isdir(os.path.dirname(text)))
    return in_folder or is_known(PurePath(text))


def _sequence(text: str) -> Protein:
    try:
        return parse_sequence(text)
    except StructureError as error:
        raise StructureError(
            f"there is no file {short(text)!r}, and as a sequence {error}"
        ) from None


def _chosen(protein: Protein, chain: Chains) -> Protein:
    if chain is None:
        return protein
    names, lengths = np.unique(protein.chain_id, return_counts=True)
    chosen = chosen_chains(chain, dict(zip(names.tolist(), lengths.tolist(), strict=True)))
    return protein.take(np.flatnonzero(np.isin(protein.chain_id, list(chosen))))
