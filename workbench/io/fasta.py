"""The FASTA format: one record per chain.

A header such as ``>design|Chain B|masked 5-9,12`` carries the chain name, as PDB sequence files do,
and which residues are masked (1-based): FASTA has no letter for "the model decides", so those are
written X.
"""

import io
import re
from string import ascii_uppercase

import numpy as np
from biotite.sequence.io.fasta import FastaFile

from ..constants import MASK
from ..errors import StructureError
from ..protein import SEQUENCE_LETTERS, Protein
from .foreign import refused_clearly
from .limits import refuse_too_long

_CHAIN = re.compile(r"\|Chains? ([^|,\[\s]+)(?:\[auth ([^\]]+)\])?")
_MASKED = re.compile(r"\|masked ([\d,\-]+)")
_LINE = 60


def parse_fasta(text: str, name: str, chain: str | None = None) -> Protein:
    """Records in order, as chains of one protein numbered from 1; ``chain`` picks one record."""
    if not text.lstrip().startswith((">", ";")):
        raise StructureError("it does not start with a '>' header, so it is no FASTA file")
    with refused_clearly("FASTA records"):
        records = list(FastaFile.read_iter(io.StringIO(text)))
    headers = [header for header, _ in records]
    chains = _chain_names(headers)
    sequences = [_sequence(header, letters) for header, letters in records]
    if chain is not None:
        if chain not in chains:
            raise StructureError(f"there is no chain {chain!r}; it has {', '.join(chains)}")
        sequences, chains = [sequences[chains.index(chain)]], [chain]
    lengths = [len(sequence) for sequence in sequences]
    refuse_too_long(dict(zip(chains, lengths, strict=True)))
    return Protein(
        "".join(sequences),
        chain_id=np.repeat(chains, lengths),
        residue_number=np.concatenate([np.arange(1, length + 1) for length in lengths]),
        name=name,
    )


def fasta_text(protein: Protein) -> str:
    """One record per chain; masked residues are X, and named in the header."""
    lines = []
    for start, stop in protein.chain_ranges:
        sequence = protein.sequence[start:stop]
        masked = [at + 1 for at, letter in enumerate(sequence) if letter == MASK]
        header = f">{protein.name or 'protein'}|Chain {protein.chain_id[start]}"
        lines.append(header + (f"|masked {_ranges(masked)}" if masked else ""))
        written = sequence.replace(MASK, "X")
        lines += [written[at : at + _LINE] for at in range(0, len(written), _LINE)]
    return "\n".join(lines) + "\n"


def _sequence(header: str, letters: str) -> str:
    sequence = letters.upper().replace(" ", "").removesuffix("*")
    if not sequence:
        raise StructureError(f"the record {header!r} has no residues")
    strange = next((letter for letter in sequence if letter not in SEQUENCE_LETTERS), None)
    if strange is not None:
        hint = "remove gaps from aligned sequences" if strange in "-." else "use X for unknown"
        raise StructureError(
            f"{strange!r} at position {sequence.index(strange) + 1} of the record {header!r} is no "
            f"residue letter; {hint}"
        )
    masked = _MASKED.search(header)
    return sequence if masked is None else _with_masked(sequence, masked[1])


def _with_masked(sequence: str, ranges: str) -> str:
    letters = list(sequence)
    for part in ranges.split(","):
        first, _, last = part.partition("-")
        if not first.isdigit() or (last and not last.isdigit()):
            continue
        for at in range(int(first) - 1, min(int(last or first), len(letters))):
            letters[at] = MASK if letters[at] == "X" else letters[at]
    return "".join(letters)


def _chain_names(headers: list[str]) -> list[str]:
    """The chain each header names; records without one take the next free letter."""
    named = [_CHAIN.search(header) for header in headers]
    names = [match[2] or match[1] if match else "" for match in named]
    used = set(names)
    free = (a + b for a in ["", *ascii_uppercase] for b in ascii_uppercase)
    taken: set[str] = set()
    for at, name in enumerate(names):
        if not name or name in taken:
            names[at] = next(letter for letter in free if letter not in used)
        taken.add(names[at])
    return names


def _ranges(numbers: list[int]) -> str:
    runs = np.split(np.array(numbers), np.flatnonzero(np.diff(numbers) > 1) + 1)
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
