"""Timing two callables that take turns, and the table of what was found."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import torch

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison; values are the least of all turns in ``unit``, ``ratio`` is reference ÷ ours.

    ``ratio`` is the median over turns and ``spread`` its lower and upper quartile; all are None
    where there is no reference.
    """

    case: str
    size: str
    length: int
    ours: float
    reference: float | None = None
    ratio: float | None = None
    spread: tuple[float, float] | None = None
    note: str = ""
    unit: str = "s"

    def as_json(self) -> dict:
        """Plain values."""
        return asdict(self)


def side_by_side(
    case: str,
    size: str,
    length: int,
    ours: Work,
    reference: Work | None,
    turns: int,
    note: str = "",
) -> Row:
    """Let both do the work in turns, after one turn that is not counted."""
    seconds: dict[str, list[float]] = {"ours": [], "reference": []}
    for turn in range(turns + 1):
        for name, work in (("reference", reference), ("ours", ours)):
            if work is None:
                continue
            began = time.perf_counter()
            work()
            finish()
            if turn:
                seconds[name].append(time.perf_counter() - began)
    best = min(seconds["ours"])
    if reference is None:
        return Row(case, size, length, best, note=note)
    ratios = sorted(r / o for r, o in zip(seconds["reference"], seconds["ours"], strict=True))
    low, _, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    return Row(
        case,
        size,
        length,
        best,
        min(seconds["reference"]),
        statistics.median(ratios),
        (low, high),
        note,
    )


def finish() -> None:
    """Wait for what a GPU still has to do."""
    if torch.cuda.is_initialized():
        torch.cuda.synchronize()


def markdown(rows: list[Row]) -> str:
    """The rows as a table."""
    lines = [
        "| case | size | length | reference | ours | ratio (quartiles) | |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        ratio = "–"
        if row.ratio is not None and row.spread is not None:
            ratio = f"**{row.ratio:.1f}×** ({row.spread[0]:.1f}–{row.spread[1]:.1f})"
        lines.append(
            f"| {row.case} | {row.size} | {row.length} | {_value(row.reference, row.unit)} | "
            f"{_value(row.ours, row.unit)} | {ratio} | {row.note} |"
        )
    return "\n".join(lines) + "\n"


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    if unit != "s":
        return f"{value:,.0f} {unit}"
    return f"{value:.2f} s" if value >= 1 else f"{1e3 * value:.1f} ms"
