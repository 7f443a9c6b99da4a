"""Embeddings are the reference package's, alone and in a batch."""

import numpy as np
import pytest
from ideal_chains import strand
from toys import SEQUENCE, batches

from workbench.errors import PromptError
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.whatif.embedding import embed


def test_embeddings_are_the_reference_s(reference, mixed, given):
    for prompt in (mixed, given):
        expected = reference.forward(prompt).embeddings
        assert np.allclose(embed(reference.model, prompt), expected, atol=1e-4)


@pytest.mark.parametrize("layer", [0, 1, -1, -2])
def test_every_layer_is_the_reference_s(reference, mixed, layer):
    expected = reference.forward(mixed).layers[layer]
    assert np.allclose(embed(reference.model, mixed, layer), expected, atol=1e-4)


def test_proteins_of_all_lengths_share_passes_and_keep_their_order(model, given):
    proteins = [
        Protein(SEQUENCE[:n], strand(n)) if n % 2 else Protein(SEQUENCE[:n]) for n in (5, 22, 9, 14)
    ]
    with batches(model.trunk.transformer.blocks[0]) as rows:
        together = embed(model, proteins)
    assert rows == [4]
    for protein, embedding in zip(proteins, together, strict=True):
        assert np.allclose(embedding, embed(model, protein), atol=1e-4)


def test_a_protein_is_read_with_its_coordinates(model, given):
    assert np.array_equal(embed(model, given.template), embed(model, given))
    bare = embed(model, Prompt.from_protein(given.template, ["sequence"]))
    assert np.abs(bare - embed(model, given)).max() > 1e-3


def test_pooled_embeddings_are_means_over_residues(model, mixed, given):
    pooled = embed(model, [mixed, given], pooled=True)
    assert np.allclose(pooled[0], embed(model, mixed).mean(0), atol=1e-4)
    assert np.stack(pooled).shape == (2, model.config.trunk.width)


def test_a_layer_that_there_is_not_is_refused(model, given):
    with pytest.raises(PromptError, match="toy has no layer 7; give 0 to"):
        embed(model, given, 7)
