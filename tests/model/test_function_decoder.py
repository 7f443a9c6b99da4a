"""The function-token decoder is the reference's, and reads annotations off tokens."""

from pathlib import Path

import numpy as np
import pytest
import torch
from reference_networks import reference_function_decoder
from toys import given_weights

from workbench.errors import PromptError
from workbench.model.config import FunctionDecoderConfig
from workbench.model.function_decoder import FunctionDecoder
from workbench.tokenizers.function import decode_function
from workbench.vocabulary import FunctionVocabulary, Term

CONFIGS = [
    FunctionDecoderConfig(64, 2, 1, 30, 12),
    FunctionDecoderConfig(64, 4, 2, 50, 20),
    FunctionDecoderConfig(128, 8, 3, 17, 40),
]
TOLERANCE = 1e-4


def vocabulary_of(config: FunctionDecoderConfig) -> FunctionVocabulary:
    accessions = [f"IPR{i:06}" for i in range(config.entries)]
    return FunctionVocabulary(
        keywords=tuple(f"word{i}" for i in range(config.keywords)),
        entries={accession: Term(accession, "entry", "Domain") for accession in accessions},
    )


def same_weights(config: FunctionDecoderConfig, scratch: Path):
    """The reference's decoder with random weights, and ours with the same."""
    oracle = given_weights(reference_function_decoder(config, scratch), seed=config.layers)
    decoder = FunctionDecoder(config)
    decoder.load_state_dict(oracle.state_dict())
    return oracle, decoder.eval()


def drawn_tokens(length: int, seed: int) -> torch.Tensor:
    """Runs of the same tokens, with masked, none and unknown residues between them."""
    random = np.random.default_rng(seed)
    kinds = random.integers(4, 260, (6, 8))
    kinds[0], kinds[1], kinds[2] = 0, 3, 2
    return torch.from_numpy(np.repeat(kinds[random.integers(0, 6, length)], 4, axis=0)[:length])


@pytest.mark.parametrize("config", CONFIGS, ids=lambda c: f"{c.layers} layers of {c.width}")
@torch.inference_mode()
def test_every_output_is_the_reference_s(tmp_path, config):
    oracle, decoder = same_weights(config, tmp_path)
    torch.manual_seed(1)
    tokens = torch.cat([torch.randint(4, 260, (20, 8)), drawn_tokens(20, seed=1)])
    expected, ours = oracle(tokens), decoder(tokens)
    assert set(ours) == set(expected)
    for name, values in expected.items():
        torch.testing.assert_close(ours[name], values, atol=TOLERANCE, rtol=0)


@pytest.mark.parametrize("config", CONFIGS, ids=lambda c: f"{c.layers} layers of {c.width}")
def test_decoded_annotations_are_the_reference_s(tmp_path, config):
    oracle, decoder = same_weights(config, tmp_path)
    ids = drawn_tokens(120, seed=2)
    tokenizer = type("T", (), {"depth": 8, "vocab_to_index": {"<pad>": 0, "<none>": 3, "<unk>": 2}})
    with torch.inference_mode():
        theirs = oracle.decode(ids, tokenizer)
    expected = {
        (annotation.label, annotation.start, annotation.end + 1)
        for name in ("function_keywords", "interpro_annotations")
        for annotation in theirs[name]
    }
    ours = decode_function(ids.numpy(), decoder, vocabulary_of(config))
    assert {
        (annotation.label, annotation.start, annotation.stop) for annotation in ours
    } == expected
    assert len(ours) == len(expected) > 0


def test_distinct_rows_are_decoded_once_and_rows_without_function_tokens_never():
    decoder = FunctionDecoder(CONFIGS[0]).eval()
    seen = []
    decoder.embedding.register_forward_pre_hook(lambda _, inputs: seen.append(len(inputs[0])))
    tokens = torch.tensor([[0] * 8, [9] * 8, [9] * 8, [3] * 8, [7] * 8, [9] * 7 + [2], [9] * 8])
    read = decoder.read(tokens)
    assert sum(seen) == 2
    assert read.row.tolist() == [-1, 1, 1, -1, 0, -1, 1]
    assert read.keywords.shape == (2, CONFIGS[0].keywords)
    assert decoder.read(tokens[[0, 3]]).row.tolist() == [-1, -1]
    assert sum(seen) == 2


def test_masked_proteins_decode_to_no_annotation():
    decoder = FunctionDecoder(CONFIGS[0]).eval()
    assert decode_function(np.zeros((5, 8), np.int64), decoder, vocabulary_of(CONFIGS[0])) == ()


def test_a_vocabulary_of_another_size_is_refused():
    decoder = FunctionDecoder(CONFIGS[0]).eval()
    with pytest.raises(PromptError, match="knows 30 keywords and 12 entries, the vocabulary 50"):
        decode_function(np.zeros((5, 8), np.int64), decoder, vocabulary_of(CONFIGS[1]))
