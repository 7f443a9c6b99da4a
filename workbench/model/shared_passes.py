"""Shared passes: which proteins may share a pass without changing each other's results."""

from collections.abc import Sequence

import torch

FEWEST_ROWS = 32
"""Rows of tokens from which a product rounds each row alike whatever rows are beside it.

Libraries multiply fewer (with AVX-512 below 16) in another order, which depends on their number.
"""


def shared_passes(lengths: Sequence[int], device: torch.device, precision: str) -> list[list[int]]:
    """Which rows of these lengths share a pass of a network of this precision, as their numbers.

    What shares a pass changes where sums are rounded, and reduced precision makes that large. So on
    a processor, where sharing gains little, only rows of one length share a pass; those of a few
    tokens do not, and with reduced precision none do.
    """
    if device.type != "cpu":
        return [list(range(len(lengths)))]
    exact = precision == "float32"
    groups: dict[tuple[int, int], list[int]] = {}
    for i, length in enumerate(lengths):
        shares = exact and length >= FEWEST_ROWS
        groups.setdefault((length, 0 if shares else i), []).append(i)
    return list(groups.values())
