"""Which designs no other one beats in two metrics at once."""

from typing import TYPE_CHECKING

import numpy as np

from ..errors import WorkbenchError
from .catalogue import BY_NAME

if TYPE_CHECKING:
    import pandas as pd


def pareto_front(designs: "pd.DataFrame", x: str, y: str) -> "pd.DataFrame":
    """Choose the rows that no other row is at least as good as in both metrics and better in one.

    ``designs`` is a table with a column per metric, as ``bench.designs``, ``campaign.table()`` and
    ``metrics.table`` give; ``x`` and ``y`` are names of metrics, whose directions are theirs. The
    rows come from the best in ``x`` on, equal ones together; those with NaN in either are left out.
    Raises WorkbenchError for a column that is not there, or has no better end.
    """
    ways = [_way(designs, name) for name in (x, y)]
    known = designs.dropna(subset=[x, y])
    a, b = (way * known[name].to_numpy(float) for way, name in zip(ways, (x, y), strict=True))
    order = np.lexsort((-b, -a))
    before = np.maximum.accumulate(np.append(-np.inf, b[order])[:-1])
    front = {(a[i], b[i]) for i in order[b[order] > before]}
    return known.iloc[[i for i in order if (a[i], b[i]) in front]]


def _way(designs: "pd.DataFrame", name: str) -> int:
    if name not in designs:
        raise WorkbenchError(f"there is no column {name!r}; the table has {', '.join(designs)}")
    metric = BY_NAME.get(name)
    if metric is None or metric.higher_is_better is None:
        raise WorkbenchError(f"of {name} neither high nor low values are better; name a metric")
    return 1 if metric.higher_is_better else -1
