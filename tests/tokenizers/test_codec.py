"""What a prompt asks on the annotation tracks reaches the model as tokens, in three states."""

from dataclasses import replace

import numpy as np
import pytest
from invented_tables import write_function_tables
from toys import CHAINED, FOLDED, SEQUENCE, TOY, given_weights

from workbench import load_model
from workbench.errors import PromptError
from workbench.model.model import Model, build_part
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.tokenizers.codec import decode, decode_together, encode
from workbench.tokenizers.function import encode_function
from workbench.tokenizers.residue_tokens import ResidueTokens
from workbench.tokenizers.unread import unread
from workbench.tracks import FUNCTION_NONE, TRACKS, Track


@pytest.fixture
def annotated() -> Prompt:
    prompt = Prompt.from_protein(Protein(SEQUENCE))
    return prompt.annotate("word3", "5-9").without("12-14", Track.FUNCTION)


def test_a_keyword_leaves_the_other_residues_masked(
    model,
    annotated,
    tmp_path,
):
    reading = replace(model, folder=write_function_tables(tmp_path, seed=0))
    ids = encode(annotated, reading).function
    expected = encode_function(
        annotated.function, annotated.function_none, reading.function_vocabulary
    )
    assert np.array_equal(ids, expected)
    assert (ids[4:9] > FUNCTION_NONE).all()
    assert (ids[11:14] == FUNCTION_NONE).all()
    others = np.setdiff1d(np.arange(len(SEQUENCE)), [*range(4, 9), *range(11, 14)])
    assert (ids[others] == TRACKS[Track.FUNCTION].mask).all()
    assert unread(annotated, reading) == ()


def test_a_keyword_that_the_model_does_not_know_is_named(model, annotated, tmp_path):
    reading = replace(model, folder=write_function_tables(tmp_path, seed=0))
    with pytest.raises(PromptError, match="flying"):
        encode(annotated.annotate("flying", "3"), reading)


def test_structure_tokens_are_worked_out_once_for_all_runs_of_a_backbone(annotated_protein):
    passes, own = [], load_model("esm3-nano")
    own.structure_encoder.register_forward_hook(lambda *_: passes.append(1))
    prompt = Prompt.from_protein(annotated_protein)
    first = encode(prompt, own).structure
    again = encode(prompt.mask([3, 4], ["sequence"]), own).structure
    assert len(passes) == 1
    assert np.array_equal(first, again)
    bent = annotated_protein.coordinates.copy()
    bent[6:] = bent[6:, :, [1, 2, 0]]
    other = Prompt.from_protein(annotated_protein.with_(coordinates=bent))
    moved = encode(other, own).structure
    assert len(passes) == 2
    assert not np.array_equal(moved, first)
    assert np.array_equal(moved, encode(other, replace(own)).structure)


def test_without_tables_none_is_still_said_and_keywords_are_reported(model, annotated):
    ids = encode(annotated, model).function
    assert (ids[11:14] == FUNCTION_NONE).all()
    assert (ids[4:9] == TRACKS[Track.FUNCTION].mask).all()
    (note,) = unread(annotated, model)
    assert "1 function annotation stays in the prompt without effect" in note


def test_what_a_model_cannot_read_is_told_without_a_path_of_this_machine(
    model, annotated, tmp_path
):
    (note,) = unread(annotated.annotate("word5", "12"), replace(model, folder=tmp_path))
    assert "2 function annotations stay in the prompt without effect" in note
    assert tmp_path.name in note
    assert str(tmp_path) not in note


def test_residue_sites_and_none_reach_the_residue_track(model):
    prompt = Prompt.from_protein(Protein(SEQUENCE)).without("2", Track.RESIDUE)
    ids = encode(prompt, model).residue
    assert ids[1].tolist() == [3] + [0] * 15
    assert not ids[2:].any()


def drawn(prompt: Prompt, model, seed: int) -> ResidueTokens:
    """Tokens of a prompt with its structure drawn by lot."""
    codes = np.random.default_rng(seed).integers(0, 4096, len(prompt))
    tokens = encode(prompt, model)
    return tokens.filled(Track.STRUCTURE, np.arange(len(prompt)), codes)


@pytest.mark.parametrize("config", [TOY, CHAINED, FOLDED])
def test_a_protein_is_decoded_the_same_alone_and_among_others(config):
    parts = {name: given_weights(build_part(config, name), 2) for name in config.parts}
    model = Model(config, **parts)
    chains = Protein(SEQUENCE, chain_id=np.array(["A"] * 9 + ["B"] * 13))
    prompts = [Prompt.from_protein(protein, "sequence") for protein in (Protein("MKT"), chains)]
    prompts += [Prompt.blank(60)] * 3 + [Prompt.blank(length) for length in (3, 5, 8, 12) * 3]
    tokens = [drawn(prompt, model, seed) for seed, prompt in enumerate(prompts)]
    undrawn = encode(prompts[0], model)
    together = decode_together([*tokens, undrawn], [*prompts, prompts[0]], model)
    assert np.isnan(together[-1].coordinates).all()
    for protein, own, prompt in zip(together, tokens, prompts, strict=False):
        alone = decode(own, prompt, model)
        assert protein.confidence.pae.shape == (len(prompt), len(prompt))
        np.testing.assert_array_equal(protein.coordinates, alone.coordinates)
        for name in ("plddt", "pae", "ptm"):
            ours, expected = (getattr(p.confidence, name) for p in (protein, alone))
            np.testing.assert_array_equal(ours, expected)
