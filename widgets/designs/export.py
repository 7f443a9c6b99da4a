"""Designs as files: the bytes that a download button gives to the browser."""

import io
import zipfile
from collections.abc import Sequence

from workbench.errors import SamplingError
from workbench.io import structure_text
from workbench.session import Design, Session, csv_of

FORMATS = {
    "fasta": ("FASTA", "fasta"),
    "pdb": ("PDB", "pdb"),
    "cif": ("mmCIF", "cif"),
    "csv": ("CSV", "csv"),
}
"""What a person reads on the button, and the end of the file name."""


def export(session: Session, names: Sequence[str], format: str) -> tuple[str, bytes]:
    """File name and content of these designs, in the order given; several structures make a zip.

    CSV holds their rows of ``session.table()`` in full precision, pLDDT as 0–100.
    """
    if format not in FORMATS:
        raise SamplingError(f"there is no export as {format!r}; use {', '.join(FORMATS)}")
    chosen = _named(session, names)
    stem = chosen[0].name if len(chosen) == 1 else f"{len(chosen)}-designs"
    end = FORMATS[format][1]
    if format == "csv":
        table = session.table().set_index("design").loc[[design.name for design in chosen]]
        return f"{stem}.{end}", csv_of(table.reset_index()).encode()
    if format == "fasta":
        text = "".join(structure_text(design.protein, format) for design in chosen)
        return f"{stem}.{end}", text.encode()
    if len(chosen) == 1:
        return f"{stem}.{end}", structure_text(chosen[0].protein, format).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for design in chosen:
            archive.writestr(f"{design.name}.{end}", structure_text(design.protein, format))
    return f"{stem}-{end}.zip", packed.getvalue()


def _named(session: Session, names: Sequence[str]) -> list[Design]:
    if not names:
        raise SamplingError("no design is listed; a filter leaves none, or none is made yet")
    return [session.design(name) for name in names]
