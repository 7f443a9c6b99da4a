"""Annotations of a prompt that the tables of a model cannot read. No torch."""

from functools import cached_property
from typing import Protocol, runtime_checkable

from ..prompt import Prompt
from ..vocabulary import FunctionVocabulary, ResidueVocabulary


@runtime_checkable
class Vocabularies(Protocol):
    """The tables of a model; a Model is one."""

    @cached_property
    def function_vocabulary(self) -> FunctionVocabulary: ...  # noqa: D102
    @cached_property
    def residue_vocabulary(self) -> ResidueVocabulary: ...  # noqa: D102


def unread(prompt: Prompt, model: Vocabularies) -> tuple[str, ...]:
    """Annotations of the prompt that this model cannot read, as sentences."""
    prompted = (
        ("function", prompt.function, model.function_vocabulary),
        ("residue", prompt.residue, model.residue_vocabulary),
    )
    return tuple(
        f"{len(annotations)} {name} annotation{'s stay' if len(annotations) > 1 else ' stays'} "
        f"in the prompt without effect: {tables.note}"
        for name, annotations, tables in prompted
        if annotations and not tables.available
    )
