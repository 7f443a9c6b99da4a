"""Notes on a file for the person who opens it: what was chosen, renamed or set aside."""

from collections import Counter
from collections.abc import Iterable

from .components import Kind
from .found import FoundResidue
from .limits import listed

_MOST_LISTED = 6


def notes_on(
    residues: list[FoundResidue], others: list[FoundResidue], drawn: list[FoundResidue]
) -> list[str]:
    """Sentences about the residues of the chains and all others, and which ligands are drawn."""
    notes = []
    altlocs = [residue for residue in residues if residue.has_altlocs]
    if altlocs:
        notes.append(
            f"{_count(len(altlocs), 'residue')} with alternate locations, of which the one with "
            f"the highest occupancy is used: {_some(residue.label for residue in altlocs)}"
        )
    repeats = [residue for residue in residues if residue.has_repeats]
    if repeats:
        notes.append(
            f"{_count(len(repeats), 'residue')} with an atom listed twice, of which the first is "
            f"used: {_some(residue.label for residue in repeats)}"
        )
    modified = [residue for residue in residues if residue.component.modified]
    if modified:
        named = (
            f"{residue.name} as {residue.component.letter} ({residue.label})"
            for residue in modified
        )
        notes.append(f"{_count(len(modified), 'modified residue')} read as parent: {_some(named)}")
    incomplete = [residue for residue in residues if not {"N", "CA", "C"} <= residue.rows.keys()]
    if incomplete:
        notes.append(
            f"{_count(len(incomplete), 'residue')} without a complete backbone: "
            f"{_some(residue.label for residue in incomplete)}"
        )
    drawn_ids = {id(residue) for residue in drawn}
    shown = [f"{residue.name} ({residue.label})" for residue in drawn]
    hidden = [
        f"{residue.name} ({residue.label})"
        for residue in others
        if residue.is_ligand and id(residue) not in drawn_ids
    ]
    if shown:
        notes.append(f"{_count(len(shown), 'ligand')} that the model does not see: {_some(shown)}")
    if hidden:
        notes.append(f"{_count(len(hidden), 'ligand')} set aside: {_some(hidden)}")
    nucleotides = [residue for residue in others if residue.component.kind is Kind.NUCLEOTIDE]
    if nucleotides:
        chains = dict(Counter(residue.chain for residue in nucleotides))
        notes.append(f"nucleic acid set aside: {listed(chains)}")
    waters = sum(residue.component.kind is Kind.WATER for residue in others)
    if waters:
        notes.append(f"{_count(waters, 'water molecule')} set aside")
    return notes


def contents_of(others: list[FoundResidue]) -> str:
    """How many residues of which names there are, the most frequent first."""
    names = Counter(residue.name for residue in others)
    if not names:
        return "no atoms"
    return _some(f"{count} {name}" for name, count in names.most_common())


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


def _some(parts: Iterable[str]) -> str:
    parts = list(parts)
    more = f" and {len(parts) - _MOST_LISTED} more" if len(parts) > _MOST_LISTED else ""
    return ", ".join(parts[:_MOST_LISTED]) + more
