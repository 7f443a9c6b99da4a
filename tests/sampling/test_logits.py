import math

import numpy as np
import pytest
import torch

from workbench.sampling.logits import draw, entropy, nucleus, restrict, tempered

FIRST_THREE = torch.tensor([[True, True, True, False]])
CHANCES = torch.tensor([[0.5, 0.3, 0.15, 0.05]])


def chances(logits: torch.Tensor) -> torch.Tensor:
    return logits.softmax(-1)


def test_entropy_of_equal_chances_is_the_logarithm_of_their_number():
    allowed = torch.tensor([[True] * 8 + [False] * 8])
    assert math.isclose(
        entropy(restrict(torch.zeros(1, 16), allowed)).item(), math.log(8), rel_tol=1e-6
    )


def test_entropy_of_a_certain_value_is_zero():
    one = torch.tensor([[True, False, False]])
    assert entropy(restrict(torch.randn(1, 3), one)).item() == 0.0


def test_the_temperature_set_is_the_one_applied():
    # Peer defect 13: the reference squares it.
    got = chances(tempered(CHANCES.log(), 0.7))
    expected = CHANCES ** (1 / 0.7)
    torch.testing.assert_close(got, expected / expected.sum())


def test_temperature_zero_takes_the_likeliest():
    assert chances(tempered(CHANCES.log(), 0.0)).tolist() == [[1, 0, 0, 0]]


def test_peer_defect_14_the_nucleus_keeps_the_value_that_crosses_p():
    # The reference drops it.
    assert (chances(nucleus(CHANCES.log(), 0.6)) > 0).tolist() == [[True, True, False, False]]
    assert (chances(nucleus(CHANCES.log(), 0.5)) > 0).tolist() == [[True, False, False, False]]


def test_the_nucleus_is_taken_after_the_temperature():
    hot = nucleus(tempered(CHANCES.log(), 100.0), 0.6)
    assert (chances(hot) > 0).sum() == 3


@pytest.mark.parametrize("temperature", [1e-300, 1e-40, 1e-31, 0.0])
def test_a_temperature_near_nothing_takes_the_likeliest(temperature):
    logits = restrict(torch.tensor([[3.0, -700.0, 2.9999, 9.0]]), FIRST_THREE)
    spread = chances(nucleus(tempered(logits, temperature), 0.9))
    assert spread.tolist() == [[1.0, 0.0, 0.0, 0.0]]


@pytest.mark.parametrize("temperature", [1e30, 1e39, 1e300])
def test_a_temperature_beyond_all_bounds_makes_all_that_is_allowed_equally_likely(temperature):
    logits = restrict(torch.tensor([[300.0, -700.0, 0.0, 9.0]]), FIRST_THREE)
    spread = chances(tempered(logits, temperature))
    torch.testing.assert_close(spread, torch.tensor([[1.0, 1.0, 1.0, 0.0]]) / 3)


def test_no_function_changes_its_argument():
    logits = torch.randn(5, 9)
    before = logits.clone()
    restrict(logits, torch.rand(5, 9) > 0.5)
    nucleus(tempered(logits, 0.5), 0.3)
    draw(logits, torch.rand(5, dtype=torch.float64))
    assert torch.equal(logits, before)


def test_draws_follow_the_chances_and_never_take_what_is_forbidden():
    logits = restrict(CHANCES.log(), torch.tensor([[True, False, True, True]]))
    uniform = torch.from_numpy(np.random.default_rng(0).random(20_000))
    ids = draw(logits.expand(20_000, 4), uniform)
    share = torch.bincount(ids, minlength=4) / 20_000
    expected = torch.tensor([0.5, 0.0, 0.15, 0.05]) / 0.7
    assert share[1] == 0
    torch.testing.assert_close(share, expected, atol=0.012, rtol=0)


def test_the_ends_of_the_unit_interval_are_drawn_safely():
    logits = restrict(torch.zeros(2, 4), torch.tensor([[False, True, True, False]]).expand(2, 4))
    ids = draw(logits, torch.tensor([0.0, 1 - 1e-16], dtype=torch.float64))
    assert ids.tolist() == [1, 2]
