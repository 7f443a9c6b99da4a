"""Protein design with ESM3, headless: read a protein, paint a prompt, sample, judge, write.

Everything named here loads on first use, so ``import workbench`` is instant and brings no torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .embedded import example, example_path, list_models
    from .errors import (
        CheckpointError,
        PromptError,
        SamplingError,
        SelectionError,
        StructureError,
        WorkbenchError,
    )
    from .io import fetch, read_protein, structure_text, write_protein
    from .model.checkpoint import load_model
    from .prompt import Prompt, State
    from .protein import Confidence, FunctionAnnotation, Protein
    from .sampling.recipe import Recipe, Stage
    from .sampling.trajectory import SamplingStep, Trajectory
    from .session import Design, Session
    from .tracks import Track

__version__ = "0.1.0"

_HOMES = {
    "embedded": ("example", "example_path", "list_models"),
    "errors": (
        "CheckpointError",
        "PromptError",
        "SamplingError",
        "SelectionError",
        "StructureError",
        "WorkbenchError",
    ),
    "io": ("fetch", "read_protein", "structure_text", "write_protein"),
    "model.checkpoint": ("load_model",),
    "prompt": ("Prompt", "State"),
    "protein": ("Confidence", "FunctionAnnotation", "Protein"),
    "sampling.recipe": ("Recipe", "Stage"),
    "sampling.trajectory": ("SamplingStep", "Trajectory"),
    "session": ("Design", "Session"),
    "tracks": ("Track",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "CheckpointError",
    "Confidence",
    "Design",
    "FunctionAnnotation",
    "Prompt",
    "PromptError",
    "Protein",
    "Recipe",
    "SamplingError",
    "SamplingStep",
    "SelectionError",
    "Session",
    "Stage",
    "State",
    "StructureError",
    "Track",
    "Trajectory",
    "WorkbenchError",
    "__version__",
    "example",
    "example_path",
    "fetch",
    "list_models",
    "load_model",
    "read_protein",
    "structure_text",
    "write_protein",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME_OF[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
