"""What can be opened: a file, an entry of a database, a sequence, a length, a record, a value.

This is the one place that knows. The bench, the command line and campaigns open what people give
them here, so that all of them take the same.
"""

import os
import re
from dataclasses import dataclass
from numbers import Integral
from pathlib import PurePath

import numpy as np

from .annotate import annotated
from .archive.record import SUFFIX, open_record
from .errors import StructureError
from .io.chosen import ALL, Chains, Choice, Conformer, Content, Which, chosen_chains
from .io.fasta import SEPARATORS, parse_fasta, parse_sequence
from .io.files import is_known
from .io.limits import refuse_too_long
from .io.online import fetch_content, is_entry
from .io.reading import read_content
from .paths import given_path, is_file
from .prompt import Prompt
from .protein import Protein
from .session import Session

FORMS = (
    "a PDB, mmCIF, BinaryCIF or FASTA file, a .design record, a PDB id (1ubq, pdb_00001ubq), an "
    "AlphaFold database id (AF-P69905-F1) or UniProt accession (P69905), a sequence with "
    f"{' '.join(SEPARATORS)} between chains, pasted FASTA, or a length"
)
"""Every form of text that can be opened, in one sentence."""

_LETTERS = re.compile(rf"[A-Za-z_*\s{re.escape(SEPARATORS)}]+")
_LONGEST = 60


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """What was opened, from what, and what was chosen of it.

    ``conformers`` are the numbers of the models that the file has, none where it has one.
    """

    session: Session
    source: object
    choice: Choice = ALL
    conformers: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """What the history says of it, such as ``open 1l2y, model 3``."""
        return _label(self.session.prompt, self.choice)


Source = str | os.PathLike | Protein | Prompt | int | Opened
"""What a person may give; the docstring of ``open_source`` says what each means."""


def open_source(source: object, choice: Choice = ALL) -> Opened:
    """Open what a person gives: the session of a design record, or a new one on anything else.

    A text is the name of a file if there is one (``~`` is the home folder), else an entry of a
    database, a length, FASTA text or a sequence; what was opened already stays as it is. A
    StructureError says why it cannot be opened.
    """
    if isinstance(source, Opened):
        choice.refuse("open already")
        return source
    if _is_record(source):
        choice.refuse("a record")
        session = open_record(given_path(source, StructureError))  # type: ignore[arg-type]
        return Opened(session, source, choice)
    if isinstance(source, Prompt):
        choice.refuse("a prompt")
        return Opened(Session(source), source, choice)
    read = _read(source, choice)
    prompt = _begun(read.protein) if isinstance(read, Content) else Prompt.blank(read)
    conformers = read.conformers if isinstance(read, Content) else ()
    return Opened(Session(prompt, label=first_label(prompt, choice)), source, choice, conformers)


def open_session(
    source: object, chain: Chains = None, record: Which = None, conformer: Conformer = None
) -> Session:
    """The session to start from, as ``open_source`` opens it.

    ``chain`` chooses chains, ``record`` a record of a FASTA file and ``conformer`` a model of a
    structure file, as in ``read_protein``.
    """
    return open_source(source, Choice(chain, record, conformer)).session


def open_prompt(
    source: object, chain: Chains = None, record: Which = None, conformer: Conformer = None
) -> Prompt:
    """The prompt to start from; that of a record is its last one.

    A protein gives its sequence and, where it has them, its coordinates; SS8 and SASA are computed
    from these so that they can be restored, and start masked. A length gives a chain of masked
    residues.
    """
    return open_session(source, chain, record, conformer).prompt


def open_protein(
    source: object, chain: Chains = None, record: Which = None, conformer: Conformer = None
) -> Protein:
    """The protein of anything that can be opened; SS8 and SASA are known where coordinates are."""
    return open_prompt(source, chain, record, conformer).template


def first_label(prompt: Prompt, choice: Choice) -> str:
    """How the history of a prompt begins; it names the model that was chosen of a file."""
    return "open" if choice.conformer is None else _label(prompt, choice)


def _label(prompt: Prompt, choice: Choice) -> str:
    number = choice.conformer
    of = "" if number is None else f", model {number}"
    return f"open {prompt.template.name or 'a protein'}{of}"


def _begun(protein: Protein) -> Prompt:
    """The prompt that a protein gives."""
    if protein.has_backbone.any() and "_" in protein.ss8:
        protein = annotated(protein)
    return Prompt.from_protein(protein)


def short(text: str, longest: int = _LONGEST) -> str:
    """What a person gave, in one line and short enough for a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}… ({len(text)} characters)"


def _is_record(source: object) -> bool:
    is_path = isinstance(source, str | os.PathLike)
    return is_path and os.fsdecode(source).strip().lower().endswith(SUFFIX)


def _read(source: object, choice: Choice) -> Content | int:
    if isinstance(source, Protein):
        choice.refuse("a protein", "record", "conformer")
        return Content(_chosen(source, choice.chain))
    if isinstance(source, Integral) and not isinstance(source, bool):
        return _length(int(source), choice)
    if isinstance(source, os.PathLike):
        return read_content(source, choice)
    if not isinstance(source, str):
        raise StructureError(f"cannot open {type(source).__name__}; give {FORMS}")
    text = source.strip()
    if is_file(text):
        return read_content(text, choice)
    if text.isdecimal() and text.isascii() and len(text) < 10:
        return _length(int(text), choice)
    if is_entry(text):
        choice.refuse("an entry of a database", "record")
        return fetch_content(text, choice)
    if text.startswith((">", ";")):
        choice.refuse("FASTA, which has no models", "conformer")
        return Content(parse_fasta(text, "sequence", choice.chain, choice.record))
    if _means_a_file(text):
        raise StructureError(f"there is no file {short(text, 255)!r}; check the path")
    if _LETTERS.fullmatch(text):
        choice.refuse("a sequence", "record", "conformer")
        return Content(_chosen(_sequence(text), choice.chain))
    raise StructureError(
        f"there is no file {short(text)!r}, and it is nothing else that can be opened; give {FORMS}"
    )


def _length(count: int, choice: Choice) -> int:
    choice.refuse("a length")
    refuse_too_long({"A": count})
    return count


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
