"""Designs in the protein files written of them, so that a file alone says how it was made.

mmCIF holds the whole design without its steps in a category of its own, PDB in REMARK 990 lines;
a FASTA header has room for recipe, seed and the model's fingerprint only. Other programs pass over
all three.
"""

import base64
import binascii
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import RecordError, StructureError
from ..io import structure_text
from ..io.files import Format, as_text, format_of, read_bytes, write_bytes
from ..paths import given_path
from ..sampling.recipe import Recipe
from ..session import Design, Session
from .record import record_bytes, session_of

CATEGORY = "_esm3_workbench_design"
REMARK = "REMARK 990 "
_WIDTH = 68
_CIF = re.compile(rf"^{CATEGORY}\.record\s*\n;([A-Za-z0-9+/=\s]*)\n;", re.M)
_FASTA = re.compile(r"\|recipe (\S+)\|seed (\d{1,30})\|model (\w{1,64})")


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a design was made; ``design`` is all of it but the steps, where the file had room."""

    recipe: Recipe
    seed: int
    model_fingerprint: str
    design: Design | None = None


def write_design(design: Design, path: str | os.PathLike) -> Path:
    """Write a design's protein with how it was made inside; mmCIF, PDB or FASTA (and .gz)."""
    path = given_path(path, RecordError)
    format = format_of(path)
    if format is Format.BCIF:
        raise StructureError(f"{path}: BinaryCIF holds no record; write .cif, .pdb or .fasta")
    name = {Format.CIF: "cif", Format.PDB: "pdb", Format.FASTA: "fasta"}[format]
    text = structure_text(design.protein, name)
    write_bytes(path, _with_record(text, design, format).encode())
    return path


def design_in(path: str | os.PathLike) -> Provenance | None:
    """How the protein in a file was made; None where the file does not say."""
    path = given_path(path, RecordError)
    try:
        text, format = as_text(read_bytes(path)), format_of(path)
    except StructureError as error:
        raise RecordError(f"{path}: {error}") from None
    if format is Format.FASTA:
        return _from_header(text, path)
    packed = ""
    if format is Format.CIF:
        match = _CIF.search(text)
        packed = match[1] if match else ""
    elif format is Format.PDB:
        lines = (line for line in text.splitlines() if line.startswith(REMARK))
        packed = "".join(line[len(REMARK) :].strip() for line in lines)
    if not packed:
        return None
    try:
        data = base64.b64decode("".join(packed.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RecordError(f"{path}: the design in it is damaged ({error})") from None
    session = session_of(data, f"the design in {path}")
    if len(session.designs) != 1:
        raise RecordError(f"{path}: it holds {len(session.designs)} designs, not one")
    (design,) = session.designs
    return Provenance(design.run_recipe, design.seed, design.model_fingerprint, design)


def _with_record(text: str, design: Design, format: Format) -> str:
    recipe = design.run_recipe
    if format is Format.FASTA:
        addition = f"|recipe {recipe}|seed {design.seed}|model {design.model_fingerprint}"
        addition = addition if _FASTA.fullmatch(addition) else ""
        return re.sub(r"^(>.*)$", lambda line: line[1] + addition, text, flags=re.M)
    lines = _packed(design)
    if format is Format.PDB:
        return "".join(f"{REMARK}{line}\n" for line in lines) + text
    return (
        f"{text.rstrip()}\n#\n{CATEGORY}.format 1\n"
        f"{CATEGORY}.seed {design.seed}\n{CATEGORY}.model {design.model_fingerprint}\n"
        f"{CATEGORY}.record\n;" + "\n".join(lines) + "\n;\n#\n"
    )


def _packed(design: Design) -> list[str]:
    """The design without what the file itself holds, and without its steps."""
    bare = replace(design.protein, confidence=None)
    session = Session(design.prompt)
    session.designs = [replace(design, run=None, protein=bare)]
    text = base64.b64encode(record_bytes(session)).decode()
    return [text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH)]


def _from_header(text: str, path: Path) -> Provenance | None:
    match = _FASTA.search(text)
    if match is None:
        return None
    try:
        return Provenance(Recipe.parse(match[1]), int(match[2]), match[3])
    except Exception as error:  # the border to a file that anybody may have written
        raise RecordError(f"{path}: its header cannot be read: {error}") from None
