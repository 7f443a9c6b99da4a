"""Files of named tensors, memory-mapped: safetensors, and .pth as torch.save writes it.

They are untrusted input: no pickled code is run, and whatever cannot be right is a CheckpointError.
"""

import struct
import zipfile
from collections.abc import Container, Mapping
from pathlib import Path
from pickle import UnpicklingError

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from ..atomic_files import replacing
from ..errors import CheckpointError
from ..regular_files import LFS_POINTER, open_regular

STRETCH = 128 * 2**20
"""Bytes read from one mapping before it is given back."""

_UNREADABLE = (
    SafetensorError, UnpicklingError, RuntimeError, EOFError, OSError, ValueError, LookupError,
    AttributeError, TypeError, AssertionError, OverflowError, MemoryError, struct.error,
    zipfile.BadZipFile,
)  # fmt: skip


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a file by name; their numbers stay on disk until they are used."""
    _refuse_pointer(path)
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        state = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except _UNREADABLE as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise CheckpointError(
            f"{path} is damaged or not a checkpoint of plain tensors: {reason}"
        ) from None
    if not isinstance(state, Mapping) or not all(
        isinstance(name, str) and isinstance(value, Tensor) for name, value in state.items()
    ):
        raise CheckpointError(f"{path} does not hold a table of named tensors")
    return dict(state)


def _refuse_pointer(path: Path) -> None:
    """A clone without Git LFS has small texts in the place of the weights."""
    try:
        with open_regular(path) as file:
            is_pointer = file.read(len(LFS_POINTER)) == LFS_POINTER
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror or error}") from None
    if is_pointer:
        raise CheckpointError(
            f"{path} is a Git LFS pointer, not the weights; fetch them with git lfs pull"
        )


def read_tensors_to(
    path: Path,
    device: torch.device,
    dtype: torch.dtype,
    wide: Container[str] = (),
    stretch: int = STRETCH,
) -> dict[str, Tensor]:
    """The tensors of a file on a device, the floating-point ones in ``dtype``.

    Those named in ``wide`` come in float32 all the same.
    Where nothing has to change they stay mapped. Else each is copied, and the mapping is renewed
    every ``stretch`` bytes, so that what was copied no longer takes memory.
    """
    state = read_tensors(path)
    dtypes = {
        name: v.dtype if not v.is_floating_point() else torch.float32 if name in wide else dtype
        for name, v in state.items()
    }
    if device.type == "cpu" and all(v.dtype == dtypes[name] for name, v in state.items()):
        return state
    tensors, read = {}, 0
    for name in dtypes:
        if read >= stretch:
            del state
            state, read = read_tensors(path), 0
        tensors[name] = state[name].to(device, dtypes[name], copy=True)
        read += state[name].nbytes
    return tensors


def write_tensors(path: Path, state: Mapping[str, Tensor]) -> None:
    """Write a safetensors file; one of that name is replaced whole, even while it is mapped."""
    try:
        with replacing(path) as file:
            save_file({n: v.detach().cpu().contiguous() for n, v in state.items()}, file.name)
    except SafetensorError as error:
        raise CheckpointError(f"{path} cannot be written: {error}") from None
