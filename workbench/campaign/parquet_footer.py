"""What the footer of a Parquet file says of its columns, read without pyarrow.

pyarrow gives the same by ``metadata.row_group(k).column(c)``, but ends the process where a damaged
footer contradicts itself. The footer is Thrift's compact protocol; numbers in comments are the
fields of ``parquet.thrift``.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

MAGIC = b"PAR1"
MOST_FOOTER = 8 << 20
DEEPEST = 16
CODECS = ("UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW")

Fields = dict[int, Any]


@dataclass(frozen=True, slots=True)
class PackedColumn:
    """One column of one row group: how it is packed, and its bytes before and after."""

    name: str
    codec: str
    packed: int
    unpacked: int


def packed_columns(file: BinaryIO) -> list[PackedColumn]:
    """All columns of all row groups; a ValueError where the footer is damaged."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 8))
    tail = file.read(8)
    if len(tail) < 8 or tail[4:] != MAGIC:
        raise ValueError("it does not end as Parquet files do")
    (length,) = struct.unpack("<I", tail[:4])
    if length > min(MOST_FOOTER, size - 8):
        raise ValueError(f"its footer would take {length} bytes")
    file.seek(size - 8 - length)
    try:
        footer = _Compact(file.read(length)).struct(0)
        groups = [group[1] for group in footer[4]]  # row_groups, columns
        return [_column(chunk[3]) for columns in groups for chunk in columns]  # meta_data
    except (LookupError, TypeError, AttributeError, struct.error, OverflowError) as error:
        raise ValueError(f"its footer is damaged ({type(error).__name__})") from None


def _column(found: Fields) -> PackedColumn:
    name = ".".join(part.decode() for part in found[3])  # path_in_schema
    codec, unpacked, packed = found[4], found[6], found[7]
    if min(codec, unpacked, packed) < 0 or codec >= len(CODECS):
        raise ValueError(f"its column {name[:40]} is packed in an unknown way")
    return PackedColumn(name, CODECS[codec], packed, unpacked)


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
