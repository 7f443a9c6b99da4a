"""Files as bytes: which format a name means, what the content looks like, bounded reading.

Nothing here knows proteins. A StructureError from here does not name the file; the caller does.
"""

import codecs
import gzip
import re
import zlib
from enum import StrEnum
from pathlib import Path, PurePath

from ..atomic_files import write_file
from ..errors import StructureError
from ..regular_files import LFS_POINTER, open_regular

MAX_BYTES = 40 << 20
"""Most bytes a file may hold once unpacked: mmCIF takes twenty times its size while it is read."""

_GZIP = b"\x1f\x8b"


class Format(StrEnum):
    """A way to write proteins down."""

    PDB = "PDB"
    CIF = "mmCIF"
    BCIF = "BinaryCIF"
    FASTA = "FASTA"


SUFFIXES = {
    ".pdb": Format.PDB,
    ".ent": Format.PDB,
    ".cif": Format.CIF,
    ".mmcif": Format.CIF,
    ".bcif": Format.BCIF,
    ".fasta": Format.FASTA,
    ".fa": Format.FASTA,
    ".faa": Format.FASTA,
    ".fas": Format.FASTA,
    ".a3m": Format.FASTA,
}

_ASSEMBLY = re.compile(r"\.pdb\d{1,2}")
"""How the PDB ends the names of biological assemblies."""


def format_of(path: Path) -> Format:
    """The format that a file name means; case and a final .gz do not matter."""
    suffix = Path(_ungzipped(path.name)).suffix.lower()
    if not is_known(path):
        ending = f"the ending {suffix!r} is" if suffix else "a name without an ending is"
        raise StructureError(f"{ending} no known format; use {', '.join(SUFFIXES)} (and .gz)")
    return SUFFIXES.get(suffix, Format.PDB)


def is_known(path: PurePath) -> bool:
    """Whether a file name ends as one of the formats does."""
    suffix = Path(_ungzipped(path.name)).suffix.lower()
    return suffix in SUFFIXES or _ASSEMBLY.fullmatch(suffix) is not None


def stem_of(path: Path) -> str:
    """The file name without its endings."""
    return Path(_ungzipped(path.name)).stem


def read_bytes(path: Path) -> bytes:
    """Content of a file, unpacked if it is gzipped; never more than ``MAX_BYTES``."""
    try:
        with open_regular(path) as file:
            packed = file.read(2) == _GZIP
            if path.name.lower().endswith(".gz") and not packed:
                raise StructureError(
                    f"its name ends in .gz but it is not gzip-compressed; "
                    f"rename it to {_ungzipped(path.name)}, or load the file again"
                )
            file.seek(0)
            source = gzip.GzipFile(fileobj=file) if packed else file
            data = source.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise StructureError("there is no such file; check the path") from None
    except IsADirectoryError:
        raise StructureError("this is a folder; give a file in it") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise StructureError(
            f"its gzip compression is damaged or cut short ({error}); load the file again"
        ) from None
    except OSError as error:
        raise StructureError(f"it cannot be opened: {error.strerror or error}") from None
    if len(data) > MAX_BYTES:
        raise StructureError(
            f"it holds more than {MAX_BYTES // 2**20} MiB; keep only the chain you need, or load "
            "the entry as BinaryCIF"
        )
    if not data.strip():
        raise StructureError("the file is empty; load it again")
    return data


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; gzipped if its name says so."""
    if path.name.lower().endswith(".gz"):
        data = gzip.compress(data, mtime=0)
    write_file(path, data)


def in_utf8(data: bytes) -> bytes:
    """The same text in UTF-8, where it is UTF-16 as some Windows programs write it."""
    if not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data
    return data.decode("utf-16", errors="replace").encode()


def as_text(data: bytes) -> str:
    """Text of a text format, or a StructureError if these bytes are none."""
    if b"\0" in data:
        raise StructureError("it holds binary data, not text; check that this is the right file")
    return data.decode("utf-8-sig", errors="replace")


def check_content(data: bytes, expected: Format) -> None:
    """Refuse content that is plainly something else than the file name says."""
    sniffed = _sniffed(data)
    if sniffed is not None and sniffed != expected:
        advice = ""
        if isinstance(sniffed, Format):
            suffix = next(suffix for suffix, format in SUFFIXES.items() if format is sniffed)
            advice = f"; give it a name that ends in {suffix}"
        elif sniffed is _POINTER:
            advice = "; fetch the file with git lfs pull"
        raise StructureError(f"it holds {sniffed}, not {expected} as its name says{advice}")


_POINTER = "a Git LFS pointer"
_PDB_RECORD = re.compile(
    rb"(HEADER|ATOM  |HETATM|REMARK|CRYST1|MODEL |TITLE |SEQRES|COMPND|EXPDTA|AUTHOR) ?", re.M
)


def _sniffed(data: bytes) -> Format | str | None:
    """What the first bytes look like; None when they could be anything."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"dataBlocks" in data[:4096] and 0x80 <= data[0] <= 0xDF:
        return Format.BCIF
    if re.match(rb"(#[^\n]*\s+)*data_", head, re.I):
        return Format.CIF
    if head[:1] == b">":
        return Format.FASTA
    if head.startswith(LFS_POINTER):
        return _POINTER
    if re.match(rb"<(!doctype|html|\?xml)", head, re.I):
        return "a web page or XML"
    if _PDB_RECORD.match(head):
        return Format.PDB
    return None


def _ungzipped(name: str) -> str:
    return name[:-3] if name.lower().endswith(".gz") else name
