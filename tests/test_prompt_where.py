"""Which residues a person means."""

import numpy as np
import pytest
from prompts import values

from workbench.errors import SelectionError


@pytest.mark.parametrize(
    "where",
    [
        "4-6",
        "A:4-6",
        slice(3, 6),
        slice(-9, -6),
        range(3, 6),
        [5, 3, 4, 4],
        np.array([3, 4, 5]),
        np.isin(np.arange(12), [3, 4, 5]),
    ],
)
def test_residues_may_be_meant_by_text_slice_indices_or_boolean_mask(full, where):
    assert full.positions(where).tolist() == [3, 4, 5]


def test_a_single_index_is_a_single_residue(full):
    assert full.positions(7).tolist() == [7]


def test_positions_come_sorted_from_a_backward_slice(full):
    assert full.positions(slice(5, 2, -1)).tolist() == [3, 4, 5]


@pytest.mark.parametrize("where", [[], slice(0, 0), np.zeros(12, bool)])
def test_no_residues_is_a_selection_that_changes_nothing(full, where):
    assert values(full.mask(where)) == values(full)


@pytest.mark.parametrize("where", [12, [3, 12], [-1, 3], range(10, 14)])
def test_a_position_outside_is_refused_with_the_numbers(full, where):
    with pytest.raises(SelectionError, match=r"position (12|13|-1) is outside this protein of 12"):
        full.mask(where)


@pytest.mark.parametrize("where", [slice(50, 60), slice(4, 13), slice(-13, 2)])
def test_a_slice_outside_is_refused_with_the_numbers(full, where):
    with pytest.raises(SelectionError, match=f"{where.start}:{where.stop} .* protein of 12"):
        full.mask(where)


def test_a_range_of_the_file_outside_is_refused(full):
    with pytest.raises(SelectionError, match="'10-13' are outside chain A"):
        full.mask("10-13", "sequence")


def test_half_a_residue_is_no_position(full):
    with pytest.raises(SelectionError, match="whole numbers"):
        full.mask(np.array([1.5]))


def test_a_boolean_mask_of_another_length_is_refused(full):
    with pytest.raises(SelectionError, match="11 entries does not fit this protein of 12"):
        full.mask(np.ones(11, bool))
