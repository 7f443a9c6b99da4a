"""History entries: label and prompt of every state, and the remarks that changed with it.

A state is ``[label, prompt]``, or ``[label, prompt, {design: [stars, note]}]`` with what is not as
in the state before it. Records of 0.1 have no remarks.
"""

from collections.abc import Sequence
from typing import Any

from ..errors import RecordError
from ..session import Edit, Remark
from ..session.remark import Remarks, changed, with_changes
from .values import Reading, Values, without_folders

REMARK_BYTES = 120
"""Of memory that a remark takes in each state of the history that has other ones than before."""


def history_entries(
    past: Sequence[Edit], future: Sequence[Edit], values: Values
) -> tuple[list[Any], list[Any]]:
    """Past and future as JSON; the future begins with what was undone first."""
    entries = []
    before: Remarks = {}
    for state in (*past, *reversed(future)):
        changes = changed(before, state.remarks)
        before = state.remarks
        values.budget.spend(REMARK_BYTES * len(before) if changes else 0)
        entry: list[Any] = [without_folders(state.label), values.prompt(state.prompt)]
        if changes:
            entry.append({name: [remark.stars, remark.note] for name, remark in changes.items()})
        entries.append(entry)
    return entries[: len(past)], entries[: len(past) - 1 : -1]


def history_of(
    past: Sequence[Any], future: Sequence[Any], reading: Reading
) -> tuple[list[Edit], list[Edit]]:
    """Past and future that these entries describe."""
    if not past:
        raise RecordError("it holds no prompt")
    states = []
    remarks: Remarks = {}
    for label, number, *more in (*past, *reversed(future)):
        for changes in more[:1]:
            changed = {str(name): _remark(change) for name, change in changes.items()}
            remarks = with_changes(remarks, changed)
            reading.budget.spend(REMARK_BYTES * len(remarks))
        states.append(Edit(str(label), reading.prompt(number), remarks))
    return states[: len(past)], states[: len(past) - 1 : -1]


def _remark(entry: Any) -> Remark:
    stars, note = entry
    return Remark(stars, note)
