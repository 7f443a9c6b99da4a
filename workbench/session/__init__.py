"""Session: a prompt with its history, the runs under way and the designs kept."""

from .columns import Column, columns_of, csv_of, rows_of
from .design import Design, Run, made_designs, origin_of
from .remark import NO_REMARK, Remark, Remarks
from .session import CONTINUED, Edit, Session

__all__ = [
    "CONTINUED",
    "NO_REMARK",
    "Column",
    "Design",
    "Edit",
    "Remark",
    "Remarks",
    "Run",
    "Session",
    "columns_of",
    "csv_of",
    "made_designs",
    "origin_of",
    "rows_of",
]
