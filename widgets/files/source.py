"""What a bench can be opened on: a file, a protein, a prompt, a sequence, a length or an entry."""

import os
import re
from pathlib import Path

from workbench.annotate import annotated
from workbench.archive.record import SUFFIX
from workbench.errors import StructureError
from workbench.io import fetch, read_protein
from workbench.prompt import Prompt
from workbench.protein import SEQUENCE_LETTERS, Protein
from workbench.session import Session
from workbench.tracks import Track

Source = str | os.PathLike | Protein | Prompt | int

_ENTRY = re.compile(
    r"[0-9][A-Za-z0-9]{3}|AF-\w+|[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9]([A-Z][A-Z0-9]{2}[0-9]){1,2}"
)


def open_session(source: Source) -> Session:
    """The session to start from: that of a design record, or a new one on any other source."""
    is_path = isinstance(source, str | os.PathLike)
    if is_path and os.fspath(source).lower().endswith(SUFFIX):
        from workbench.archive import open_record

        return open_record(Path(source).expanduser())
    return Session(open_source(source))


def open_source(source: Source) -> Prompt:
    """The prompt to start from.

    A protein gives its sequence and, where it has them, its coordinates; SS8 and SASA are computed
    from these so that they can be restored, and start masked. A length gives a chain of masked
    residues.
    """
    if isinstance(source, Prompt):
        return source
    if isinstance(source, bool) or not isinstance(source, str | os.PathLike | Protein | int):
        raise StructureError(
            f"cannot open {type(source).__name__}; give a file, protein, prompt, sequence, length "
            "or PDB id"
        )
    if isinstance(source, int):
        return Prompt.blank(source)
    protein = source if isinstance(source, Protein) else _read(source)
    if protein.has_backbone.any() and "_" in protein.ss8:
        protein = annotated(protein)
    tracks = [Track.SEQUENCE, *([Track.STRUCTURE] if protein.has_backbone.any() else [])]
    return Prompt.from_protein(protein, tracks)


def typed_source(text: str) -> Source:
    """What a person means who types this: digits are a length."""
    text = text.strip()
    return int(text) if text.isdecimal() else text


def _read(source: str | os.PathLike) -> Protein:
    text = os.fspath(source)
    path = Path(text).expanduser()
    if path.is_file():
        return read_protein(path)
    if isinstance(source, str) and _ENTRY.fullmatch(text):
        return fetch(text)
    letters = "".join(text.split()).upper()
    if isinstance(source, str) and letters and set(letters) <= SEQUENCE_LETTERS:
        return Protein(letters, name="sequence")
    raise StructureError(
        f"there is no file {text!r}, and it is neither a PDB or AlphaFold entry nor a sequence"
    )
