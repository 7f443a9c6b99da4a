"""Keywords of training chains, and the vocabulary that a model is trained with."""

import numpy as np
import pytest
from annotation_tables import CHAINS, write_tables

from workbench.errors import CheckpointError
from workbench.protein import FunctionAnnotation
from workbench.tokenizers.function import encode_function
from workbench.training.families import Families, build_vocabulary, save_vocabulary
from workbench.vocabulary import FunctionVocabulary


@pytest.fixture
def families(tmp_path) -> Families:
    return Families.read(write_tables(tmp_path / "annotations"))


def test_a_chain_has_the_words_of_all_its_families_and_no_empty_ones(families):
    words = families.keywords("PF00003;PF00004")
    assert {"zinc", "ion", "binding", "zinc ion", "ion binding", "transcription"} <= words
    assert not words & {"of", "regulation of", "of transcription"}
    assert families.keywords("") == families.keywords("PF99999") == frozenset()


def test_a_keyword_is_a_word_that_several_families_share(families):
    vocabulary = build_vocabulary(CHAINS, families)
    assert {"kinase", "kinase activity", "atp binding", "zinc ion"} <= set(vocabulary.keywords)
    assert not {"lipid", "transcription", "protein kinase"} & set(vocabulary.keywords)
    rarity = dict(zip(vocabulary.keywords, vocabulary.idf, strict=True))
    assert rarity["binding"] < rarity["kinase"]


def test_entries_with_the_same_keywords_are_one_with_the_shortest_name(families):
    vocabulary = build_vocabulary(CHAINS, families)
    assert set(vocabulary.entries) == {"IPR000001", "IPR000003"}
    assert [term.label for term in vocabulary.search("kinase, short")] == ["IPR000001"]


def test_a_saved_vocabulary_makes_the_same_tokens(families, tmp_path):
    vocabulary = build_vocabulary(CHAINS, families)
    save_vocabulary(vocabulary, tmp_path / "model")
    read = FunctionVocabulary.load(tmp_path / "model")
    assert read.note == ""
    assert (read.keywords, read.entries) == (vocabulary.keywords, vocabulary.entries)
    annotations = [FunctionAnnotation("IPR000001", 0, 4), FunctionAnnotation("zinc", 2, 6)]
    nothing = np.zeros(6, bool)
    assert np.array_equal(
        encode_function(annotations, nothing, read),
        encode_function(annotations, nothing, vocabulary),
    )


def test_a_missing_table_is_named(tmp_path):
    folder = write_tables(tmp_path / "annotations")
    (folder / "interpro2go.txt.gz").unlink()
    with pytest.raises(CheckpointError, match=r"annotations has no interpro2go"):
        Families.read(folder)
