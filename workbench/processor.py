"""The processor that work is done on, in words."""

import platform
from functools import cache
from pathlib import Path

INSTRUCTIONS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")
"""Instruction sets that matter to a model, as Linux names them."""


@cache
def processor() -> str:
    """What the processor calls itself."""
    lines = _cpuinfo().splitlines()
    names = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


@cache
def instructions() -> str:
    """Those of its ``INSTRUCTIONS``, or nothing where they cannot be read."""
    known = set(_cpuinfo().split())
    return " ".join(instruction for instruction in INSTRUCTIONS if instruction in known)


def _cpuinfo() -> str:
    try:
        return Path("/proc/cpuinfo").read_text()
    except OSError:
        return ""
