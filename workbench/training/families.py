"""Families: what Pfam says of training chains, in the keywords of GO, and the vocabulary they make.

The tables are Pfam → GO, InterPro → GO and the list of InterPro entries, as their makers publish
them (``pfam2go.txt.gz``, ``interpro2go*.txt.gz``, ``interpro_entry.list.tsv.gz``). A chain's
families are Pfam accessions separated by ``;``: nothing where it is not known what it has.
"""

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np

from ..atomic_files import make_folder, replacing, write_file
from ..errors import CheckpointError
from ..paths import given_path
from ..protein import Protein
from ..tokenizers.function import name_keywords
from ..vocabulary import (
    ENTRIES_FILE,
    ENTRY_KEYWORDS_FILE,
    HASH_BITS,
    HASH_TABLES,
    HYPERPLANES_FILE,
    IDF_FILE,
    KEYWORDS_FILE,
    FunctionVocabulary,
    Term,
)

FEWEST_CHAINS = 5
FEWEST_FAMILIES = 2
"""A word is a keyword when so many chains, of so many families, have it."""
EMPTY_WORDS = frozenset(
    ("of", "to", "the", "and", "in", "by", "via", "or", "for", "from", "with", "on", "at", "as")
)
PREFERRED_KINDS = ("Domain", "Family", "Homologous_superfamily")

_LINE = re.compile(r"\w+:(\w+) (.*) > GO:(.*) ; GO:\d+")


def families_of(protein: Protein) -> str:
    """The families that a chain for training is annotated with."""
    return ";".join(dict.fromkeys(annotation.label for annotation in protein.function))


@dataclass(frozen=True, slots=True)
class Families:
    """GO names of Pfam families and of InterPro entries, and the entries themselves."""

    pfam: Mapping[str, tuple[str, ...]]
    interpro: Mapping[str, tuple[str, ...]]
    entries: Mapping[str, Term]

    @classmethod
    def read(cls, folder: str | Path) -> "Families":
        """Read the three tables; a CheckpointError names the one that is missing."""
        folder = given_path(folder, CheckpointError)
        return cls(
            _go_names(_table(folder, "pfam2go*")),
            _go_names(_table(folder, "interpro2go*")),
            _entry_list(_table(folder, "interpro_entry.list*")),
        )

    def keywords(self, families: str) -> frozenset[str]:
        """Keywords of all families of a chain; none where GO says nothing of them."""
        return frozenset().union(*(_keywords(self.pfam.get(f, ())) for f in families.split(";")))


def build_vocabulary(
    chains: Iterable[str], families: Families, seed: int = 0
) -> FunctionVocabulary:
    """The keywords that these chains' families share, and one entry for each set of keywords.

    Of the InterPro entries that would have the same keywords, and so the same tokens, the one with
    the shortest name stays. Hyperplanes are random.
    """
    known = sorted({f for chain in chains for f in chain.split(";") if f})
    words = {family: _keywords(families.pfam.get(family, ())) for family in known}
    among = Counter(word for family in known for word in words[family])
    of_chains = Counter(w for chain in chains for w in families.keywords(chain))
    keywords = sorted(
        word
        for word, count in of_chains.items()
        if count >= FEWEST_CHAINS and among[word] >= FEWEST_FAMILIES
    )
    described = sum(bool(found) for found in words.values())
    idf = np.log((1 + described) / np.array([among[word] for word in keywords], np.float64))
    planes = np.random.default_rng(seed).standard_normal(
        (len(keywords), HASH_TABLES * HASH_BITS), np.float32
    )
    entries = _distinct_entries(families, frozenset(keywords))
    return FunctionVocabulary(
        keywords=tuple(keywords),
        idf=idf,
        hyperplanes=planes,
        entry_keywords={a: ",".join(sorted(found)) for a, found in entries.items()},
        entries={accession: families.entries[accession] for accession in entries},
    )


def save_vocabulary(vocabulary: FunctionVocabulary, folder: Path) -> None:
    """Write the tables where ``FunctionVocabulary.load`` finds them, by their published names."""
    assert vocabulary.idf is not None
    assert vocabulary.hyperplanes is not None
    data = make_folder(folder / "data")
    write_file(data / KEYWORDS_FILE, "\n".join(vocabulary.keywords) + "\n")
    with replacing(data / IDF_FILE) as file:
        np.save(file, vocabulary.idf)
    tables = vocabulary.hyperplanes.astype(np.float32).T.reshape(HASH_TABLES, HASH_BITS, -1)
    with replacing(data / HYPERPLANES_FILE) as file:
        np.savez_compressed(
            file,
            allow_pickle=False,
            **{str(table): planes for table, planes in enumerate(tables)},
        )
    keywords = [("interpro_id", "keywords"), *sorted(vocabulary.entry_keywords.items())]
    write_file(data / ENTRY_KEYWORDS_FILE, table_text(keywords, ","))
    entries = [("ENTRY_AC", "ENTRY_TYPE", "ENTRY_NAME")] + [
        (accession, term.kind.replace(" ", "_"), term.name)
        for accession, term in sorted(vocabulary.entries.items())
    ]
    write_file(data / ENTRIES_FILE, table_text(entries, "\t"))


def table_text(rows: Iterable[tuple[str, ...]], delimiter: str) -> str:
    """Rows as the text of a table, fields quoted where they have to be."""
    text = StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _keywords(names: Iterable[str]) -> frozenset[str]:
    words = name_keywords(names)
    return frozenset(
        word for word in words if not {word.split()[0], word.split()[-1]} & EMPTY_WORDS
    )


def _distinct_entries(families: Families, keywords: frozenset[str]) -> dict[str, frozenset[str]]:
    chosen: dict[frozenset[str], str] = {}

    def preference(accession: str) -> tuple[int, int, str]:
        term = families.entries[accession]
        kind = term.kind.replace(" ", "_")
        usual = PREFERRED_KINDS.index(kind) if kind in PREFERRED_KINDS else len(PREFERRED_KINDS)
        return usual, len(term.name), accession

    for accession, names in families.interpro.items():
        words = _keywords(names) & keywords
        if words and accession in families.entries:
            rival = chosen.get(words)
            if rival is None or preference(accession) < preference(rival):
                chosen[words] = accession
    return {accession: words for words, accession in chosen.items()}


def _table(folder: Path, pattern: str) -> Path:
    paths = sorted(folder.glob(pattern))
    if not paths:
        raise CheckpointError(f"{folder} has no {pattern}: the function track needs that table")
    return paths[0]


def _go_names(path: Path) -> dict[str, tuple[str, ...]]:
    names: dict[str, list[str]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            match = _LINE.match(line)
            if match:
                names[match[1]].append(match[3])
    return {accession: tuple(dict.fromkeys(keywords)) for accession, keywords in names.items()}


def _entry_list(path: Path) -> dict[str, Term]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {
            row["ENTRY_AC"]: Term(
                row["ENTRY_AC"], row["ENTRY_NAME"], row["ENTRY_TYPE"].replace("_", " ")
            )
            for row in rows
        }
