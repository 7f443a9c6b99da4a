"""What the bench says of its model and its run."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.model.model import Model


def describe(model: "Model | str | os.PathLike") -> str:
    """One line about a model: name, device, size, memory; or that it is not loaded yet."""
    if isinstance(model, str | os.PathLike):
        return f"{os.path.basename(model)} · not loaded yet"
    millions = model.parameter_count / 1e6
    size = sized(model.weight_bytes)
    return f"{model.name} · {model.device} · {millions:.1f} M parameters, {size}"


def sized(size: float) -> str:
    """Bytes of memory, in words."""
    if size < 1e8:
        return f"{size / 1e6:.0f} MB"
    return f"{size / 1e9:.1f} GB" if size < 1e10 else f"{size / 1e9:.0f} GB"


def names_of(names: list[str]) -> str:
    """The first and the last of several designs."""
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"


def many(count: int, one: str) -> str:
    """So many of something."""
    return f"{count} {one}" if count == 1 else f"{count} {one}s"
