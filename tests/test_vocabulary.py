"""Vocabularies: read from the published layout, searched by people, off where tables are absent."""

import gzip
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from workbench import vocabulary as module
from workbench.errors import CheckpointError
from workbench.vocabulary import FunctionVocabulary, ResidueVocabulary

KEYWORDS = ("kinase", "protein kinase", "kringle", "tyrosine", "zinc")
ENTRIES = """ENTRY_AC\tENTRY_TYPE\tENTRY_NAME
IPR000001\tDomain\tKringle
IPR000719\tDomain\tProtein kinase domain
IPR000020\tActive_site\tTyrosine protein kinase, active site
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkpoint folder with every table, at toy size."""
    data = tmp_path / "data"
    data.mkdir()
    planes = np.random.default_rng(0).normal(size=(8, 8, len(KEYWORDS)))
    (data / module.KEYWORDS_FILE).write_text("\n".join(KEYWORDS) + "\n", "utf-8")
    np.save(data / module.IDF_FILE, np.linspace(1, 2, len(KEYWORDS)))
    np.savez(data / module.HYPERPLANES_FILE, **{str(i): table for i, table in enumerate(planes)})
    (data / module.ENTRIES_FILE).write_text(ENTRIES, "utf-8")
    (data / module.ENTRY_KEYWORDS_FILE).write_text(
        'interpro_id,keywords\nIPR000001,kringle\nIPR000719,"kinase,protein kinase"\nIPR000020,\n',
        "utf-8",
    )
    (data / module.RESIDUE_LABELS_FILE).write_text(
        'label,label_clean,count\n"Active site, proton",active site,5\nZn,zinc binding,9\n'
        "Active site.,active site,3\n",
        "utf-8",
    )
    return tmp_path


def test_all_tables_of_a_published_folder_are_read(folder):
    vocabulary = FunctionVocabulary.load(folder)
    assert vocabulary.available
    assert vocabulary.keywords == KEYWORDS
    assert vocabulary.accessions == ("IPR000001", "IPR000020", "IPR000719")
    assert vocabulary.keywords_of("IPR000719") == ["kinase", "protein kinase"]
    tables = np.load(folder / "data" / module.HYPERPLANES_FILE)
    assert vocabulary.hyperplanes is not None
    assert np.array_equal(vocabulary.hyperplanes[:, 8 * 3 + 5], tables["3"][5])


@pytest.mark.parametrize(
    "name",
    [
        module.KEYWORDS_FILE,
        module.IDF_FILE,
        module.HYPERPLANES_FILE,
        module.ENTRY_KEYWORDS_FILE,
    ],
)
def test_a_missing_table_turns_the_function_track_off_and_says_which(folder, name):
    (folder / "data" / name).unlink()
    vocabulary = FunctionVocabulary.load(folder)
    assert not vocabulary.available
    assert name in vocabulary.note
    assert f"the data folder of {folder.name}" in vocabulary.note
    assert str(folder) not in vocabulary.note
    assert vocabulary.search("kringle")


def test_a_second_folder_lends_the_tables_that_the_first_lacks(folder, tmp_path):
    bare = tmp_path / "bare"
    bare.mkdir()
    assert not FunctionVocabulary.load(bare).available
    assert FunctionVocabulary.load(bare, folder / "data").available


def test_an_entry_s_accession_is_found_inside_its_formatted_name(folder):
    vocabulary = FunctionVocabulary.load(folder)
    for label in ("IPR000001", "ipr000001", "Kringle (IPR000001)"):
        term = vocabulary.resolve(label)
        assert term is not None
        assert (term.label, term.name, term.kind) == ("IPR000001", "Kringle", "Domain")
    assert vocabulary.resolve("IPR999999") is None


def test_a_keyword_is_found_in_upper_or_lower_case(folder):
    vocabulary = FunctionVocabulary.load(folder)
    for label in ("protein kinase", "Protein Kinase"):
        term = vocabulary.resolve(label)
        assert term is not None
        assert (term.label, term.kind) == ("protein kinase", "keyword")


def test_search_finds_accession_name_and_substring_best_match_first(folder):
    vocabulary = FunctionVocabulary.load(folder)

    def labels(text: str) -> list[str]:
        return [term.label for term in vocabulary.search(text)]

    assert labels("ipr000719") == ["IPR000719"]
    assert labels("KINASE") == ["kinase", "IPR000719", "IPR000020", "protein kinase"]
    assert labels("protein kin") == ["IPR000719", "protein kinase", "IPR000020"]
    assert labels("site tyrosine") == ["IPR000020"]
    assert labels("ringle") == ["IPR000001", "kringle"]
    assert labels("   ") == labels("ribosome") == []
    assert len(vocabulary.search("kinase", limit=2)) == 2


def test_search_over_all_of_interpro_finds_every_kinase(shared, tmp_path):
    (tmp_path / "data").mkdir()
    packed = shared / "data" / "annotations" / "interpro_entry.list.tsv.gz"
    text = gzip.decompress(packed.read_bytes()).decode("utf-8")
    (tmp_path / "data" / module.ENTRIES_FILE).write_text(text, "utf-8")
    vocabulary = FunctionVocabulary.load(tmp_path)
    hits = vocabulary.search("kinase", limit=None)
    lines = [line for line in text.splitlines() if "kinase" in line.lower()]
    assert len(hits) == len(lines) > 500
    assert hits[0].name.lower().startswith("kinase")
    assert [hit.label for hit in vocabulary.search("ipr000719")] == ["IPR000719"]
    assert vocabulary.search("tyrosine-protein kinase", 1)[0].name.lower().startswith("tyrosine-p")


def test_residue_labels_are_ordered_by_their_count_and_known_by_description(folder):
    vocabulary = ResidueVocabulary.load(folder)
    assert vocabulary.labels == ("zinc binding", "active site")
    for label in ("active site", "Active site, proton", "Active Site"):
        assert vocabulary.id_of(label) == 5
    assert vocabulary.id_of("kinase") is None
    assert [vocabulary.label_of(token) for token in (3, 4, 5, 6)] == [
        None, "zinc binding", "active site", None,
    ]  # fmt: skip
    assert vocabulary.size == 6
    assert [term.label for term in vocabulary.search("site")] == ["active site"]


def test_without_their_table_residue_annotations_are_off_and_say_so(tmp_path):
    vocabulary = ResidueVocabulary.load(tmp_path)
    assert not vocabulary.available
    assert module.RESIDUE_LABELS_FILE in vocabulary.note


def saved(values: object) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(values), allow_pickle=True)
    return buffer.getvalue()


def zipped(tables: dict[str, np.ndarray]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables.items():
            archive.writestr(f"{name}.npy", saved(table))
    return buffer.getvalue()


GOOD = {str(i): np.ones((8, len(KEYWORDS))) for i in range(8)}
DAMAGED = {
    "no archive": (module.HYPERPLANES_FILE, b"not a zip"),
    "one array": (module.HYPERPLANES_FILE, saved(np.ones((8, 5)))),
    "seven tables": (module.HYPERPLANES_FILE, zipped({k: v for k, v in GOOD.items() if k != "7"})),
    "pickled objects": (
        module.HYPERPLANES_FILE,
        zipped(GOOD | {"2": np.full((8, 5), print, dtype=object)}),
    ),
    "other width": (module.HYPERPLANES_FILE, zipped(GOOD | {"2": np.ones((8, 4))})),
    "not a number": (module.HYPERPLANES_FILE, zipped(GOOD | {"2": np.full((8, 5), np.nan)})),
    "short idf": (module.IDF_FILE, saved(np.ones(4))),
    "pickled idf": (module.IDF_FILE, saved(np.full(5, print, dtype=object))),
    "negative idf": (module.IDF_FILE, saved(-np.ones(5))),
    "no text": (module.KEYWORDS_FILE, b"\xff\xfe\x00kinase"),
    "other header": (module.ENTRY_KEYWORDS_FILE, b"entry,words\nIPR000001,kringle\n"),
    "ragged": (module.ENTRY_KEYWORDS_FILE, b"interpro_id,keywords\nIPR000001,kringle,more\n"),
    "endless field": (module.ENTRIES_FILE, b'ENTRY_AC\tENTRY_TYPE\tENTRY_NAME\n"' + b"x" * 200_000),
}


@pytest.mark.parametrize(("name", "content"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_table_is_refused_by_name_with_what_to_do(folder, name, content):
    (folder / "data" / name).write_bytes(content)
    with pytest.raises(CheckpointError, match="from the published checkpoint again") as refusal:
        FunctionVocabulary.load(folder)
    assert name in str(refusal.value)


class Trap:
    """Touches a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@pytest.mark.parametrize("name", [module.IDF_FILE, module.HYPERPLANES_FILE])
def test_pickled_code_in_a_table_is_never_run(folder, tmp_path, name):
    sprung = tmp_path / "sprung"
    trap = np.full(len(KEYWORDS), Trap(sprung), dtype=object)
    content = saved(trap) if name == module.IDF_FILE else zipped(GOOD | {"0": trap})
    (folder / "data" / name).write_bytes(content)
    with pytest.raises(CheckpointError):
        FunctionVocabulary.load(folder)
    assert not sprung.exists()


def test_a_residue_label_count_that_is_no_number_is_refused(folder):
    path = folder / "data" / module.RESIDUE_LABELS_FILE
    path.write_text("label,label_clean,count\nZn,zinc binding,many\n", "utf-8")
    with pytest.raises(CheckpointError, match=r"counts 'zinc binding' as 'many'"):
        ResidueVocabulary.load(folder)


def test_tables_beyond_the_bound_are_not_read(folder):
    with (folder / "data" / module.IDF_FILE).open("r+b") as file:
        file.truncate(module.LARGEST_FILE + 1)
    with pytest.raises(CheckpointError, match="a table has at most"):
        FunctionVocabulary.load(folder)


def test_an_archive_that_unpacks_beyond_the_bound_is_not_unpacked(folder):
    path = folder / "data" / module.HYPERPLANES_FILE
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in range(8):
            archive.writestr(f"{table}.npy", bytes(module.LARGEST_FILE // 8 + 1))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(CheckpointError, match="unpacks to"):
        FunctionVocabulary.load(folder)


def test_vocabularies_need_no_torch():
    code = "import sys, workbench.vocabulary; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
