"""What a prompt asks on the annotation tracks reaches the model as tokens, in three states."""

from dataclasses import replace

import numpy as np
import pytest
from test_function import made_up
from toys import SEQUENCE

from workbench.errors import PromptError
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.tokenizers.codec import encode, unread
from workbench.tokenizers.function import encode_function
from workbench.tracks import FUNCTION_NONE, TRACKS, Track


@pytest.fixture
def asked() -> Prompt:
    prompt = Prompt.from_protein(Protein(SEQUENCE))
    return prompt.annotate("word3", "5-9").without("12-14", Track.FUNCTION)


def test_peer_defect_4_a_keyword_leaves_the_other_residues_masked(
    model,
    asked,
    tmp_path,
):
    reading = replace(model, folder=made_up(tmp_path, seed=0))
    ids = encode(asked, reading).function
    expected = encode_function(asked.function, asked.function_none, reading.function_vocabulary)
    assert np.array_equal(ids, expected)
    assert (ids[4:9] > FUNCTION_NONE).all()
    assert (ids[11:14] == FUNCTION_NONE).all()
    others = np.setdiff1d(np.arange(len(SEQUENCE)), [*range(4, 9), *range(11, 14)])
    assert (ids[others] == TRACKS[Track.FUNCTION].mask).all()
    assert unread(asked, reading) == ()


def test_a_keyword_that_the_model_does_not_know_is_named(model, asked, tmp_path):
    reading = replace(model, folder=made_up(tmp_path, seed=0))
    with pytest.raises(PromptError, match="flying"):
        encode(asked.annotate("flying", "3"), reading)


def test_without_tables_none_is_still_said_and_keywords_are_reported(model, asked):
    ids = encode(asked, model).function
    assert (ids[11:14] == FUNCTION_NONE).all()
    assert (ids[4:9] == TRACKS[Track.FUNCTION].mask).all()
    (note,) = unread(asked, model)
    assert "1 function annotations stay in the prompt without effect" in note


def test_residue_sites_and_none_reach_the_residue_track(model):
    prompt = Prompt.from_protein(Protein(SEQUENCE)).without("2", Track.RESIDUE)
    ids = encode(prompt, model).residue
    assert ids[1].tolist() == [3] + [0] * 15
    assert not ids[2:].any()
