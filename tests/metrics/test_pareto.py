"""The Pareto front of two metrics."""

import numpy as np
import pandas as pd
import pytest

from workbench import WorkbenchError, pareto_front


def unbeaten(table: pd.DataFrame, x: str, y: str, ways: tuple[int, int]) -> set[str]:
    """Every pair of rows compared, in no order: what the fast way must come to."""
    values = table[[x, y]].to_numpy() * ways
    beaten = [
        any((other >= one).all() and (other > one).any() for other in values) for one in values
    ]
    return set(table["design"][~np.array(beaten)])


@pytest.mark.parametrize(
    ("x", "y", "ways"),
    [
        ("plddt", "ptm", (1, 1)),
        ("ptm", "motif_rmsd", (1, -1)),
        ("ca_rmsd", "motif_rmsd", (-1, -1)),
    ],
)
def test_the_front_has_the_designs_that_no_other_beats_whichever_way_is_better(x, y, ways):
    draw = np.random.default_rng(0)
    for _ in range(20):
        values = draw.integers(0, 9, (40, 2)) / 8  # with equal ones
        table = pd.DataFrame({x: values[:, 0], y: values[:, 1]})
        table["design"] = [f"design-{i}" for i in range(40)]
        front = pareto_front(table, x, y)
        assert set(front["design"]) == unbeaten(table, x, y, ways)
        assert (ways[0] * front[x]).is_monotonic_decreasing


def test_a_design_without_a_value_is_in_no_front():
    table = pd.DataFrame({"plddt": [0.9, 0.5], "ptm": [np.nan, 0.4], "design": ["a", "b"]})
    assert pareto_front(table, "plddt", "ptm")["design"].tolist() == ["b"]


@pytest.mark.parametrize(("name", "words"), [("length", "neither"), ("nothing", "no column")])
def test_a_column_without_a_better_end_is_refused(name, words):
    table = pd.DataFrame({"plddt": [0.9], "length": [100]})
    with pytest.raises(WorkbenchError, match=words):
        pareto_front(table, "plddt", name)
