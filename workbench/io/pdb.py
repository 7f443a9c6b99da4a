"""The PDB format: text to an Entry, a Protein to text.

Our own files say so in REMARK 999: the letters of each chain (see ``Axis``), that the B-factor
column holds pLDDT in percent, and pTM. Residues without atoms are listed in REMARK 465, as usual.
"""

import io
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from biotite.structure.io.pdb import PDBFile

from ..errors import StructureError
from ..protein import Protein
from .chosen import Conformer
from .entry import FREE, POLYMER, UNSAID, Atoms, Axis, Entry, ResidueName, no_atoms
from .foreign import refused_clearly
from .layout import Layout, lay_out
from .pdb_models import ATOM_RECORDS, model_of

_OURS = "REMARK 999 WORKBENCH "
_ABSENT = "REMARK 465     "
_LETTERS_PER_LINE = 48
_SEQRES_PER_LINE = 13
_COORDINATES = (slice(30, 38), slice(38, 46), slice(46, 54))
_NUMBER = re.compile(r" *-?\d+|[A-Za-z][0-9A-Za-z]{3}")
_ELEMENT_END = 78


def parse_pdb(text: str, conformer: Conformer = None) -> Entry:
    """Read one model of PDB text; a blank occupancy counts as 1.

    A StructureError names the line of an atom that cannot be read.
    """
    lines = text.splitlines()
    marks = [line[len(_OURS) :].rstrip() for line in lines if line.startswith(_OURS)]
    axis, ptm = _marked(marks, lines)
    model = model_of(lines, conformer)
    read = _atom_lines(model.lines)
    if not read and axis is None:
        raise StructureError("it has no ATOM records; check that this is a PDB file")
    _refuse_half_a_line(text, lines)
    with refused_clearly("PDB atoms"):
        atoms = _atoms([record.text for record in read]) if read else no_atoms()
    plddt = atoms.b_factor / 100
    is_plddt = any(mark.startswith("PLDDT") for mark in marks) & (plddt >= 0) & (plddt <= 1)
    return Entry(
        atoms=atoms,
        polymer=np.array([record.polymer for record in read], dtype=np.int8),
        plddt=np.where(is_plddt, plddt, np.nan),
        models=model.numbers,
        conformer=conformer,
        parents=_parents(lines),
        notes=model.notes + _cut_short(lines),
        axis=axis,
        ptm=ptm,
        stretch=np.array([record.stretch for record in read], dtype=np.int64),
        segid=np.array([record.segid for record in read], dtype=str),
    )


def pdb_text(protein: Protein) -> str:
    """PDB text of a protein; a StructureError if a name or number has no room in the format."""
    _refuse_what_does_not_fit(protein)
    layout = lay_out(protein)
    lines = [f"TITLE     {protein.name[:70]}"] if protein.name.isascii() and protein.name else []
    lines += _absent_remarks(protein, layout) + _our_remarks(protein, layout)
    lines += _seqres(protein, layout)
    lines += _atom_records(layout)
    lines.append("END")
    return "".join(f"{line.rstrip():<80}\n" for line in lines)


# -- reading -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _AtomLine:
    """An atom record made whole; ``stretch`` counts the TER records before it in its chain."""

    text: str
    stretch: int
    polymer: int

    @property
    def segid(self) -> str:
        return self.text[72:76].strip()


def _atom_lines(model: tuple[tuple[int, str], ...]) -> list[_AtomLine]:
    """Atom records, and whether each belongs to a polymer, as far as TER records say so."""
    closed: dict[str, int] = {}
    read: list[tuple[str, str, int]] = []
    chain = None
    for number, line in model:
        if line[:6] in ATOM_RECORDS:
            line = _repaired(line, number)
            chain = line[21]
            read.append((line, chain, closed.get(chain, 0)))
        elif chain is not None:
            closed[chain] = closed.get(chain, 0) + 1
    return [
        _AtomLine(line, stretch, _polymer(line.startswith("HETATM"), stretch, closed.get(chain, 0)))
        for line, chain, stretch in read
    ]


def _polymer(hetero: bool, stretch: int, stretches: int) -> int:
    """HETATM records are part of the chain up to its first TER and free after the last."""
    if not hetero:
        return POLYMER
    if stretches == 0 or 0 < stretch < stretches:
        return UNSAID
    return POLYMER if stretch == 0 else FREE


def _repaired(line: str, number: int) -> str:
    """An atom record of 80 columns with occupancy and B-factor, or a StructureError."""
    line = line.ljust(80)
    for columns in _COORDINATES:
        try:
            float(line[columns])
        except ValueError:
            raise StructureError(
                f"line {number} has no readable coordinates in columns 31 to 54: "
                f"{_shown(line)}; the file is damaged or cut short there"
            ) from None
    if not _NUMBER.fullmatch(line[22:26].rstrip()):
        raise StructureError(
            f"line {number} has {line[22:26]!r} where the residue number belongs (columns 23 to "
            f"26): {_shown(line)}; renumber that residue"
        )
    return line[:54] + _number_or(line[54:60], 1.0) + _number_or(line[60:66], 0.0) + line[66:]


def _shown(line: str) -> str:
    """A line as the columns of the format have it, in quotes."""
    return repr(line[:80].rstrip())


def _number_or(text: str, default: float) -> str:
    try:
        float(text)
    except ValueError:
        return f"{default:6.2f}"
    return text


def _atoms(atom_lines: list[str]) -> Atoms:
    file = PDBFile.read(io.StringIO("\n".join(atom_lines)))
    atoms: Any = file.get_structure(1, altloc="all", extra_fields=["occupancy", "b_factor"])
    atoms.altloc_id = np.char.strip(atoms.altloc_id)
    # Simulation programs write names of four letters, into the column that the format leaves blank.
    atoms.res_name = np.array([line[17:21].strip() for line in atom_lines])
    return atoms


def _refuse_half_a_line(text: str, lines: list[str]) -> None:
    """A file that stops inside an atom record, after its coordinates, has lost what followed."""
    atom_lines = [line for line in lines[-2:] if line.startswith(ATOM_RECORDS)]
    if text.endswith("\n") or len(atom_lines) < 2:
        return
    before, last = (len(line.rstrip()) for line in atom_lines)
    if last < min(before, _ELEMENT_END):
        raise StructureError(
            f"it ends in the middle of line {len(lines)}: {_shown(lines[-1])}; load the file again"
        )


def _cut_short(lines: list[str]) -> tuple[str, ...]:
    has_head = any(line.startswith("SEQRES") for line in lines)
    last = next((line for line in reversed(lines) if line.strip()), "")
    if has_head and last.startswith(ATOM_RECORDS):
        return ("the file stops after an atom without END and may be cut short",)
    return ()


def _parents(lines: list[str]) -> dict[str, str]:
    modres = [line for line in lines if line.startswith("MODRES")]
    return {line[12:15].strip(): line[24:27].strip() for line in modres if line[24:27].strip()}


def _marked(marks: list[str], lines: list[str]) -> tuple[Axis | None, float | None]:
    """The residue axis and pTM that our own remarks give."""
    letters: list[tuple[str, str]] = []
    ptm = None
    for mark in marks:
        match mark.split():
            case ["LETTERS", chain, part]:
                if letters and letters[-1][0] == chain:
                    part = letters.pop()[1] + part
                letters.append((chain, part))
            case ["PTM", value]:
                with refused_clearly("REMARK 999"):
                    ptm = float(value)
    if not letters:
        return None, ptm
    absent = [_absent(line) for line in lines if line[:15] == _ABSENT and line[15:18].strip()]
    return Axis(tuple(letters), tuple(absent)), ptm


def _absent(line: str) -> ResidueName:
    with refused_clearly("REMARK 465"):
        return line[19:20], int(line[21:26]), line[26:27].strip()


# -- writing -------------------------------------------------------------------------------------


def _refuse_what_does_not_fit(protein: Protein) -> None:
    long = next((name for name in protein.chains if len(name) > 1), None)
    if long is not None:
        raise StructureError(
            f"the chain name {long!r} is too long for the PDB format, which has room for one "
            "letter; write .cif instead"
        )
    for at, number in enumerate(protein.residue_number):
        if not -999 <= number <= 9999:
            raise StructureError(
                f"the residue number of {protein.label(at)} has no room in the PDB format, which "
                "goes from -999 to 9999; write .cif instead"
            )
    known = protein.coordinates[np.isfinite(protein.coordinates)]
    if known.size and (known.min() <= -999.9995 or known.max() >= 9999.9995):
        raise StructureError(
            f"coordinates from {known.min():.0f} to {known.max():.0f} Å have no room in the PDB "
            "format; move the protein to the origin or write .cif instead"
        )


def _absent_remarks(protein: Protein, layout: Layout) -> list[str]:
    absent = np.flatnonzero(~layout.has_atoms)
    if not len(absent):
        return []
    return [
        "REMARK 465",
        "REMARK 465 MISSING RESIDUES",
        *(
            f"REMARK 465     {layout.residue_names[at]} {protein.chain_id[at]} "
            f"{protein.residue_number[at]:>5}{protein.insertion_code[at]}"
            for at in absent
        ),
    ]


def _our_remarks(protein: Protein, layout: Layout) -> list[str]:
    lines = ["REMARK 999"]
    for chain, letters in layout.letters:
        for start in range(0, len(letters), _LETTERS_PER_LINE):
            lines.append(f"{_OURS}LETTERS {chain} {letters[start : start + _LETTERS_PER_LINE]}")
    if protein.confidence is not None:
        lines.append(f"{_OURS}PLDDT IN PERCENT IN THE B-FACTOR COLUMN")
        if protein.confidence.ptm is not None:
            lines.append(f"{_OURS}PTM {protein.confidence.ptm:.6f}")
    return lines


def _seqres(protein: Protein, layout: Layout) -> list[str]:
    lines = []
    for chain in dict.fromkeys(protein.chains):
        names = layout.residue_names[protein.chain_id == chain]
        for row, start in enumerate(range(0, len(names), _SEQRES_PER_LINE), start=1):
            part = " ".join(names[start : start + _SEQRES_PER_LINE])
            lines.append(f"SEQRES {row:>3} {chain} {len(names):>4}  {part}")
    return lines


def _atom_records(layout: Layout) -> list[str]:
    """Atom lines from biotite, with the TER after each chain that it leaves out."""
    if not len(layout.residue):
        return []
    file = PDBFile()
    file.set_structure(layout.atoms)
    atom_lines = [line for line in file.lines if line.startswith("ATOM")]
    chain = layout.atoms.chain_id
    lines: list[str] = []
    for at, line in enumerate(atom_lines):
        lines.append(line)
        if at + 1 == len(atom_lines) or chain[at + 1] != chain[at]:
            lines.append(f"TER   {at + 2:>5}      {line[17:27]}")
    return lines
