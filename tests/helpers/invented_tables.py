"""Function and residue tables of an invented vocabulary, in the files of a checkpoint folder."""

from pathlib import Path

import numpy as np

from workbench import vocabulary

KEYWORDS = 60
ENTRIES = 25


def write_planes(path: Path, keywords: int, seed: int, dtype: type = np.float64) -> None:
    """Random hyperplanes; a fifth of the keywords lies in each, which is on its upper side."""
    random = np.random.default_rng(seed)
    planes = random.normal(size=(8, 8, keywords)).astype(dtype)
    planes[random.random(planes.shape) < 0.2] = 0
    np.savez(path, **{str(table): plane for table, plane in enumerate(planes)})


def write_function_tables(folder: Path, seed: int) -> Path:
    """60 keywords and 25 entries; some entries repeat keywords or have none of ours."""
    random = np.random.default_rng(seed)
    data = folder / "data"
    data.mkdir()
    keywords = [f"word{i}" for i in range(40)] + [f"word{i} word{i + 1}" for i in range(20)]
    (data / vocabulary.KEYWORDS_FILE).write_text("\n".join(keywords) + "\n", "utf-8")
    np.save(data / vocabulary.IDF_FILE, random.uniform(1, 10, len(keywords)))
    write_planes(data / vocabulary.HYPERPLANES_FILE, len(keywords), seed)
    names, rows = ["ENTRY_AC\tENTRY_TYPE\tENTRY_NAME"], ["interpro_id,keywords"]
    for entry in range(ENTRIES):
        words = random.choice([*keywords, "stranger"], size=random.integers(1, 9)).tolist()
        rows.append(f'IPR{entry:06},"{",".join(words)}"')
        names.append(f"IPR{entry:06}\tDomain\tEntry {entry}")
    (data / vocabulary.ENTRIES_FILE).write_text("\n".join(names) + "\n", "utf-8")
    (data / vocabulary.ENTRY_KEYWORDS_FILE).write_text(
        "\n".join([*rows, "IPR000099,stranger"]) + "\n", "utf-8"
    )
    return folder


def write_residue_labels(folder: Path, count: int) -> None:
    """``site 0``, ``site 1``, … by falling count; ``folder`` has its ``data`` already."""
    lines = ["label,label_clean,count", *(f"Site {i},site {i},{2000 - i}" for i in range(count))]
    (folder / "data" / vocabulary.RESIDUE_LABELS_FILE).write_text("\n".join(lines) + "\n", "utf-8")
