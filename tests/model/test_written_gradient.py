"""Geometric attention works in place with its gradient written out; autograd knows what it is."""

import pytest
import torch

from workbench.model.geometric_attention import _block, _TrainedBlock


def plain(query_r, key_r, query_d, key_d, value, hidden):
    """The formula, with nothing saved and nothing shared [Hayes et al. 2025, Algorithm 6]."""
    apart = (query_d[:, :, :, None] - key_d[:, :, None]).square().sum(-1).sqrt()
    score = query_r @ key_r.mT - apart
    if hidden is not None:
        score = score.masked_fill(hidden[:, None], -torch.inf)
    return score.softmax(-1) @ value


@pytest.mark.parametrize("hides", [False, True], ids=["all seen", "some hidden"])
def test_the_written_gradient_is_the_one_that_autograd_finds(hides):
    random = torch.Generator().manual_seed(0)
    inputs = [torch.randn(2, 3, 7, 3, generator=random, requires_grad=True) for _ in range(5)]
    hidden = torch.rand(2, 1, 7, generator=random) < 0.3 if hides else None
    pull = torch.randn(2, 3, 7, 3, generator=random)
    gradients = []
    for block in (plain, _TrainedBlock.apply):
        out = block(*inputs, hidden)
        gradients.append((out, *torch.autograd.grad(out, inputs, pull)))
    for expected, written in zip(*gradients, strict=True):
        torch.testing.assert_close(written, expected, rtol=1e-4, atol=1e-5)
    with torch.inference_mode():
        torch.testing.assert_close(_block(*inputs, hidden), gradients[0][0], rtol=1e-5, atol=1e-6)
