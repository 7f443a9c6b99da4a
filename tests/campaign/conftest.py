"""Prompts of the campaigns."""

import pytest

from workbench.prompt import Prompt


@pytest.fixture
def blank(prompt) -> Prompt:
    """A prompt without structure, masked in another place."""
    return Prompt.from_protein(prompt.template, ["sequence"]).mask("2-9", "sequence")


@pytest.fixture
def finished_prompt(prompt) -> Prompt:
    """Nothing is masked, so every run of it fails."""
    return Prompt.from_protein(prompt.template)
