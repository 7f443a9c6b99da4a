"""Container: a zip of one JSON document and plain arrays, read as if an enemy had written it.

Nothing is unpacked to disk and nothing pickled is read. Sizes are checked before memory is taken:
members of other names, more than ``MAX_BYTES`` in all, and arrays whose header disagrees with their
length are refused, and so is what would grow beyond ``MAX_DECODED`` when values are made of it: an
array that thousands of designs share is stored once. What is written is held to the same bounds.
"""

import io
import json
import re
import zipfile
from math import isfinite
from typing import Any

import numpy as np

from ..errors import RecordError

DOCUMENT = "record.json"
MAX_BYTES = 256 << 20
MAX_DOCUMENT = 64 << 20
MAX_VALUES = 4_000_000
MAX_DECODED = 640 << 20
MAX_MEMBERS = 50_000
MAX_HEADER = 1000
KINDS = frozenset("biufU")
_ARRAY = re.compile(r"arrays/\d{1,6}\.npy")


class Budget:
    """Bytes of memory that the values of one record may take."""

    def __init__(self, memory: int = MAX_DECODED) -> None:
        self._memory = self._left = memory

    def spend(self, size: int) -> None:
        """Count bytes that are about to be taken; a RecordError when there are too many."""
        self._left -= size
        if self._left < 0:
            raise RecordError(
                f"its designs and steps take more than {self._memory >> 20} MiB of memory; a "
                "record holds no more, so keep fewer designs in it"
            )


class ArrayWriter:
    """Arrays numbered as they come; equal ones are kept once."""

    def __init__(self) -> None:
        self.members: list[bytes] = []
        self._known: dict[bytes, int] = {}

    def keep(self, values: np.ndarray) -> int:
        """The number under which an array is stored."""
        buffer = io.BytesIO()
        np.lib.format.write_array(buffer, np.ascontiguousarray(values), allow_pickle=False)
        data = buffer.getvalue()
        if data not in self._known:
            self._known[data] = len(self.members)
            self.members.append(data)
        return self._known[data]


def write_container(
    file: io.BytesIO, document: dict[str, Any], arrays: ArrayWriter, mark: str = ""
) -> None:
    """Write a document and its arrays; the same content gives the same bytes.

    ``mark`` is the zip's comment, which is at the end of the file.
    """
    text = json.dumps(document, allow_nan=False, ensure_ascii=False, indent=1).encode(
        "utf-8", "replace"
    )
    _refuse_large_document(text)
    _refuse_large(len(text) + sum(map(len, arrays.members)), 1 + len(arrays.members))
    with zipfile.ZipFile(file, "w") as packed:
        members = {f"arrays/{number}.npy": data for number, data in enumerate(arrays.members)}
        for name, data in {DOCUMENT: text, **members}.items():
            packed.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 6)
        packed.comment = mark.encode()


class Container:
    """An open container; arrays are read when they are asked for."""

    def __init__(self, file: io.BytesIO) -> None:
        self._zip = zipfile.ZipFile(file)
        members = self._zip.infolist()
        names = [member.filename for member in members]
        _refuse_large(sum(member.file_size for member in members), len(members))
        for name in names:
            if name != DOCUMENT and not _ARRAY.fullmatch(name):
                raise RecordError(f"it holds {name[:80]!r}, which no record does; nothing was read")
        if len(set(names)) < len(names):
            raise RecordError("two of its members have the same name; nothing was read")
        if DOCUMENT not in names:
            raise RecordError(f"it lacks {DOCUMENT}; this is no design record")
        self._names = frozenset(names)
        self._read: dict[int, np.ndarray] = {}

    def document(self) -> dict[str, Any]:
        """The JSON document."""
        text = self._bytes(DOCUMENT)
        _refuse_large_document(text)
        document = json.loads(
            text.decode("utf-8"), parse_constant=_no_constant, parse_float=_finite
        )
        if not isinstance(document, dict):
            raise RecordError(f"its {DOCUMENT} holds no object")
        return document

    def array(self, number: object) -> np.ndarray:
        """An array by its number."""
        if isinstance(number, bool) or not isinstance(number, int):
            raise RecordError(f"{str(number)[:40]!r} is no number of an array")
        if number not in self._read:
            self._read[number] = self._array(f"arrays/{number}.npy")
        return self._read[number]

    def _array(self, name: str) -> np.ndarray:
        if name not in self._names:
            raise RecordError(f"it lacks {name}")
        data = self._bytes(name)
        stream = io.BytesIO(data)
        if np.lib.format.read_magic(stream) != (1, 0):
            raise RecordError(f"{name} is no array of the kind that records hold")
        shape, fortran, kind = np.lib.format.read_array_header_1_0(
            stream, max_header_size=MAX_HEADER
        )
        count = 1
        for size in shape:
            count *= size
        rest = len(data) - stream.tell()
        if kind.kind not in KINDS or kind.hasobject or fortran or min(shape, default=0) < 0:
            raise RecordError(f"{name} holds {str(kind)[:40]}, not plain numbers or letters")
        if count * kind.itemsize != rest:
            raise RecordError(f"{name} says it has shape {shape} but holds {rest} bytes")
        if not rest:
            return np.zeros(shape, kind)
        return np.frombuffer(data, kind, offset=stream.tell()).reshape(shape)

    def _bytes(self, name: str) -> bytes:
        size = self._zip.getinfo(name).file_size
        with self._zip.open(name) as member:
            data = member.read(size + 1)
        if len(data) != size:
            raise RecordError(f"{name} is {len(data)} bytes long, not {size} as it says")
        return data


def _refuse_large(size: int, members: int) -> None:
    if members > MAX_MEMBERS:
        raise RecordError(f"it has {members} members; no record has over {MAX_MEMBERS}")
    if size > MAX_BYTES:
        raise RecordError(
            f"it would unpack to {size / 2**20:.0f} MiB; records stay below {MAX_BYTES >> 20} MiB, "
            "so keep fewer designs in it"
        )


def _refuse_large_document(text: bytes) -> None:
    """Each value of JSON, were it an empty list, takes many times the memory of its letters."""
    values = text.count(b",") + text.count(b"[") + text.count(b"{")
    if len(text) > MAX_DOCUMENT or values > MAX_VALUES:
        raise RecordError(
            f"its {DOCUMENT} is {len(text) >> 20} MiB with {values:,} values; records stay below "
            f"{MAX_DOCUMENT >> 20} MiB and {MAX_VALUES:,}, so keep fewer designs in it"
        )


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise RecordError(f"its {DOCUMENT} holds {text[:20]}, which is beyond all numbers")
    return number


def _no_constant(text: str) -> float:
    raise RecordError(f"its {DOCUMENT} holds {text}; unknown numbers are written as null")
