"""Vocabulary search: finds keywords, InterPro entries and residue labels by their text.

They come from the model's tables; before it is loaded, from its folder.
"""

import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from workbench.embedded import embedded_models
from workbench.tracks import Track
from workbench.vocabulary import FunctionVocabulary, ResidueVocabulary, relevance

LIMIT = 40
FUNCTION_ROW, RESIDUE_ROW = (list(Track).index(track) for track in (Track.FUNCTION, Track.RESIDUE))


class VocabularySearch:
    """Searches the vocabularies of what ``model`` returns: a Model, a name or a folder."""

    def __init__(self, model: Callable[[], object]) -> None:
        self._model = model

    def search(self, text: str) -> list[dict]:
        """Best matches first: label, name, kind and the row they are painted on."""
        words, sites = self._vocabularies()
        hits = [(term, FUNCTION_ROW) for term in words.search(text, LIMIT)]
        hits += [(term, RESIDUE_ROW) for term in sites.search(text, LIMIT)]
        hits.sort(key=lambda hit: relevance(hit[0], text))
        return [
            {"label": term.label, "name": term.name, "kind": term.kind, "row": row}
            for term, row in hits[:LIMIT]
        ]

    @property
    def function_vocabulary(self) -> FunctionVocabulary:
        """Keywords and InterPro entries."""
        return self._vocabularies()[0]

    @property
    def residue_vocabulary(self) -> ResidueVocabulary:
        """Labels of sites."""
        return self._vocabularies()[1]

    def name_of(self, label: str) -> str:
        """What people call the entry of this label; the label itself where it is not known."""
        words = self._vocabularies()[0]
        term = words.entries.get(label.upper()) or words.resolve(label)
        return label if term is None else term.name

    @property
    def notes(self) -> list[str]:
        """Why there is nothing to find on a track; empty where all tables are there."""
        return [tables.note for tables in self._vocabularies() if tables.note]

    def _vocabularies(self) -> tuple[FunctionVocabulary, ResidueVocabulary]:
        model = self._model()
        if isinstance(model, str | os.PathLike):
            return self._of_folder
        return model.function_vocabulary, model.residue_vocabulary  # type: ignore[attr-defined]

    @cached_property
    def _of_folder(self) -> tuple[FunctionVocabulary, ResidueVocabulary]:
        name = os.fspath(self._model())  # type: ignore[arg-type]
        folder = embedded_models().get(name, Path(name))
        return FunctionVocabulary.load(folder), ResidueVocabulary.load(folder)
