"""What the metrics say of designs: as numbers, as a table, as a line of text."""

from collections.abc import Mapping, Sequence
from math import isnan
from typing import TYPE_CHECKING

from ..errors import SelectionError
from ..prompt import Prompt
from ..protein import Protein
from ..selection import Where, positions_of
from ..tracks import Track
from .catalogue import BY_NAME, METRICS, OF_DESIGNS
from .metric import Positions
from .shape import refuse_other_length

if TYPE_CHECKING:
    import pandas as pd


def measure(design: Protein, prompt: Prompt, positions: Positions = None) -> dict[str, float]:
    """All metrics of a design against its prompt and the prompt's template, by name.

    NaN where one cannot be said. ``positions`` (0-based; None is all) are the residues that count;
    ``ptm`` is always that of the whole protein. Raises StructureError where lengths differ.
    """
    refuse_other_length(design, prompt.template)
    metrics = OF_DESIGNS if positions is None else METRICS
    return {metric.name: metric.of(design, prompt, positions) for metric in metrics}


def table(
    designs: Sequence[Protein],
    reference: Protein | Prompt,
    where: Where | None = None,
) -> "pd.DataFrame":
    """All metrics of several designs on one selection (a text or 0-based positions; None is all).

    The reference is the prompt they were made of, or a protein, which stands for a prompt that
    gives all it knows. One row per design, named as it is; ``ptm`` is always that of the whole
    protein. Values are as in memory: pLDDT is 0–1. NaN where a metric cannot be said.
    """
    prompt = reference
    if isinstance(prompt, Protein):
        prompt = Prompt.from_protein(prompt, tuple(Track))
    at: Positions = range(len(prompt)) if where is None else positions_of(where, prompt.template)
    if not len(at):
        raise SelectionError(f"the selection {where!r} holds no residue; choose some to measure")
    rows = [{"design": design.name, **measure(design, prompt, at)} for design in designs]
    import pandas as pd

    return pd.DataFrame(rows, columns=["design", *BY_NAME])


def as_shown(table: "pd.DataFrame") -> "pd.DataFrame":
    """A table of designs in the units of screen and files: pLDDT is 0–100 there."""
    scaled = [metric for metric in METRICS if metric.scale != 1 and metric.name in table.columns]
    return table.assign(**{metric.name: metric.scale * table[metric.name] for metric in scaled})


def summary(values: Mapping[str, float]) -> str:
    """What is known of a design in one line, such as ``ptm 0.71, plddt 84.2, ca_rmsd 1.3 Å``."""
    return ", ".join(_as_text(name, value) for name, value in values.items() if not isnan(value))


def _as_text(name: str, value: float) -> str:
    metric = BY_NAME.get(name)
    if metric is None:
        return f"{name} {value:.3g}"
    return f"{name} {metric.shown(value):.3g}" + (f" {metric.unit}" if metric.unit else "")
