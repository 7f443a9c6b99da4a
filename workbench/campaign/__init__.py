"""Campaigns: thousands of designs on this machine or a Dask cluster, kept as they are finished.

Nothing is ever unpickled from disk: a campaign's folder holds JSON, Parquet and, in a column of
it, design records. Dask pickles what it sends between its own processes, so a scheduler must be one
that you trust as you trust your own session.
"""

from .campaign import Campaign, Progress

__all__ = ["Campaign", "Progress"]
