"""Protein design with ESM3, headless: read a protein, paint a prompt, sample, judge, write.

Everything named here loads on first use, so ``import workbench`` is instant and brings no torch.
"""

import warnings
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .annotate import annotated, compute_sasa, compute_ss8
    from .archive import open_record, rebuild, save
    from .campaign import Campaign
    from .constraints import Constraints
    from .contacts import distance, hydrogen_bonds
    from .editing import delete, duplicate, insert, move, resize
    from .embedded import example, example_path, list_models
    from .errors import (
        CheckpointError,
        PromptError,
        SamplingError,
        SelectionError,
        StructureError,
        WorkbenchError,
    )
    from .findings import lint
    from .io import fetch, read_protein, read_records, structure_text, write_protein
    from .metrics import (
        ca_rmsd,
        keyword_recovery,
        pareto_front,
        ramachandran,
        recovery,
        table,
        tm_score,
    )
    from .model.checkpoint import convert_model, load_model
    from .prompt import Prompt, State
    from .protein import Confidence, FunctionAnnotation, Ligand, Protein
    from .sampling.batching import Batch
    from .sampling.goals import BatchScore, Goals
    from .sampling.guidance import Guidance
    from .sampling.passes import cost
    from .sampling.recipe import Recipe, Stage
    from .sampling.step import SamplingStep
    from .sampling.trajectory import Trajectory
    from .session import Design, Session
    from .tracks import Track
    from .whatif.alternatives import Alternatives, alternatives
    from .whatif.couplings import couplings
    from .whatif.distances import contact_distances
    from .whatif.embedding import embed
    from .whatif.landscape import landscape
    from .whatif.likelihood import pseudo_likelihood
    from .whatif.why import influence, why

__version__ = "0.2.0"

_HOMES = {
    "annotate": ("annotated", "compute_sasa", "compute_ss8"),
    "archive": ("open_record", "rebuild", "save"),
    "campaign": ("Campaign",),
    "constraints": ("Constraints",),
    "contacts": ("distance", "hydrogen_bonds"),
    "editing": ("delete", "duplicate", "insert", "move", "resize"),
    "embedded": ("example", "example_path", "list_models"),
    "errors": (
        "CheckpointError",
        "PromptError",
        "SamplingError",
        "SelectionError",
        "StructureError",
        "WorkbenchError",
    ),
    "findings": ("lint",),
    "io": ("fetch", "read_protein", "read_records", "structure_text", "write_protein"),
    "metrics": (
        "ca_rmsd",
        "keyword_recovery",
        "pareto_front",
        "ramachandran",
        "recovery",
        "table",
        "tm_score",
    ),
    "model.checkpoint": ("convert_model", "load_model"),
    "prompt": ("Prompt", "State"),
    "protein": ("Confidence", "FunctionAnnotation", "Ligand", "Protein"),
    "sampling.batching": ("Batch",),
    "sampling.goals": ("BatchScore", "Goals"),
    "sampling.guidance": ("Guidance",),
    "sampling.passes": ("cost",),
    "sampling.recipe": ("Recipe", "Stage"),
    "sampling.step": ("SamplingStep",),
    "sampling.trajectory": ("Trajectory",),
    "session": ("Design", "Session"),
    "tracks": ("Track",),
    "whatif.alternatives": ("Alternatives", "alternatives"),
    "whatif.couplings": ("couplings",),
    "whatif.distances": ("contact_distances",),
    "whatif.embedding": ("embed",),
    "whatif.landscape": ("landscape",),
    "whatif.likelihood": ("pseudo_likelihood",),
    "whatif.why": ("influence", "why"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Alternatives",
    "Batch",
    "BatchScore",
    "Campaign",
    "CheckpointError",
    "Confidence",
    "Constraints",
    "Design",
    "FunctionAnnotation",
    "Goals",
    "Guidance",
    "Ligand",
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
    "alternatives",
    "annotated",
    "ca_rmsd",
    "compute_sasa",
    "compute_ss8",
    "contact_distances",
    "convert_model",
    "cost",
    "couplings",
    "delete",
    "distance",
    "duplicate",
    "embed",
    "example",
    "example_path",
    "fetch",
    "hydrogen_bonds",
    "influence",
    "insert",
    "keyword_recovery",
    "landscape",
    "lint",
    "list_models",
    "load_model",
    "move",
    "open_record",
    "pareto_front",
    "pseudo_likelihood",
    "ramachandran",
    "read_protein",
    "read_records",
    "rebuild",
    "recovery",
    "resize",
    "save",
    "structure_text",
    "table",
    "tm_score",
    "why",
    "write_protein",
]

if _clash := import_module(".clash", __name__).stranger("widgets", offers="Bench"):
    warnings.warn(_clash, stacklevel=2)


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME_OF[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
