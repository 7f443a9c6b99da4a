"""Clicks at random in a real page; ``ui.random_clicks`` walks longer by hand."""

from .lab import LabPage
from .random_clicks import walk


def test_whatever_is_clicked_the_page_shows_what_the_engine_has(lab_page: LabPage):
    assert len(walk(lab_page, 40, seed=3).said) == 40
