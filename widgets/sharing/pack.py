"""Pack: the pictures of a page, each value stored once, in one compressed block.

A value is JSON or bytes and gets a number; equal values share it. The block is gzip over a
four-byte little-endian length, that much JSON ``{"values", "binary", "main"}``, and the bytes.
Coordinates are kept to 0.05 Å as differences from residue to residue, low bytes before high ones,
which is what compresses well; other bytes are kept as they are. ``unpack.js`` reads it.
"""

import gzip
import json
import struct
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float32

from ..structure.scene import BACKBONE

GRAIN = 0.05
"""Å that one unit of a packed coordinate stands for."""

LEVELS = 63
"""Steps of a heat map, about as many as the bins of the PAE that it shows."""

REACH = 2**15 - 1


@dataclass(slots=True)
class Pack:
    """Values by number; ``keep`` gives the number of one."""

    _values: list[Any] = field(default_factory=list)
    _binary: dict[int, list] = field(default_factory=dict)
    _bytes: bytearray = field(default_factory=bytearray)
    _numbers: dict[tuple[str, bytes], int] = field(default_factory=dict)

    def keep(self, value: Any) -> int:
        """Number of a JSON value, bytes or a matrix of numbers."""
        if isinstance(value, bytes | bytearray | memoryview):
            return self._stored("bytes", bytes(value), [])
        if isinstance(value, np.ndarray):
            return self._matrix(value)
        text = json.dumps(value, separators=(",", ":"), allow_nan=False)
        number, is_new = self._number("json", text.encode())
        if is_new:
            self._values[number] = value
        return number

    def keep_coordinates(self, data: bytes) -> int:
        """Number of float32 coordinates, kept to ``GRAIN``; as they are where they do not fit."""
        packed = _differences(np.frombuffer(data, np.float32))
        return self.keep(data) if packed is None else self._stored("coordinates", packed, [])

    def _matrix(self, values: np.ndarray) -> int:
        """A matrix to draw as a heat map, in ``LEVELS`` steps from lowest to highest, then NaN.

        Kept as differences along rows and then columns: neighbours are alike. Fewer dimensions are
        JSON to a tenth, or a hundredth where nothing reaches 10.
        """
        if values.ndim != 2:
            digits = 1 if np.nanmax(np.abs(values), initial=0) >= 10 else 2
            return self.keep([None if np.isnan(v) else round(float(v), digits) for v in values])
        known = values[np.isfinite(values)]
        low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
        grain = (high - low) / (LEVELS - 1) or 1.0
        levels = np.where(np.isfinite(values), np.round((values - low) / grain), LEVELS)
        steps = np.diff(np.diff(levels.astype(np.int64), axis=1, prepend=0), axis=0, prepend=0)
        shape = [*values.shape, low, grain]
        return self._stored("levels", steps.astype(np.uint8).tobytes(), shape)

    def _stored(self, kind: str, data: bytes, shape: list) -> int:
        number, is_new = self._number(kind, json.dumps(shape).encode() + data)
        if is_new:
            self._binary[number] = [kind, len(self._bytes), len(data), *shape]
            self._bytes += data
        return number

    def _number(self, kind: str, data: bytes) -> tuple[int, bool]:
        number = self._numbers.setdefault((kind, data), len(self._values))
        is_new = number == len(self._values)
        if is_new:
            self._values.append(None)
        return number, is_new

    def compressed(self, main: Any) -> bytes:
        """The whole pack with ``main``, which says what its numbers are for."""
        head = {"values": self._values, "binary": self._binary, "main": main}
        text = json.dumps(head, separators=(",", ":"), allow_nan=False).encode()
        return gzip.compress(struct.pack("<I", len(text)) + text + self._bytes, 9, mtime=0)


def _differences(xyz: Float32[np.ndarray, " values"]) -> bytes | None:
    whole = np.round(xyz.astype(np.float64) / GRAIN)
    if not np.isfinite(whole).all():
        return None
    stride = 3 * len(BACKBONE)
    steps = whole.copy()
    steps[stride:] -= whole[:-stride]
    if len(steps) and np.abs(steps).max() > REACH:
        return None
    return steps.astype("<i2").view(np.uint8).reshape(-1, 2).T.tobytes()
