"""Batches: many rows of one length through a model, as many at once as memory allows.

Long work reports its progress after each pass, where it can be stopped.
"""

from collections.abc import Callable

from ..errors import SamplingError, is_out_of_memory
from ..model.model import Model
from ..sampling.batching import free_unused, runs_that_fit
from .asking import Progress, Stopped

TOKENS_AT_ONCE = {"cpu": 4096, "cuda": 65536}
"""Tokens in one pass at most; more gain nothing, and Stop would answer late."""


def in_batches(
    model: Model, length: int, rows: int, work: Callable[[range], None], progress: Progress | None
) -> None:
    """Call ``work`` with ranges of ``rows`` rows of this many tokens, until all are done.

    A range that runs out of memory is halved and tried again. Raises Stopped where ``progress``
    returned False.
    """
    size, done = rows_at_once(model, length), 0
    while done < rows:
        try:
            work(range(done, min(rows, done + size)))
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            if size == 1:
                raise SamplingError(
                    f"memory does not suffice for one pass of {length} tokens on {model.device}; "
                    "shorten the protein or use a smaller model"
                ) from error
            size = max(1, size // 2)
            free_unused()
            continue
        done = min(rows, done + size)
        if progress is not None and progress(done, rows) is False:
            raise Stopped(f"stopped after {done} of {rows} rows")


def rows_at_once(model: Model, length: int) -> int:
    """How many rows of this many tokens share a pass, at least 1."""
    tokens = TOKENS_AT_ONCE.get(model.device.type, TOKENS_AT_ONCE["cpu"])
    return max(1, min(runs_that_fit(model, length), tokens // length))
