"""The FASTA format and what is close to it: records of chains, designs, and alignments.

A header such as ``>design|Chain B|masked 5-9,12`` carries the chain name, as PDB sequence files do,
and which residues are masked (1-based): FASTA has no letter for "the model decides", so those are
written X. Inside a sequence, ``/``, ``:`` and ``|`` divide chains, as other programs write them;
white space and the position numbers of sequence listings are passed over.

The records of a file are the chains of one protein, but for two kinds of file. Where the headers
number samples, as sequence design programs write them, each record is a design. Where records are
aligned, with gaps or as A3M, the first is the protein. There one record is read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..constants import MASK
from ..errors import StructureError
from ..protein import SEQUENCE_LETTERS, Protein
from ..runs import ranges
from .chain_names import free_names
from .chosen import Chains, Which, chosen_chains
from .limits import refuse_too_long

SEPARATORS = "/:|"
"""What divides the chains of one sequence."""

_CHAIN = re.compile(r"\|Chains? ([^|,\[\s]+)(?:\[auth ([^\]]+)\])?")
_MASKED = re.compile(r"\|masked ([\d,\-]+)")
_SAMPLE = re.compile(r"\bsample\s*=\s*\d|\bid\s*=\s*\d+,\s*T\s*=|^sampled_seq_\d", re.IGNORECASE)
_LENGTHS = re.compile(r"#(\d{1,6}(?:,\d{1,6})*)\t(\d{1,3}(?:,\d{1,3})*)")
_GAPS = "-."
_NO_GAPS = str.maketrans("", "", _GAPS)
_PASSED_OVER = re.compile(r"[\s\d]+")
_LINE = 60
_LONGEST_HEADER = 60


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its header without ``>``, and its sequence as the file writes it."""

    header: str
    letters: str

    @property
    def title(self) -> str:
        """The header, short enough for a sentence."""
        text = self.header
        return text if len(text) <= _LONGEST_HEADER else text[: _LONGEST_HEADER - 1] + "…"


def parse_fasta(text: str, name: str, chain: Chains = None, record: Which = None) -> Protein:
    """The protein of a FASTA file, numbered from 1 in each chain; or one record of it alone."""
    records, aligned = _read(text)
    notes: tuple[str, ...] = ()
    if record is None:
        record, notes = _alone(records, aligned)
    chosen = records if record is None else [_one_of(records, record)]
    protein = _protein(_chains(chosen), name, chain)
    return protein.with_(notes=notes)


def parse_records(text: str, name: str) -> list[Protein]:
    """Every record as a protein of its own, named after the file and its place in it."""
    records, _ = _read(text)
    return [
        _protein(_chains([record]), f"{name}-{at}") for at, record in enumerate(records, start=1)
    ]


def parse_sequence(text: str, name: str = "sequence") -> Protein:
    """The protein that a person writes as letters, with ``/``, ``:`` or ``|`` between chains."""
    return _protein(_chains([Record("sequence", text)]), name)


def fasta_text(protein: Protein) -> str:
    """One record per chain; masked residues are X, and named in the header."""
    lines = []
    for start, stop in protein.chain_ranges:
        sequence = protein.sequence[start:stop]
        masked = [at + 1 for at, letter in enumerate(sequence) if letter == MASK]
        name = protein.name.replace("|", "_") or "protein"
        header = f">{name}|Chain {protein.chain_id[start]}"
        lines.append(header + (f"|masked {_ranges(masked)}" if masked else ""))
        written = sequence.replace(MASK, "X")
        lines += [written[at : at + _LINE] for at in range(0, len(written), _LINE)]
    return "\n".join(lines) + "\n"


# -- records -------------------------------------------------------------------------------------


def _read(text: str) -> tuple[list[Record], bool]:
    """The records of a file, without the gaps of an alignment, and whether they are aligned."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    lengths = _LENGTHS.fullmatch(lines[0]) if lines else None
    records = _records(lines)
    aligned = lengths is not None or _are_aligned(records)
    if aligned:
        records = [
            replace(record, letters=record.letters.translate(_NO_GAPS)) for record in records
        ]
    if lengths is not None:
        records[0] = replace(records[0], letters=_divided(records[0].letters, lengths))
    return records, aligned


def _records(lines: Sequence[str]) -> list[Record]:
    """A line that begins with ``;`` is a comment, or the header of a file that has no other."""
    mark = ">" if any(line.startswith(">") for line in lines) else ";"
    headers: list[str] = []
    letters: list[list[str]] = []
    for line in lines:
        if line.startswith(mark) and not (mark == ";" and headers and not letters[-1]):
            headers.append(line[1:].strip())
            letters.append([])
        elif not line.startswith((";", "#")):
            if not headers:
                raise StructureError(
                    "it does not start with a '>' header, so it is no FASTA file; write a line "
                    "such as >name before the sequence"
                )
            letters[-1].append(line)
    if not headers:
        raise StructureError("it does not start with a '>' header, so it is no FASTA file")
    return [Record(header, "".join(parts)) for header, parts in zip(headers, letters, strict=True)]


def _are_aligned(records: Sequence[Record]) -> bool:
    """Whether several records, some with gaps, have as many columns; small letters are none."""
    if len(records) < 2 or not any(gap in record.letters for record in records for gap in _GAPS):
        return False
    columns = {
        sum(not (letter.islower() or letter == ".") for letter in record.letters)
        for record in records
    }
    return len(columns) == 1 or len({len(record.letters) for record in records}) == 1


def _divided(letters: str, lengths: re.Match) -> str:
    """The query of a ColabFold A3M, whose first line gives the lengths and copies of its chains."""
    counts, copies = ([int(part) for part in group.split(",")] for group in lengths.groups())
    if sum(counts) != len(letters) or len(counts) != len(copies):
        return letters
    chains, start = [], 0
    for count, times in zip(counts, copies, strict=True):
        chains += [letters[start : start + count]] * times
        start += count
    return ":".join(chains)


def _alone(records: Sequence[Record], aligned: bool) -> tuple[Which, tuple[str, ...]]:
    """Which record is the protein where they are not its chains, and what to say about it."""
    if len(records) == 1:
        return None, ()
    others = f"record=2 to record={len(records)}" if len(records) > 2 else "record=2"
    if aligned:
        note = f"an alignment of {len(records)} sequences, of which the first is read"
    elif any(_SAMPLE.search(record.header) for record in records):
        note = f"{len(records)} designs in one file, of which the first is read"
    else:
        return None, ()
    return 1, (f"{note} ({records[0].title}); choose another with {others}",)


def _one_of(records: Sequence[Record], which: Which) -> Record:
    if isinstance(which, int) and not isinstance(which, bool) and 1 <= which <= len(records):
        return records[which - 1]
    matches = [
        record for record in records if isinstance(which, str) and record.header.startswith(which)
    ]
    if which and len(matches) == 1:
        return matches[0]
    raise StructureError(
        f"record={which!r} is none of its {len(records)} records; give a number from 1 to "
        f"{len(records)}, or the beginning of one header, such as {records[0].title!r}"
    )


# -- chains --------------------------------------------------------------------------------------


def _chains(records: Sequence[Record]) -> dict[str, str]:
    """Sequences by chain name; what has no name of its own takes the next free letter."""
    parts: list[tuple[str, str]] = []
    for record in records:
        named = _CHAIN.search(record.header)
        sequences = _sequences(record)
        name = (named[2] or named[1]) if named and len(sequences) == 1 else ""
        parts += [(name, sequence) for sequence in sequences]
    free = free_names(name for name, _ in parts)
    chains: dict[str, str] = {}
    for name, sequence in parts:
        chains[name if name and name not in chains else next(free)] = sequence
    return chains


def _sequences(record: Record) -> list[str]:
    divided = re.split(f"[{re.escape(SEPARATORS)}]", _PASSED_OVER.sub("", record.letters).upper())
    sequences = [part.removesuffix("*") for part in divided]
    if not any(sequences):
        raise StructureError(f"the record {record.title!r} has no residues; give its sequence")
    sequences = [sequence for sequence in sequences if sequence]
    for sequence in sequences:
        _refuse_strange(sequence, record)
    masked = _MASKED.search(record.header)
    if masked and len(sequences) == 1:
        return [_with_masked(sequences[0], masked[1])]
    return sequences


def _refuse_strange(sequence: str, record: Record) -> None:
    at = next((at for at, letter in enumerate(sequence) if letter not in SEQUENCE_LETTERS), None)
    if at is None:
        return
    letter = sequence[at]
    hint = f"put one of {' '.join(SEPARATORS)} between chains, and nothing else than letters"
    if letter in _GAPS:
        hint = "remove gaps from aligned sequences"
    elif letter == "*":
        hint = "it marks a stop; give the protein up to there"
    elif letter.isalpha():
        hint = "use X for unknown"
    raise StructureError(
        f"{letter!r} at position {at + 1} of the record {record.title!r} is no residue letter; "
        f"{hint}"
    )


def _protein(chains: dict[str, str], name: str, chain: Chains = None) -> Protein:
    chosen = chosen_chains(chain, {known: len(sequence) for known, sequence in chains.items()})
    refuse_too_long(chosen)
    lengths = list(chosen.values())
    return Protein(
        "".join(chains[name] for name in chosen),
        chain_id=np.repeat(list(chosen), lengths),
        residue_number=np.concatenate([np.arange(1, length + 1) for length in lengths]),
        name=name,
    )


def _with_masked(sequence: str, ranges: str) -> str:
    letters = list(sequence)
    for part in ranges.split(","):
        first, _, last = part.partition("-")
        if not _is_position(first) or (last and not _is_position(last)):
            continue
        for at in range(max(int(first), 1) - 1, min(int(last or first), len(letters))):
            letters[at] = MASK if letters[at] == "X" else letters[at]
    return "".join(letters)


def _is_position(text: str) -> bool:
    return text.isdecimal() and len(text) <= len(str(10**9))


def _ranges(numbers: list[int]) -> str:
    runs = [(first, stop - 1) for first, stop in ranges(numbers)]
    return ",".join(f"{first}-{last}" if last > first else f"{first}" for first, last in runs)
