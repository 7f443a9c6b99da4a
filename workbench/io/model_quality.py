"""Confidence in the ma_qa_metric tables of ModelCIF files: pLDDT per residue, and pTM.

Programs write pLDDT on 0–100 or on 0–1, name it in several ways, and keep several models in one
file. A value that is unknown or out of its range stays unknown and refuses no file.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from biotite.structure.io import pdbx
from jaxtyping import Float

from .atom_site import UNKNOWN, number, rows_of
from .entry import Atoms

Block = pdbx.CIFBlock | pdbx.BinaryCIFBlock

_FRACTION = "[0,1]"
"""What the names of ModelCIF's metrics say where they run from 0 to 1."""


@dataclass(frozen=True, slots=True)
class _Metric:
    """One row of ma_qa_metric: its key, what it is, and whether it says that it is a fraction."""

    key: str
    kind: str
    mode: str
    is_fraction: bool


def read_confidence(
    block: Block, atoms: Atoms, model: str
) -> tuple[Float[np.ndarray, " atoms"], float | None]:
    """The pLDDT of each atom's residue (0–1, NaN where unknown) and pTM of this model."""
    metrics = list(_metrics(block))
    plddt = np.full(len(atoms), np.nan)
    for metric in sorted(metrics, key=lambda candidate: candidate.kind != "plddt"):
        if metric.kind.startswith("plddt") and metric.mode in ("local", ""):
            known = _local(block, metric, model)
            if known:
                keys = zip(atoms.label_asym_id.tolist(), atoms.label_seq_id.tolist(), strict=True)
                plddt = np.array([known.get(key, np.nan) for key in keys])
                break
    ptm = next(
        (
            value
            for metric in metrics
            if metric.kind == "ptm" and metric.mode in ("global", "")
            for value in _global(block, metric, model)
        ),
        None,
    )
    return plddt, ptm


def _metrics(block: Block) -> Iterator[_Metric]:
    if "ma_qa_metric" not in block:
        return
    table = block["ma_qa_metric"]
    columns = ("id", "type", "name", "mode", "description")
    for key, *texts in rows_of(table, *columns):
        kind, name, mode, description = ("" if text in UNKNOWN else text.lower() for text in texts)
        fraction = any(_FRACTION in text.replace(" ", "") for text in (kind, name, description))
        yield _Metric(key, kind or name, mode, fraction)


def _local(block: Block, metric: _Metric, model: str) -> dict[tuple[str, str], float]:
    columns = ("label_asym_id", "label_seq_id")
    values_of_residues: dict[tuple[str, str], float] = {}
    for asym, seq, value in _rows(block, "ma_qa_metric_local", metric, model, columns):
        values_of_residues.setdefault((asym, seq), value)
    values = np.array(list(values_of_residues.values()))
    is_fraction = metric.is_fraction or not (values > 1).any()
    scale = 1.0 if is_fraction else 100.0
    return {key: value / scale for key, value in values_of_residues.items() if 0 <= value <= scale}


def _global(block: Block, metric: _Metric, model: str) -> list[float]:
    rows = _rows(block, "ma_qa_metric_global", metric, model, ())
    return [value for (value,) in rows if 0 <= value <= 1]


def _rows(block: Block, name: str, metric: _Metric, model: str, columns: tuple[str, ...]) -> list:
    """Rows of a metric for a model, the value last; a file of one model need not name it."""
    if name not in block:
        return []
    table = block[name]
    columns_read = ("metric_id", "model_id", *columns, "metric_value")
    rows = [
        (of, *keys, number(value))
        for key, of, *keys, value in rows_of(table, *columns_read)
        if key == metric.key
    ]
    models = {of for of, *_ in rows}
    return [rest for of, *rest in rows if of == model or len(models) == 1]
