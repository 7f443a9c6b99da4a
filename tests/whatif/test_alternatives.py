"""What the model would choose, against plain passes of the reference package."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from esm_tables import COLUMNS
from toys import SEQUENCE, batches

from workbench.constants import AMINO_ACIDS
from workbench.errors import PromptError
from workbench.tracks import Track
from workbench.whatif.alternatives import alternatives
from workbench.whatif.asking import Stopped
from workbench.whatif.batches import TOKENS_AT_ONCE

TRACKS_ASKED = [Track.SEQUENCE, Track.STRUCTURE, Track.SS8, Track.SASA]


@pytest.mark.parametrize("track", TRACKS_ASKED)
def test_probabilities_are_those_of_a_plain_pass_with_the_cell_masked(reference, mixed, track):
    ours = alternatives(reference.model, mixed, track=track)
    for i in range(len(mixed)):
        logits = getattr(reference.forward(mixed.mask([i], track)), track.value)[i]
        expected = logits[COLUMNS[track]][: reference.model.config.used_codes].softmax(-1)
        found_here = torch.from_numpy(ours.probabilities[i])
        torch.testing.assert_close(found_here[: len(expected)], expected, atol=2e-5, rtol=0)
        assert not found_here[len(expected) :].any()


def test_one_pass_answers_all_masked_cells(model, mixed):
    at = np.flatnonzero(mixed.masked("sequence"))
    with batches(model.trunk) as rows:
        alternatives(model, mixed, at)
    assert rows == [1]


def test_a_given_cell_takes_a_row_and_shares_the_pass_of_its_neighbours(model, mixed):
    with batches(model.trunk) as rows:
        alternatives(model, mixed, range(2, 12))
    assert rows == [1 + 5]


@pytest.mark.parametrize(
    ("track", "choice"),
    [("sequence", "M"), ("ss8", "C"), ("sasa", "0–0.8 Å²")],
)
def test_given_and_native_choices_are_marked(model, mixed, track, choice):
    painted = mixed.mask([0], track)
    whole, less = (alternatives(model, prompt, [0, 5], track) for prompt in (mixed, painted))
    assert whole.choices[whole.given[0]] == whole.choices[whole.native[0]] == choice
    assert less.given.tolist() == [-1, -1]
    assert less.choices[less.native[0]] == choice
    assert less.masked.all()


def test_entropy_counts_the_choices_that_are_left(model, given):
    answers = alternatives(model, given)
    flat = replace(answers, probabilities=np.full((len(given), 20), 0.05))
    assert np.allclose(flat.entropy, np.log(20))
    sure = replace(answers, probabilities=np.eye(20)[[3] * len(given)])
    assert np.allclose(sure.entropy, 0)


def test_the_table_names_residues_as_the_file_does(model, mixed):
    table = alternatives(model, mixed, [1, 12]).table()
    assert table.index.tolist() == ["A:2", "B:13"]
    assert table.columns.tolist() == list(AMINO_ACIDS)
    assert np.allclose(table.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("track", ["function", "residue"])
def test_tracks_with_several_values_at_once_are_refused(model, given, track):
    with pytest.raises(PromptError, match=r"several .* values at once; ask of sequence"):
        alternatives(model, given, track=track)


def test_long_work_tells_how_far_it_is_and_can_be_stopped(model, given, monkeypatch):
    monkeypatch.setitem(TOKENS_AT_ONCE, "cpu", 4 * 24)
    progress = []
    alternatives(model, given, progress=lambda done, rows: progress.append((done, rows)))
    assert progress == [(n, len(SEQUENCE)) for n in (4, 8, 12, 16, 20, 22)]
    with pytest.raises(Stopped, match="stopped after 8 of 22 rows"):
        alternatives(model, given, progress=lambda done, _: done < 8)
