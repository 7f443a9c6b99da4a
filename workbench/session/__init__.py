"""Session: a prompt with its history, the runs under way and the designs kept."""

from .columns import Column, columns_of, csv_of, rows_of
from .design import Design, Run, origin_of
from .session import CONTINUED, Session

__all__ = [
    "CONTINUED",
    "Column",
    "Design",
    "Run",
    "Session",
    "columns_of",
    "csv_of",
    "origin_of",
    "rows_of",
]
