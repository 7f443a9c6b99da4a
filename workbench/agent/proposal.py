"""Proposal: changes of a prompt that somebody suggests, as plain data; signed, and bounded."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..code import changed_at
from ..errors import PromptError, WorkbenchError
from ..names import clean_name
from ..prompt import Prompt
from ..selection import format_selection
from ..tracks import Track

CALLS: dict[str, tuple[str, ...]] = {
    "mask": ("where", "track"),
    "restore": ("where", "track"),
    "paint": ("where", "track", "value"),
    "annotate": ("label", "where", "track"),
    "without": ("where", "track"),
    "allow": ("where", "residues"),
    "forbid": ("where", "residues"),
    "forbid_motif": ("motif",),
    "permit_motif": ("motif",),
}
"""Calls of ``Prompt`` that a proposal may name, and what each takes."""
OPTIONAL = {("mask", "track"), ("restore", "track"), ("annotate", "track")}
MOST_EDITS = 200

Edit = Mapping[str, Any]
"""A call and its arguments: ``{"call": "mask", "where": "A:45-62", "track": "sequence"}``."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Edits for a prompt of ``length`` residues; ``author`` and ``summary`` are one line each."""

    author: str
    summary: str
    length: int
    edits: tuple[dict[str, Any], ...]

    @classmethod
    def create(cls, prompt: Prompt, edits: Sequence[Edit], author: str, summary: str) -> "Proposal":
        """A proposal for this prompt. Raises PromptError or SelectionError if it does not fit."""
        proposal = cls(
            _line(author, "author"), _line(summary, "summary"), len(prompt), _read(edits)
        )
        if proposal.applied(prompt).same_as(prompt):
            raise PromptError("these edits change nothing; the prompt is so already")
        return proposal

    @classmethod
    def parse(cls, text: str | bytes) -> "Proposal":
        """Read the JSON that ``text`` writes; raises PromptError for anything wrong in it."""
        try:
            content = json.loads(text)
            length = content["length"]
            if isinstance(length, bool) or not isinstance(length, int):
                raise PromptError(f"length is a number of residues, not {length!r}")
            author, summary = (
                _line(content["author"], "author"),
                _line(content["summary"], "summary"),
            )
            return cls(author, summary, length, _read(content["edits"]))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise PromptError(f"this is no proposal: {clean_name(repr(error))}") from None

    @property
    def text(self) -> str:
        """The proposal as JSON."""
        return json.dumps(asdict(self), indent=1)

    @property
    def label(self) -> str:
        """The label of its step in the history, once it is accepted."""
        return f"{self.summary} (proposed by {self.author})"

    def applied(self, prompt: Prompt) -> Prompt:
        """The prompt with these edits. Raises PromptError or SelectionError."""
        if len(prompt) != self.length:
            raise PromptError(
                f"the proposal is for {self.length} residues; the prompt has {len(prompt)} by now"
            )
        return edited(prompt, self.edits)


def edited(prompt: Prompt, edits: Sequence[Edit]) -> Prompt:
    """The prompt after these edits, one after the other."""
    for edit in _read(edits):
        arguments = {name: value for name, value in edit.items() if name != "call"}
        try:
            prompt = getattr(prompt, edit["call"])(**arguments)
        except (TypeError, ValueError) as error:
            if isinstance(error, WorkbenchError):
                raise
            raise PromptError(f"{edit['call']} cannot do this: {error}") from None
    return prompt


def changed(before: Prompt, after: Prompt) -> dict[Track, str]:
    """Residues that differ, in the file's numbering, by track; tracks without any are left out."""
    selections = {}
    for track in Track:
        at = changed_at(before, after, track).nonzero()[0]
        if len(at):
            selections[track] = format_selection(at, after.template)
    return selections


def _read(edits: object) -> tuple[dict[str, Any], ...]:
    if not isinstance(edits, list | tuple) or not 0 < len(edits) <= MOST_EDITS:
        raise PromptError(f"edits are a list of 1 to {MOST_EDITS} calls")
    return tuple(_call(edit) for edit in edits)


def _call(edit: object) -> dict[str, Any]:
    if not isinstance(edit, Mapping) or edit.get("call") not in CALLS:
        raise PromptError(f"an edit names one of these calls: {', '.join(CALLS)}")
    name = str(edit["call"])
    takes = CALLS[name]
    lacking = [
        argument for argument in takes if argument not in edit and (name, argument) not in OPTIONAL
    ]
    other = [argument for argument in edit if argument not in (*takes, "call")]
    if lacking or other:
        raise PromptError(f"{name} takes {' and '.join(takes)}; got {', '.join(map(str, edit))}")
    for argument in takes:
        if argument in edit and not _is_plain(edit[argument], name, argument):
            raise PromptError(
                f"{argument} of {name} is a text, not {type(edit[argument]).__name__}"
            )
    return dict(edit)


def _is_plain(value: object, call: str, name: str) -> bool:
    if (call, name) == ("paint", "value"):
        return value is None or isinstance(value, str | int | float)
    if name == "track" and isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str)


def _line(text: object, what: str) -> str:
    if not isinstance(text, str) or not text.strip():
        raise PromptError(f"a proposal has an {what}, a line of text")
    return clean_name(text)
