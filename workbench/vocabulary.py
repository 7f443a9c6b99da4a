"""Vocabulary: the words that function and residue annotations are written in.

Tables lie in a checkpoint's ``data`` folder under their published names. A table that is missing
switches its track off and ``note`` says so; a table that is there and cannot be right is an error.
They come with downloads, so they are read as plain text and plain numbers within bounds.
"""

import csv
import re
import tokenize
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import StringIO
from pathlib import Path

import numpy as np
from jaxtyping import Float

from .errors import CheckpointError
from .paths import given_path
from .tracks import RESIDUE_NONE

KEYWORDS_FILE = "keyword_vocabulary_safety_filtered_58641.txt"
IDF_FILE = "keyword_idf_safety_filtered_58641.npy"
HYPERPLANES_FILE = "hyperplanes_8bit_58641.npz"
ENTRY_KEYWORDS_FILE = "interpro_29026_to_keywords_58641.csv"
ENTRIES_FILE = "entry_list_safety_29026.list"
RESIDUE_LABELS_FILE = "uniref90_and_mgnify90_residue_annotations_gt_1k_proteins.csv"
TABLES = (
    KEYWORDS_FILE, IDF_FILE, HYPERPLANES_FILE, ENTRY_KEYWORDS_FILE, ENTRIES_FILE,
    RESIDUE_LABELS_FILE,
)  # fmt: skip

HASH_TABLES = 8
HASH_BITS = 8
LARGEST_FILE = 256 * 2**20
KEYWORD = "keyword"

_ACCESSION = re.compile(r"IPR\d+")
_UNREADABLE = (
    ValueError, OSError, EOFError, KeyError, MemoryError, zipfile.BadZipFile, zlib.error,
    tokenize.TokenError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """A label to annotate with, its name for people, and what it is (Domain, keyword, …)."""

    label: str
    name: str
    kind: str


@dataclass(frozen=True, eq=False)
class FunctionVocabulary:
    """Keywords with their inverse document frequency and hyperplanes, and the InterPro entries.

    ``hyperplanes`` has the bits of table 0 first, lowest bit first. ``entry_keywords`` holds the
    keywords of each accession separated by commas, ``entries`` the terms of the entry list.
    """

    keywords: tuple[str, ...] = field(default=(), repr=False)
    idf: Float[np.ndarray, " keywords"] | None = field(default=None, repr=False)
    hyperplanes: Float[np.ndarray, "keywords 64"] | None = field(default=None, repr=False)
    entry_keywords: Mapping[str, str] = field(default_factory=dict, repr=False)
    entries: Mapping[str, Term] = field(default_factory=dict, repr=False)
    note: str = ""
    """Why the function track is off; empty where it is on."""

    @classmethod
    def load(cls, *folders: str | Path) -> "FunctionVocabulary":
        """Read what these folders (or their ``data``) hold; the first that has a table counts."""
        tables = _locate(
            folders, (KEYWORDS_FILE, IDF_FILE, HYPERPLANES_FILE, ENTRY_KEYWORDS_FILE, ENTRIES_FILE)
        )
        keywords: tuple[str, ...] = ()
        if KEYWORDS_FILE in tables:
            keywords = tuple(_text(tables[KEYWORDS_FILE]).strip().split("\n"))
        missing = [
            name
            for name in (KEYWORDS_FILE, IDF_FILE, HYPERPLANES_FILE, ENTRY_KEYWORDS_FILE)
            if name not in tables
        ]
        return cls(
            keywords=keywords,
            idf=_idf(tables[IDF_FILE], len(keywords)) if keywords and IDF_FILE in tables else None,
            hyperplanes=(
                _hyperplanes(tables[HYPERPLANES_FILE], len(keywords))
                if keywords and HYPERPLANES_FILE in tables
                else None
            ),
            entry_keywords=(
                {
                    accession: words
                    for accession, words in _rows(
                        tables[ENTRY_KEYWORDS_FILE], ("interpro_id", "keywords")
                    )
                }
                if ENTRY_KEYWORDS_FILE in tables
                else {}
            ),
            entries=_entries(tables[ENTRIES_FILE]) if ENTRIES_FILE in tables else {},
            note=_absent("function", missing, folders),
        )

    @property
    def available(self) -> bool:
        """Whether labels can become tokens."""
        return not self.note

    @cached_property
    def index(self) -> dict[str, int]:
        """The column of each keyword."""
        return {keyword: i for i, keyword in enumerate(self.keywords)}

    @cached_property
    def accessions(self) -> tuple[str, ...]:
        """InterPro accessions in the order of the function decoder's outputs."""
        return tuple(sorted(self.entries or self.entry_keywords))

    def resolve(self, label: str) -> Term | None:
        """The entry or keyword that a label means, upper or lower case; None where unknown.

        An accession may stand anywhere in the label, as in ``Kringle (IPR000001)``.
        """
        for accession_case, keyword in ((label, label), (label.upper(), label.lower())):
            match = _ACCESSION.search(accession_case)
            if match and match.group() in self.entry_keywords:
                accession = match.group()
                return self.entries.get(accession, Term(accession, accession, "entry"))
            if keyword in self.index:
                return Term(keyword, keyword, KEYWORD)
        return None

    def keywords_of(self, accession: str) -> list[str]:
        """The keywords of an InterPro entry, some more than once; empty where it has none."""
        return self.entry_keywords.get(accession, "").split(",")

    def search(self, text: str, limit: int | None = 50) -> list[Term]:
        """Entries and keywords whose accession or name contains the text, best matches first.

        Every word of the text has to occur; upper and lower case are the same. Equally good entries
        come before keywords, short names before long ones.
        """
        return _ranked(self._terms, text, limit)

    @cached_property
    def _terms(self) -> list[tuple[str, Term]]:
        nameless = (Term(a, a, "entry") for a in self.entry_keywords if a not in self.entries)
        words = (Term(keyword, keyword, KEYWORD) for keyword in self.keywords)
        return _searchable([*self.entries.values(), *nameless, *words])


@dataclass(frozen=True, eq=False)
class ResidueVocabulary:
    """Residue annotation labels by falling count; ``described`` maps long descriptions to them."""

    labels: tuple[str, ...] = field(default=(), repr=False)
    described: Mapping[str, str] = field(default_factory=dict, repr=False)
    note: str = ""
    """Why the residue annotation track is off; empty where it is on."""

    @classmethod
    def load(cls, *folders: str | Path) -> "ResidueVocabulary":
        """Read the label table of these folders (or their ``data``)."""
        tables = _locate(folders, (RESIDUE_LABELS_FILE,))
        if not tables:
            return cls(note=_absent("residue annotation", [RESIDUE_LABELS_FILE], folders))
        path, described, counts = tables[RESIDUE_LABELS_FILE], {}, {}
        for description, label, count in _rows(path, ("label", "label_clean", "count")):
            if not label:
                continue
            try:
                counts[label] = counts.get(label, 0) + int(float(count))
            except (ValueError, OverflowError):
                raise CheckpointError(
                    f"{path} counts {label!r} as {count!r}, not a number; "
                    "take the file from the published checkpoint again"
                ) from None
            described[description] = label
        return cls(tuple(sorted(counts, key=lambda label: (-counts[label], label))), described)

    @property
    def available(self) -> bool:
        """Whether labels can become tokens."""
        return not self.note

    @property
    def size(self) -> int:
        """Number of ids, the special ones included; the model's tables have as many rows."""
        return RESIDUE_NONE + 1 + len(self.labels)

    def id_of(self, label: str) -> int | None:
        """The id of a label or of a description; None where unknown."""
        for known in (self.described.get(label), label, label.lower()):
            if known in self._ids:
                return self._ids[known]
        return None

    def label_of(self, token: int) -> str | None:
        """The label of an id; None for the special ones and those beyond the table."""
        place = token - RESIDUE_NONE - 1
        return self.labels[place] if 0 <= place < len(self.labels) else None

    def search(self, text: str, limit: int | None = 50) -> list[Term]:
        """Labels that contain every word of the text, best matches first."""
        return _ranked(self._terms, text, limit)

    @cached_property
    def _ids(self) -> dict[str, int]:
        ids = {label: RESIDUE_NONE + 1 + i for i, label in enumerate(self.labels)}
        return {label.lower(): i for label, i in reversed(ids.items())} | ids

    @cached_property
    def _terms(self) -> list[tuple[str, Term]]:
        return _searchable(Term(label, label, "site") for label in self.labels)


def _searchable(terms: Iterable[Term]) -> list[tuple[str, Term]]:
    return [
        (t.label.lower() if t.label == t.name else f"{t.label}\n{t.name}".lower(), t) for t in terms
    ]


def _ranked(terms: list[tuple[str, Term]], text: str, limit: int | None) -> list[Term]:
    words = text.lower().split()
    if not words:
        return []
    matches = (term for searched, term in terms if all(word in searched for word in words))
    return sorted(matches, key=lambda term: relevance(term, text))[:limit]


def relevance(term: Term, text: str) -> tuple:
    """Where a term found for a text comes among others, of other vocabularies too: least first.

    The text itself comes before what begins with it, then where a word does, then where it stands
    in one, then where its words are apart; entries before keywords, short names before long ones.
    """
    phrase = " ".join(text.lower().split())
    lines = [line.lower() for line in (term.label, term.name)]
    if phrase in lines:
        rank = 0
    elif any(line.startswith(phrase) for line in lines):
        rank = 1
    elif any(re.search(rf"(?<!\w){re.escape(phrase)}", line) for line in lines):
        rank = 2
    else:
        rank = 3 if any(phrase in line for line in lines) else 4
    return rank, term.kind == KEYWORD, len(term.name), term.name, term.label


# -- reading tables ------------------------------------------------------------------------------


def _locate(folders: Sequence[str | Path], names: Sequence[str]) -> dict[str, Path]:
    """Where each table lies; those that no folder has are left out."""
    paths: dict[str, Path] = {}
    for name in names:
        for folder in map(given_path, folders):
            for path in (folder / "data" / name, folder / name):
                if name not in paths and path.is_file():
                    paths[name] = path
    for path in paths.values():
        if path.stat().st_size > LARGEST_FILE:
            raise CheckpointError(
                f"{path} has {path.stat().st_size / 2**20:.0f} MiB; a table has at most "
                f"{LARGEST_FILE // 2**20}: take the file from the published checkpoint again"
            )
    return paths


def _absent(track: str, missing: Sequence[str], folders: Sequence[str | Path]) -> str:
    if not missing:
        return ""
    whose = Path(folders[0]).name if folders else "a checkpoint"
    return (
        f"the {track} track is off: {', '.join(missing)} not found; copy from the published "
        f"checkpoint into the data folder of {whose}"
    )


def _refused(path: Path, reason: object) -> CheckpointError:
    return CheckpointError(
        f"{path} is damaged or not the table of that name: {reason}; "
        "take the file from the published checkpoint again"
    )


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise _refused(path, error) from None


def _rows(path: Path, columns: tuple[str, ...], delimiter: str = ",") -> Iterator[tuple[str, ...]]:
    """The chosen columns of a table with a header line."""
    rows = csv.reader(StringIO(_text(path), newline=""), delimiter=delimiter)
    try:
        header = next(rows, [])
        absent = [column for column in columns if column not in header]
        if absent:
            raise _refused(path, f"it has no column {absent[0]}")
        places = [header.index(column) for column in columns]
        for row in filter(None, rows):
            if len(row) != len(header):
                raise _refused(
                    path, f"line {rows.line_num} has {len(row)} columns, not {len(header)}"
                )
            yield tuple(row[place] for place in places)
    except csv.Error as error:
        raise _refused(path, f"line {rows.line_num}: {error}") from None


def _entries(path: Path) -> dict[str, Term]:
    rows = _rows(path, ("ENTRY_AC", "ENTRY_NAME", "ENTRY_TYPE"), delimiter="\t")
    return {
        accession: Term(accession, name, kind.replace("_", " ")) for accession, name, kind in rows
    }


def _idf(path: Path, keywords: int) -> Float[np.ndarray, " keywords"]:
    try:
        idf = np.load(path, allow_pickle=False)
    except _UNREADABLE as error:
        raise _refused(path, error) from None
    if not isinstance(idf, np.ndarray) or idf.shape != (keywords,) or idf.dtype.kind != "f":
        raise _refused(path, f"it should hold one number for each of the {keywords} keywords")
    if not (np.isfinite(idf) & (idf > 0)).all():
        raise _refused(path, "every inverse document frequency is finite and above 0")
    return idf


def _hyperplanes(path: Path, keywords: int) -> Float[np.ndarray, "keywords 64"]:
    shape = (HASH_BITS, keywords)
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > LARGEST_FILE:
            raise _refused(path, f"it unpacks to {unpacked / 2**20:.0f} MiB")
        with np.load(path, allow_pickle=False) as tables:
            planes = [tables[str(table)] for table in range(HASH_TABLES)]
    except _UNREADABLE as error:
        raise _refused(path, error) from None
    for table, plane in enumerate(planes):
        if plane.shape != shape or plane.dtype.kind != "f" or not np.isfinite(plane).all():
            raise _refused(path, f"table {table} should hold {shape[0]} × {shape[1]} numbers")
    return np.ascontiguousarray(np.concatenate(planes).T)
