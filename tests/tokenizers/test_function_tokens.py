"""Function annotations become the reference's tokens, with three states per residue, and back."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from invented_tables import write_function_tables, write_planes
from reference import import_reference

from workbench import vocabulary as module
from workbench.errors import PromptError
from workbench.protein import FunctionAnnotation
from workbench.tokenizers.function import (
    annotation_ranges,
    choose_function,
    encode_function,
    name_keywords,
)
from workbench.vocabulary import FunctionVocabulary

TABLE_ARGUMENTS = {
    "lsh_path": module.HYPERPLANES_FILE,
    "keyword_vocabulary_path": module.KEYWORDS_FILE,
    "keyword_idf_path": module.IDF_FILE,
    "interpro_entry_path": module.ENTRIES_FILE,
    "interpro2keywords_path": module.ENTRY_KEYWORDS_FILE,
}
READERS = ("tokenization.function_tokenizer", "utils.function.tfidf", "utils.function.lsh",
           "utils.function.interpro")  # fmt: skip


@pytest.fixture(scope="module")
def oracle():
    """The reference's tokenizer module, reading local files without its cloud package."""
    import_reference()
    with pytest.MonkeyPatch.context() as patch:
        for name in READERS:
            reader = sys.modules[f"esm.{name}"]
            if hasattr(reader, "AnyPath"):
                patch.setattr(reader, "AnyPath", Path)
        yield sys.modules["esm.tokenization.function_tokenizer"]


@pytest.fixture(scope="module")
def published(tmp_path_factory, oracle) -> Path:
    """The tables that the reference package carries, with made-up hyperplanes."""
    folder = tmp_path_factory.mktemp("published")
    for name in (*TABLE_ARGUMENTS.values(),):
        carried = Path(oracle.__file__).parents[1] / "data" / name
        if carried.is_file():
            (folder / name).symlink_to(carried)
    keywords = len((folder / module.KEYWORDS_FILE).read_text("utf-8").strip().split("\n"))
    write_planes(folder / module.HYPERPLANES_FILE, keywords, seed=1)
    return folder


def drawn(vocabulary: FunctionVocabulary, length: int, count: int, seed: int):
    """Overlapping annotations, half entries and half keywords; single residues among them."""
    random = np.random.default_rng(seed)
    accessions = sorted(vocabulary.entry_keywords)
    labels = []
    for i in range(count):
        start = int(random.integers(length))
        stop = start + 1 if i % 4 == 0 else int(random.integers(start, length)) + 1
        label = random.choice(accessions if i % 2 else list(vocabulary.keywords))
        labels.append(FunctionAnnotation(str(label), start, stop))
    return labels


def reference_ids(oracle, folder: Path, annotations, length: int) -> np.ndarray:
    tokenizer = oracle.InterProQuantizedTokenizer(
        **{argument: folder / name for argument, name in TABLE_ARGUMENTS.items()}
    )
    theirs = [oracle.FunctionAnnotation(a.label, a.start + 1, a.stop) for a in annotations]
    tokens = tokenizer.tokenize(theirs, length)
    return tokenizer.encode(tokens, add_special_tokens=False).numpy()


@pytest.mark.parametrize("seed", range(4))
def test_tokens_of_an_invented_vocabulary_are_the_reference_s(oracle, tmp_path, seed):
    folder = write_function_tables(tmp_path, seed)
    vocabulary = FunctionVocabulary.load(folder)
    annotations = [*drawn(vocabulary, 60, 12, seed), FunctionAnnotation("IPR000099", 58, 60)]
    ours = encode_function(annotations, np.ones(60, bool), vocabulary)
    assert np.array_equal(ours, reference_ids(oracle, folder / "data", annotations, 60))
    assert (ours >= 4).any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_tokens_of_the_keywords_that_the_reference_carries_are_the_reference_s(
    oracle, published, dtype
):
    write_planes(published / module.HYPERPLANES_FILE, 58641, seed=2, dtype=dtype)
    vocabulary = FunctionVocabulary.load(published)
    annotations = drawn(vocabulary, 200, 24, seed=7)
    ours = encode_function(annotations, np.ones(200, bool), vocabulary)
    assert np.array_equal(ours, reference_ids(oracle, published, annotations, 200))


def test_words_and_pairs_of_words_are_taken_from_names_as_the_reference_takes_them(
    oracle, published
):
    names = [term.name for term in FunctionVocabulary.load(published).entries.values()][::40]
    names += [
        "Biological_process, N-like domain",
        "DNA-binding domain; 5'-3' (C)",
        "cellular process",
    ]
    assert name_keywords(names) == oracle._texts_to_keywords(names)
    assert name_keywords(["Zinc finger, C2H2-type"]) == [
        "zinc", "finger", "zinc finger", "c2h2", "type", "c2h2 type",
    ]  # fmt: skip


def test_a_residue_is_given_masked_or_explicitly_none(tmp_path):
    vocabulary = FunctionVocabulary.load(write_function_tables(tmp_path, 0))
    none = np.zeros(10, bool)
    none[6:] = True
    ids = encode_function([FunctionAnnotation("word3", 2, 4)], none, vocabulary)
    assert (ids[[0, 1, 4, 5]] == 0).all()
    assert (ids[2:4] >= 4).all()
    assert (ids[6:] == 3).all()


def test_a_single_residue_and_the_last_residue_can_be_annotated(tmp_path):
    vocabulary = FunctionVocabulary.load(write_function_tables(tmp_path, 0))
    ids = encode_function([FunctionAnnotation("word3", 9, 10)], np.zeros(10, bool), vocabulary)
    assert np.flatnonzero(ids.any(-1)).tolist() == [9]


def test_an_annotation_changes_no_tokens_away_from_its_residues(tmp_path):
    vocabulary = FunctionVocabulary.load(write_function_tables(tmp_path, 0))
    first = FunctionAnnotation("IPR000003", 0, 8)
    alone = encode_function([first], np.zeros(12, bool), vocabulary)
    beside = encode_function(
        [first, FunctionAnnotation("IPR000004", 5, 12)], np.zeros(12, bool), vocabulary
    )
    assert np.array_equal(alone[:5], beside[:5])
    assert not np.array_equal(alone[5:8], beside[5:8])


def test_an_unknown_label_is_refused_with_labels_near_it(tmp_path):
    vocabulary = FunctionVocabulary.load(write_function_tables(tmp_path, 0))
    none = np.zeros(10, bool)
    with pytest.raises(PromptError, match=r"'ord3' is no InterPro entry or keyword.*near it are"):
        encode_function([FunctionAnnotation("ord3", 0, 4)], none, vocabulary)
    with pytest.raises(PromptError, match="search the vocabulary"):
        encode_function([FunctionAnnotation("IPR999999", 0, 4)], none, vocabulary)


def test_an_annotation_beyond_the_protein_is_refused(tmp_path):
    vocabulary = FunctionVocabulary.load(write_function_tables(tmp_path, 0))
    with pytest.raises(PromptError, match="ends at 11, beyond this protein of 10"):
        encode_function([FunctionAnnotation("word3", 0, 11)], np.zeros(10, bool), vocabulary)


def test_without_tables_masks_and_none_still_work_and_labels_are_refused_with_the_reason(tmp_path):
    vocabulary = FunctionVocabulary.load(tmp_path)
    none = np.array([True, False])
    assert encode_function([], none, vocabulary).tolist() == [[3] * 8, [0] * 8]
    with pytest.raises(PromptError, match=r"'kinase' cannot be asked for: the function track is"):
        encode_function([FunctionAnnotation("kinase", 0, 1)], none, vocabulary)


def test_ranges_are_joined_over_small_gaps_and_short_ones_dropped():
    row = np.full(40, -1)
    row[0:3], row[6:9] = 0, 0  # a gap of three: one range of nine
    row[13:17] = 0  # a gap of four, four residues: dropped
    row[30:35] = 1
    present = np.array([[True, False], [False, True]])
    assert annotation_ranges(row, present, ("kinase", "kringle")) == [
        FunctionAnnotation("kinase", 0, 9),
        FunctionAnnotation("kringle", 30, 35),
    ]
    assert annotation_ranges(row, present, ("kinase", "kringle"), gap=0, shortest=4) == [
        FunctionAnnotation("kinase", 13, 17),
        FunctionAnnotation("kringle", 30, 35),
    ]


def test_none_is_chosen_where_its_chance_averages_above_a_twentieth_and_never_table_by_table():
    chance = torch.full((3, 8, 260), 1e-6)
    chance[:, :, 77] = 0.9
    chance[0, 0, 3], chance[0, 0, 77] = 0.2, 0.7  # an average of 0.03 over the tables
    chance[1, :, 3] = 0.06
    chance[2, :, 0] = 5.0  # padding is no value of a residue
    ids = choose_function(chance.log())
    assert (ids[0] == 77).all()
    assert (ids[1] == 3).all()
    assert (ids[2] == 77).all()


def test_chosen_function_tokens_are_the_reference_s(oracle):
    sampling = sys.modules.get("esm.utils.sampling") or pytest.skip("oracle without sampling")
    tokenizer = oracle.InterProQuantizedTokenizer()
    torch.manual_seed(0)
    logits = torch.randn(1, 50, 8, 260) * 3
    logits[..., :3] = -30.0
    logits[:, ::2, :, 3] -= 10.0
    logits[:, 1::4, :, 3] += 9.0
    theirs, _ = sampling.sample_function_logits(logits.clone(), tokenizer)
    ours = choose_function(logits[0])
    assert torch.equal(ours, theirs[0])
    assert 0 < (ours == 3).all(-1).sum() < 50
