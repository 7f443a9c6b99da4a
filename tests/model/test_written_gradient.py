"""The gradient of geometric attention is written out by hand; autograd knows what it must be."""

import pytest
import torch

from workbench.model.geometric_attention import _block, _TrainedBlock


@pytest.mark.parametrize("hides", [False, True], ids=["all seen", "some hidden"])
def test_the_written_gradient_is_the_one_that_autograd_finds(hides):
    random = torch.Generator().manual_seed(0)
    inputs = [torch.randn(2, 3, 7, 3, generator=random, requires_grad=True) for _ in range(5)]
    hidden = torch.rand(2, 1, 7, generator=random) < 0.3 if hides else None
    pull = torch.randn(2, 3, 7, 3, generator=random)
    found = []
    for block in (_block, _TrainedBlock.apply):
        out = block(*inputs, hidden)
        found.append((out, *torch.autograd.grad(out, inputs, pull)))
    for expected, written in zip(*found, strict=True):
        torch.testing.assert_close(written, expected, rtol=1e-4, atol=1e-5)
