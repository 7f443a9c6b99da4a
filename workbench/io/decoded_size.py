"""How much memory a file's tables take once they are read, said before they are.

A column is an array whose rows are all as wide as its longest word. So one word of a megabyte in a
table of a thousand rows takes gigabytes, and so does a BinaryCIF column of two kilobytes that says
how often its one value comes again.
"""

from typing import Any

import msgpack
import numpy as np
from biotite.structure.io.pdbx.encoding import decode_stepwise, deserialize_encoding

from ..errors import StructureError

READ = frozenset(
    ("atom_site", "workbench_chain", "pdbx_poly_seq_scheme", "pdbx_struct_mod_residue",
     "ma_qa_metric", "ma_qa_metric_local", "ma_qa_metric_global")
)  # fmt: skip
"""Tables that the reader looks into; biotite leaves the others packed."""

MOST_BYTES = 512 << 20
MOST_ROWS = 2_000_000
MOST_PARTS = 200_000
"""Lists and entries of a BinaryCIF file beside its packed columns."""

_LETTER = 4
_USUAL_WORD = 64
_NUMBER = 64
"""Bytes of a number in a column that is read as text."""

_WIDTHS = {1: 1, 2: 2, 3: 4, 4: 1, 5: 2, 6: 4, 32: 4, 33: 8}
"""Bytes of a number by BinaryCIF's code of its type."""

_Packed = dict[str, Any]


def refuse_long_words(text: str) -> None:
    """A StructureError where a table of mmCIF text would take more than ``MOST_BYTES``."""
    table, words, longest, inside = "", 0, 0, 0
    for line in text.splitlines():
        if line.startswith(";"):
            inside = 0 if inside else 1
        if inside:
            inside += len(line)
            longest = max(longest, inside)
            continue
        line = line.lstrip(" \t")
        if line.startswith(("_", "loop_", "data_", "#")):
            named = line[1:].partition(".")[0].lower() if line.startswith("_") else ""
            if named != table:
                table, words, longest = named, 0, 0
        if table not in READ:
            continue
        parts = line.split()
        words += len(parts)
        quoted = "'" in line or '"' in line
        longest = max(longest, len(line) if quoted else max(map(len, parts), default=0))
        if longest > _USUAL_WORD and words * longest * _LETTER > MOST_BYTES:
            raise StructureError(
                f"its table {table} holds a word of {longest:,} letters among {words:,}; "
                "the file is damaged there"
            )


def unpacked(data: bytes) -> _Packed:
    """The content of a BinaryCIF file with the tables that are read, none too large to decode."""
    counter = _Counter()
    content = msgpack.unpackb(
        data, raw=False, list_hook=counter.counted, object_hook=counter.counted
    )
    blocks = []
    for block in content["dataBlocks"]:
        tables = [table for table in block["categories"] if table["name"].lstrip("_") in READ]
        for table in tables:
            _refuse_large(table)
        blocks.append({**block, "categories": tables})
    return {**content, "dataBlocks": blocks}


class _Counter:
    def __init__(self) -> None:
        self._left = MOST_PARTS

    def counted(self, part: Any) -> Any:
        self._left -= 1 + len(part)
        if self._left < 0:
            raise StructureError(f"it has more than {MOST_PARTS:,} parts; it is no BinaryCIF file")
        return part


def _refuse_large(table: _Packed) -> None:
    size = sum(_size_of(column, table["name"]) for column in table["columns"])
    if size > MOST_BYTES:
        raise StructureError(
            f"its table {str(table['name'])[:40]} would take {size >> 20} MiB; keep only the chain "
            "you need"
        )


def _size_of(column: _Packed, table: str) -> int:
    size = 0
    for part in (column["data"], column.get("mask")):
        if part is not None:
            rows, width = _rows(part["data"], part["encoding"], table), _NUMBER
            first = part["encoding"][0] if part["encoding"] else {}
            if first.get("kind") == "StringArray":
                width = _LETTER * _longest(first, table)
            size += rows * width
    return size


def _rows(data: bytes, encodings: list[_Packed], table: str) -> int:
    """Values that a packed array says it decodes to, none of its steps to more than is bearable."""
    stated = [size for encoding in encodings if (size := _stated(encoding, table)) is not None]
    if encodings and encodings[0].get("kind") == "StringArray":
        return _rows(data, encodings[0]["dataEncoding"], table)
    width = _WIDTHS.get(encodings[-1].get("type", 0), 1) if encodings else 1
    return stated[0] if stated else len(data) // width


def _stated(encoding: _Packed, table: str) -> int | None:
    if encoding.get("kind") not in ("RunLength", "IntegerPacking"):
        return None
    size = encoding.get("srcSize")
    if type(size) is not int or not 0 <= size <= MOST_ROWS:
        raise StructureError(
            f"its table {table[:40]} has a column of {str(size)[:20]} values; a protein has up to "
            f"{MOST_ROWS:,} atoms"
        )
    return size


def _longest(encoding: _Packed, table: str) -> int:
    """Letters of the longest string of a column."""
    _rows(encoding["offsets"], encoding["offsetEncoding"], table)
    steps = [deserialize_encoding(inner) for inner in encoding["offsetEncoding"]]
    offsets = np.asarray(decode_stepwise(encoding["offsets"], steps), np.int64)
    longest = int(np.diff(offsets).max(initial=1))
    if longest * _LETTER * len(offsets) > MOST_BYTES:
        raise StructureError(f"its table {table[:40]} holds a word of {longest:,} letters")
    return max(longest, 1)
