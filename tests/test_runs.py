"""Runs along a chain."""

import numpy as np
import pytest

from workbench.runs import equal_ranges, ranges


@pytest.mark.parametrize(
    ("at", "labels", "gap", "expected"),
    [
        ([], None, 0, []),
        ([4], None, 0, [(4, 5)]),
        ([0, 1, 2, 5, 6], None, 0, [(0, 3), (5, 7)]),
        ([0, 2, 5], None, 1, [(0, 3), (5, 6)]),
        ([0, 1, 2, 3], ["A", "A", "B", "B"], 0, [(0, 2), (2, 4)]),
    ],
)
def test_positions_side_by_side_are_one_range(at, labels, gap, expected):
    assert ranges(at, None if labels is None else np.array(labels), gap) == expected


def test_neighbours_of_one_value_are_one_range():
    assert equal_ranges(np.array(list("HHCEE"))) == [(0, 2), (2, 3), (3, 5)]
    assert equal_ranges(np.zeros(0)) == []
