"""Nothing that is passed on says where it was made: no folder, no user, whatever their names."""

import gzip
import os
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from widgets import Bench
from workbench.archive import save, write_design
from workbench.archive.values import without_folders
from workbench.campaign import Campaign
from workbench.embedded import embedded_models, example
from workbench.io import write_protein

MARKER = "zq0x-whose-folder"
"""Long enough that no packed record holds it by chance."""


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f'Bench("/home/{MARKER} ann/my {MARKER}/x y.pdb")', 'Bench("x y.pdb")'),
        (f"read from /home/{MARKER}/x.pdb today", "read from x.pdb today"),
        (f"Bench('~/{MARKER}/x.pdb')", "Bench('x.pdb')"),
        (f'Bench("C:\\{MARKER} b\\x.pdb")', 'Bench("x.pdb")'),
        (f'model="/data/{MARKER} of/esm3"', 'model="esm3"'),
        (f'Bench("{MARKER}/../x.pdb")', 'Bench("x.pdb")'),
        ("N-X-S/T at A:1/B:2, 3 / 4 of pLDDT/100", "N-X-S/T at A:1/B:2, 3 / 4 of pLDDT/100"),
    ],
)
def test_folders_go_and_everything_else_stays(written, kept):
    assert without_folders(written) == kept


@pytest.fixture
def marked(tmp_path) -> Path:
    """A folder with the marker in every part of its path, one with a space."""
    folder = tmp_path / f"{MARKER}-user" / f"my {MARKER} work"
    folder.mkdir(parents=True)
    shutil.copytree(embedded_models()["esm3-nano"], folder / "esm3-own")
    return folder


def contents(path: Path) -> str:
    """All that a file holds, members of archives too."""
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            data = b"".join(packed.read(name) for name in packed.namelist())
    return data.decode("utf-8", "replace") + re.sub(rb"\0", b"", data).decode("utf-8", "replace")


def test_no_output_of_a_session_says_where_it_was_made(marked, tmp_path):
    source = write_protein(example(), marked / "x.pdb")
    bench = Bench(str(source), model=str(marked / "esm3-own"))
    bench.prompt = bench.prompt.mask(slice(3, 9), "sequence")
    bench.run("sequence:2", seed=1)
    assert bench.wait(300)
    out = tmp_path / "out"
    out.mkdir()
    bench.share(out / "page.html")
    bench.save(out / "all.design")
    save(bench.session, out / "session.design")
    for ending in ("cif", "pdb", "fasta"):
        write_design(bench.session.designs[0], out / f"one.{ending}")
    jobs = [(bench.prompt, 1), (bench.prompt, 2)]
    Campaign(jobs, out / "c", "sequence:1", str(marked / "esm3-own")).run()
    written = [path for path in out.rglob("*") if path.is_file()]
    assert len(written) >= 8
    user = os.environ.get("USER", "")
    for path in written:
        assert MARKER not in contents(path), path.name
        assert not user or f"/home/{user}" not in contents(path)
