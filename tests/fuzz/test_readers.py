"""Every reader loads what it is given or says what is wrong; ``tools/fuzz.py`` tries more."""

import random
from collections import Counter

import pytest
from fuzzing import READERS, outcome

FOUND = {"campaign": [1254], "checkpoint": [3755]}
"""Inputs that were neither: pyarrow ended the process, a table of the vocabulary was cut short."""

TRIED = {"checkpoint": 15, "campaign": 30, "record": 40}


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_a_reader_loads_or_refuses_whatever_it_is_given(reader, tmp_path):
    outcomes = Counter(
        outcome(reader.prepare(random.Random(f"{reader.name} {number}"), tmp_path))
        for number in (*FOUND.get(reader.name, ()), *range(TRIED.get(reader.name, 60)))
    )
    assert set(outcomes) <= {"loaded", "refused"}
