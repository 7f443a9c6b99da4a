"""The machine that figures were measured on, in words."""

import platform
from pathlib import Path


def processor() -> str:
    """What the processor calls itself."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((one.partition(": ")[2] for one in lines if one.startswith("model name")), "CPU")


def instructions() -> str:
    """Those of its instruction sets that matter to a model, or nothing."""
    try:
        known = set(Path("/proc/cpuinfo").read_text().split())
    except OSError:
        return ""
    return " ".join(one for one in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if one in known)
