"""Function annotations as tokens and back [Hayes et al. 2025, A.1.8].

The labels on a residue become one TF-IDF vector over the keyword vocabulary; the sides of 8 × 8
hyperplanes it lies on are 8 bytes, and a token is a byte + 4. Residues are 0-based, half-open. A
residue without labels is masked (0) unless it is said to have none (3).
"""

import string
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from scipy.sparse import csr_matrix
from torch import Tensor

from ..errors import PromptError
from ..model.function_decoder import FunctionDecoder
from ..protein import FunctionAnnotation
from ..runs import ranges
from ..tracks import FUNCTION_NONE, TRACKS, Track
from ..vocabulary import HASH_BITS, HASH_TABLES, KEYWORD, FunctionVocabulary

FIRST_BYTE = FUNCTION_NONE + 1
UNKNOWN = 2
NONE_THRESHOLD = 0.05
LONGEST_GAP = 3
SHORTEST = 5

_CATEGORIES = ("biological process", "cellular component", "cellular process", "molecular function")
_TOO_COMMON = {"binding domain", "like domain"}
_TOO_COMMON |= {form for name in _CATEGORIES for form in (name, name.replace(" ", ""))}
_NO_PUNCTUATION = str.maketrans({"-": " "} | dict.fromkeys(string.punctuation.replace("-", "")))

Vector = tuple[Int[np.ndarray, "_"], Float[np.ndarray, "_"]]


def name_keywords(names: Iterable[str]) -> list[str]:
    """Words and pairs of neighbouring words in InterPro and GO names, as often as they occur.

    Pairs do not cross ``", "``. Single characters and phrases that say nothing are left out.

    >>> name_keywords(["Zinc finger, C2H2-type"])
    ['zinc', 'finger', 'zinc finger', 'c2h2', 'type', 'c2h2 type']
    """
    terms: list[str] = []
    for name in names:
        for part in name.split(", "):
            words = part.translate(_NO_PUNCTUATION).lower().split()
            terms += words
            terms += [" ".join(pair) for pair in pairwise(words)]
    return [term for term in terms if len(term) > 1 and term not in _TOO_COMMON]


def tfidf(terms: Iterable[str], vocabulary: FunctionVocabulary) -> Vector:
    """Columns and TF-IDF values of these terms, of length 1; terms that are no keyword are left
    out.
    """
    if vocabulary.idf is None:
        raise PromptError(vocabulary.note)
    counts = Counter(term for term in terms if term in vocabulary.index)
    columns = np.array([vocabulary.index[term] for term in counts], np.int64)
    values = (1 + np.log(np.array(list(counts.values()), np.float64))) * vocabulary.idf[columns]
    return columns, values / np.linalg.norm(values) if len(values) else values


def encode_function(
    annotations: Sequence[FunctionAnnotation],
    none: Bool[np.ndarray, " length"],
    vocabulary: FunctionVocabulary,
) -> Int[np.ndarray, "length 8"]:
    """Token ids of annotations; labels win over ``none`` where both are said.

    Raises PromptError for labels that are neither an accession nor a keyword of the vocabulary, and
    for any annotation where the vocabulary lacks its tables.
    """
    spec = TRACKS[Track.FUNCTION]
    ids = np.full((len(none), spec.width), spec.mask)
    ids[none] = FUNCTION_NONE
    if not annotations:
        return ids
    if not vocabulary.available:
        raise PromptError(f"{annotations[0].label!r} cannot be asked for: {vocabulary.note}")
    edges = sorted({edge for a in annotations for edge in (a.start, a.stop)})
    if edges[-1] > len(none):
        raise PromptError(
            f"an annotation ends at {edges[-1]}, beyond this protein of {len(none)} residues"
        )
    segments = {
        start: frozenset(a.label for a in annotations if a.start <= start < a.stop)
        for start in edges[:-1]
    }
    sets = [labels for labels in dict.fromkeys(segments.values()) if labels]
    hashed = _hashed([_vector(labels, vocabulary) for labels in sets], vocabulary)
    tokens = dict(zip(sets, hashed, strict=True))
    for start, stop in pairwise(edges):
        if segments[start]:
            ids[start:stop] = tokens[segments[start]]
    return ids


def decode_function(
    ids: Int[np.ndarray, "length 8"], decoder: FunctionDecoder, vocabulary: FunctionVocabulary
) -> tuple[FunctionAnnotation, ...]:
    """Keywords and InterPro accessions that the decoder reads from tokens, by residue.

    Masked residues and those with none say nothing. Raises PromptError where the vocabulary is not
    the one that the decoder was made for.
    """
    config = decoder.config
    if (config.keywords, config.entries) != (
        len(vocabulary.keywords),
        len(vocabulary.accessions),
    ):
        raise PromptError(
            f"the function decoder knows {config.keywords} keywords and {config.entries} entries, "
            f"the vocabulary {len(vocabulary.keywords)} and {len(vocabulary.accessions)}; "
            f"use the tables of the same checkpoint. {vocabulary.note}".strip()
        )
    read = decoder.read(torch.from_numpy(ids))
    annotations = [
        *annotation_ranges(read.row, read.keywords, vocabulary.keywords),
        *annotation_ranges(read.row, read.entries, vocabulary.accessions),
    ]
    return tuple(
        sorted(
            annotations,
            key=lambda annotation: (annotation.start, -annotation.stop, annotation.label),
        )
    )


def annotation_ranges(
    row: Int[np.ndarray, " length"],
    present: Bool[np.ndarray, "rows labels"],
    labels: Sequence[str],
    gap: int = LONGEST_GAP,
    shortest: int = SHORTEST,
) -> list[FunctionAnnotation]:
    """Ranges of the labels present in each residue's ``row`` (-1: nothing).

    Ranges at most ``gap`` residues apart are one; those below ``shortest`` residues are dropped.
    """
    annotations = []
    for column in np.flatnonzero(present.any(0)).tolist():
        at = np.flatnonzero(present[row, column] & (row >= 0))
        annotations += [
            FunctionAnnotation(labels[column], start, stop)
            for start, stop in ranges(at, gap=gap)
            if stop - start >= shortest
        ]
    return annotations


def choose_function(logits: Float[Tensor, "positions 8 260"]) -> Int[Tensor, "positions 8"]:
    """None on all tables where it is likely on average, else each table's likeliest byte."""
    none = logits.float().softmax(-1)[..., FUNCTION_NONE].mean(-1) > NONE_THRESHOLD
    ids = logits[..., FIRST_BYTE:].argmax(-1) + FIRST_BYTE
    return ids.masked_fill(none[:, None], FUNCTION_NONE)


def _vector(labels: frozenset[str], vocabulary: FunctionVocabulary) -> Vector:
    """The element-wise maximum over entries; keywords together count as one more entry."""
    keywords: list[str] = []
    texts = [keywords]
    for label in sorted(labels):
        term = vocabulary.resolve(label)
        if term is None:
            near = ", ".join(hit.label for hit in vocabulary.search(label, 3))
            hint = f"; near it are {near}" if near else "; search the vocabulary for one"
            raise PromptError(f"{label!r} is no InterPro entry or keyword of this model{hint}")
        if term.kind == KEYWORD:
            keywords.append(term.label)
        else:
            texts.append(vocabulary.keywords_of(term.label))
    parts = [tfidf(text, vocabulary) for text in texts]
    columns = np.concatenate([columns for columns, _ in parts])
    values = np.concatenate([values for _, values in parts])
    order = np.argsort(columns, kind="stable")
    unique, first = np.unique(columns[order], return_index=True)
    return unique, np.maximum.reduceat(values[order], first) if len(first) else values


def _hashed(vectors: list[Vector], vocabulary: FunctionVocabulary) -> Int[np.ndarray, "sets 8"]:
    planes = vocabulary.hyperplanes
    assert planes is not None
    edges = np.cumsum([0, *(len(columns) for columns, _ in vectors)])
    rows = csr_matrix(
        (
            np.concatenate([values for _, values in vectors]),
            np.concatenate([columns for columns, _ in vectors]),
            edges,
        ),
        shape=(len(vectors), len(planes)),
    )
    bits = np.asarray(rows @ planes).reshape(-1, HASH_TABLES, HASH_BITS) >= 0
    ids = bits @ (1 << np.arange(HASH_BITS)) + FIRST_BYTE
    ids[np.diff(edges) == 0] = UNKNOWN
    return ids
