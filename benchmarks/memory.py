"""Peak memory of a piece of work, above what was held before it."""

import ctypes
import gc
from contextlib import suppress
from pathlib import Path

import torch

from .timing import Work

MEGABYTE = 1e6


def peak_megabytes(work: Work, device: str) -> float | None:
    """Megabytes that the work needs at most; None where the system does not tell."""
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        work()
        return (torch.cuda.max_memory_allocated() - before) / MEGABYTE
    reset, status = Path("/proc/self/clear_refs"), Path("/proc/self/status")
    if not status.exists():
        return None
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    reset.write_text("5")
    before = _kilobytes(status, "VmRSS")
    work()
    return (_kilobytes(status, "VmHWM") - before) / 1e3


def _kilobytes(status: Path, name: str) -> int:
    line = next(line for line in status.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1])
