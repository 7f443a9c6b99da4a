"""Residue annotations: up to 16 labels on a residue, single residues included, three states."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from reference import import_reference

from workbench.errors import PromptError
from workbench.protein import FunctionAnnotation
from workbench.tokenizers.annotations import (
    choose_annotations,
    decode_annotations,
    encode_annotations,
)
from workbench.vocabulary import RESIDUE_LABELS_FILE, ResidueVocabulary


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A label table with ties, repeated labels, commas and a description without a label."""
    rows = ["label,label_clean,count", "Unnamed,,9000"]
    for i in range(30):
        rows.append(f'"Site {i}, long description",site {i % 20},{1000 + 10 * (i % 7)}')
    (tmp_path / RESIDUE_LABELS_FILE).write_text("\n".join(rows) + "\n", "utf-8")
    return tmp_path


@pytest.fixture
def vocabulary(folder) -> ResidueVocabulary:
    return ResidueVocabulary.load(folder)


@pytest.fixture
def oracle(monkeypatch, folder):
    import_reference()
    import esm.tokenization.residue_tokenizer as residue_tokenizer

    monkeypatch.setattr(residue_tokenizer, "AnyPath", Path)
    return residue_tokenizer.ResidueAnnotationsTokenizer(str(folder / RESIDUE_LABELS_FILE))


def test_labels_have_the_reference_s_ids(oracle, vocabulary):
    assert [None] * 4 + list(vocabulary.labels) == [None] * 4 + oracle.vocabulary[4:]
    assert vocabulary.size == len(oracle.vocabulary)


def test_rows_hold_the_reference_s_ids(oracle, vocabulary):
    random = np.random.default_rng(0)
    starts = random.integers(0, 50, 25)
    stops = np.minimum(starts + random.integers(1, 9, 25), 50)
    descriptions = [f"Site {i}, long description" for i in random.integers(0, 30, 25)]
    sequence = "A" * 50
    sample = {
        "interpro_site_descriptions": descriptions,
        "interpro_site_starts": (starts + 1).tolist(),
        "interpro_site_ends": stops.tolist(),
        "interpro_site_residues": [
            "A" * int(n) for n in stops - starts
        ],
    }  # fmt: skip
    theirs = oracle.encode(oracle.tokenize(sample, sequence), add_special_tokens=False).numpy()
    annotations = [
        FunctionAnnotation(label, int(start), int(stop))
        for label, start, stop in zip(descriptions, starts, stops, strict=True)
    ]
    ours = encode_annotations(annotations, np.ones(50, bool), vocabulary)
    assert np.array_equal(np.sort(ours, axis=1), np.sort(theirs, axis=1))
    assert (ours[:, 1] > 0).any()


def test_a_label_on_one_residue_comes_back(vocabulary):
    given = (FunctionAnnotation("site 4", 7, 8), FunctionAnnotation("site 2", 9, 10))
    ids = encode_annotations(given, np.zeros(10, bool), vocabulary)
    assert np.flatnonzero(ids.any(-1)).tolist() == [7, 9]
    assert decode_annotations(ids, vocabulary) == given


def test_overlapping_labels_come_back_each_on_its_residues(vocabulary):
    given = (
        FunctionAnnotation("site 1", 0, 6),
        FunctionAnnotation("site 2", 3, 9),
        FunctionAnnotation("site 1", 8, 9),
    )
    ids = encode_annotations(given, np.zeros(12, bool), vocabulary)
    assert (ids[4] > 0).sum() == 2
    assert decode_annotations(ids, vocabulary) == given


def test_a_residue_is_given_masked_or_explicitly_none(vocabulary):
    none = np.zeros(6, bool)
    none[2:] = True
    ids = encode_annotations([FunctionAnnotation("site 1", 1, 3)], none, vocabulary)
    assert ids[0].tolist() == [0] * 16
    assert ids[1].tolist() == ids[2].tolist() == [vocabulary.id_of("site 1"), *[0] * 15]
    assert ids[3].tolist() == [3, *[0] * 15]
    assert decode_annotations(ids, vocabulary) == (FunctionAnnotation("site 1", 1, 3),)


def test_sixteen_labels_fit_on_a_residue_and_the_seventeenth_is_refused(vocabulary):
    given = [FunctionAnnotation(f"site {i}", 3, 4) for i in range(17)]
    ids = encode_annotations(given[:16], np.zeros(5, bool), vocabulary)
    assert (ids[3] > 3).all()
    with pytest.raises(PromptError, match="residue 3 carries 17 residue annotations"):
        encode_annotations(given, np.zeros(5, bool), vocabulary)


def test_an_unknown_label_or_range_is_refused_with_a_hint(vocabulary, tmp_path):
    none = np.zeros(5, bool)
    with pytest.raises(PromptError, match=r"'site' is no residue annotation.*near it are 'site "):
        encode_annotations([FunctionAnnotation("site", 0, 1)], none, vocabulary)
    with pytest.raises(PromptError, match="ends at 6, beyond this protein of 5"):
        encode_annotations([FunctionAnnotation("site 1", 0, 6)], none, vocabulary)
    bare = ResidueVocabulary.load(tmp_path / "nowhere")
    with pytest.raises(PromptError, match="the residue annotation track is off"):
        encode_annotations([FunctionAnnotation("site 1", 0, 1)], none, bare)


def test_labels_of_at_least_a_half_are_chosen_as_the_reference_chooses_them():
    import_reference()
    sampling = sys.modules.get("esm.utils.sampling") or pytest.skip("oracle without sampling")
    torch.manual_seed(0)
    logits = torch.randn(40, 24) * 2
    logits[:, :4] = -9.0
    logits[5] = -1.0
    theirs, _ = sampling.sample_residue_annotation_logits(logits[None].clone())
    ours = choose_annotations(logits.sigmoid().numpy())
    assert ours[5].tolist() == [3, *[0] * 15]
    ours[5] = 0
    assert np.array_equal(ours, theirs[0].numpy())


def test_special_ids_are_never_chosen_as_labels():
    chance = np.zeros((2, 24))
    chance[:, :4] = 0.99
    chance[1, 9] = 0.5
    assert choose_annotations(chance).tolist() == [[3, *[0] * 15], [9, *[0] * 15]]
