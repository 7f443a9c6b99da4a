"""How large the columns of a Parquet file are once they are unpacked, read without pyarrow.

pyarrow gives what the footer says by ``metadata.row_group(k).column(c)``, but ends the process
where a damaged footer contradicts itself, and a footer may lie. A page is unpacked to the size that
its own header gives, or not at all, so those are added up. Footer and headers are Thrift's compact
protocol; numbers in comments are the fields of ``parquet.thrift``.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

MAGIC = b"PAR1"
MOST_FOOTER = 8 << 20
DEEPEST = 16
MOST_PAGES = 20_000
MOST_HEADER = 64 << 10
ENCODINGS = {0, 2, 3, 4, 8}
"""Plain, runs, bits and dictionaries; the others make much of little, such as shared prefixes."""
CODECS = ("UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW")

Fields = dict[int, Any]


@dataclass(frozen=True, slots=True)
class PackedColumn:
    """One column of one row group: how it is packed, and its bytes once it is not."""

    name: str
    codec: str
    unpacked: int


def packed_columns(file: BinaryIO) -> list[PackedColumn]:
    """All columns of all row groups; a ValueError where the file is damaged."""
    try:
        groups = [group[1] for group in _footer(file)[4]]  # row_groups, columns
        chunks = [chunk[3] for columns in groups for chunk in columns]  # meta_data
        if len(chunks) > MOST_PAGES:
            raise ValueError(f"it has {len(chunks)} columns in all its row groups")
        packed, pages = [], 0
        for chunk in chunks:
            sizes = _pages(file, chunk, MOST_PAGES - pages)
            pages += len(sizes)
            packed.append(_column(chunk, sum(sizes)))
        return packed
    except (LookupError, TypeError, AttributeError, struct.error, OverflowError) as error:
        raise ValueError(f"its footer is damaged ({type(error).__name__})") from None


def _footer(file: BinaryIO) -> Fields:
    size = file.seek(0, 2)
    file.seek(max(0, size - 8))
    tail = file.read(8)
    if len(tail) < 8 or tail[4:] != MAGIC:
        raise ValueError("it does not end as Parquet files do")
    (length,) = struct.unpack("<I", tail[:4])
    if length > min(MOST_FOOTER, size - 8):
        raise ValueError(f"its footer would take {length} bytes")
    file.seek(size - 8 - length)
    return _Compact(file.read(length)).struct(0)


def _column(chunk: Fields, unpacked: int) -> PackedColumn:
    name = ".".join(part.decode() for part in chunk[3])  # path_in_schema
    codec = chunk[4]
    if not 0 <= codec < len(CODECS):
        raise ValueError(f"its column {name[:40]} is packed in an unknown way")
    return PackedColumn(name, CODECS[codec], unpacked)


def _pages(file: BinaryIO, chunk: Fields, most: int) -> list[int]:
    """Bytes of each page of a column in one row group, once it is unpacked."""
    first, packed = chunk[9], chunk[7]  # data_page_offset, total_compressed_size
    dictionary = chunk.get(11, 0)  # dictionary_page_offset
    at = dictionary if 0 < dictionary < first else first
    stop, sizes = at + packed, []
    if at < 0 or packed < 0:
        raise ValueError("its footer is damaged (negative sizes)")
    while at < stop:
        if len(sizes) == most:
            raise ValueError(f"it has more than {MOST_PAGES} pages")
        file.seek(at)
        header = _Compact(file.read(MOST_HEADER))
        page = header.struct(0)
        unpacked, size = page[2], page[3]  # uncompressed_page_size, compressed_page_size
        if min(unpacked, size) < 0:
            raise ValueError("a page has a negative size")
        for kind, encoding in ((5, 2), (7, 2), (8, 4)):  # data, dictionary and second data header
            if kind in page and page[kind][encoding] not in ENCODINGS:
                raise ValueError(f"a page has the encoding {page[kind][encoding]}")
        sizes.append(unpacked)
        at += header.read + size
    return sizes


class _Compact:
    """Reads Thrift's compact protocol: structs as fields by number, lists, and plain values."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0
        self._kinds: dict[int, Callable[[int], Any]] = {
            1: lambda _: True, 2: lambda _: False, 3: lambda _: self._byte(),
            4: self._whole, 5: self._whole, 6: self._whole, 7: lambda _: self._bytes(8),
            8: lambda _: self._bytes(self._varint()), 9: self._list, 10: self._list,
            11: self._map, 12: self.struct,
        }  # fmt: skip

    @property
    def read(self) -> int:
        """How many bytes were read."""
        return self._at

    def struct(self, depth: int) -> Fields:
        """Fields by their number."""
        self._refuse_deep(depth)
        fields: Fields = {}
        number = 0
        while head := self._byte():
            step = head >> 4
            number = number + step if step else self._whole(depth)
            fields[number] = self._kinds[head & 15](depth + 1)
        return fields

    def _refuse_deep(self, depth: int) -> None:
        if depth > DEEPEST:
            raise ValueError("its footer is too deep")

    def _list(self, depth: int) -> list[Any]:
        self._refuse_deep(depth)
        head = self._byte()
        size = head >> 4 if head >> 4 < 15 else self._varint()
        return [self._element(head & 15, depth) for _ in range(self._bounded(size))]

    def _map(self, depth: int) -> list[Any]:
        self._refuse_deep(depth)
        size = self._bounded(self._varint())
        kinds = self._byte() if size else 0
        return [
            (self._element(kinds >> 4, depth), self._element(kinds & 15, depth))
            for _ in range(size)
        ]

    def _element(self, kind: int, depth: int) -> Any:
        if kind in (1, 2):  # truth values have a byte of their own in lists
            return self._byte() == 1
        return self._kinds[kind](depth + 1)

    def _bounded(self, size: int) -> int:
        if size > len(self._data) - self._at:
            raise ValueError("its footer is cut short")
        return size

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _bytes(self, size: int) -> bytes:
        self._at += self._bounded(size)
        return self._data[self._at - size : self._at]

    def _varint(self) -> int:
        value = shift = 0
        while shift < 64:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
        raise ValueError("its footer holds a number without end")

    def _whole(self, _: int) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
