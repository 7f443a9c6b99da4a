"""Files that are small and would be huge once they are read."""

import gzip
import io
import os
import tracemalloc

import msgpack
import numpy as np
import pytest

from workbench.embedded import example
from workbench.errors import StructureError
from workbench.io import read_protein, structure_text
from workbench.io.mmcif import bcif_bytes

MOST = 400 << 20


@pytest.fixture
def refused(tmp_path):
    """Read bytes under a name; what is said, which takes little memory."""

    def read(name: str, data: bytes) -> str:
        path = tmp_path / name
        path.write_bytes(data)
        tracemalloc.start()
        try:
            with pytest.raises(StructureError) as error:
                read_protein(path)
            assert tracemalloc.get_traced_memory()[1] < MOST
        finally:
            tracemalloc.stop()
        return str(error.value)

    return read


def test_a_word_of_a_megabyte_in_the_table_of_atoms(refused):
    text = structure_text(example(), "cif")
    long = "A" * (1 << 20)
    assert "word of 1,048,576 letters" in refused("x.cif", text.replace("CB", long, 1).encode())
    quoted = text.replace("CB", f"'{long} x'", 1)
    assert "atom_site holds a word" in refused("x.cif", quoted.encode())
    lines = "\n;" + "\n".join(["A" * 70] * 15_000) + "\n;\n"
    assert "atom_site holds a word" in refused("x.cif", text.replace("CB", lines, 1).encode())


def packed(change) -> bytes:
    """A BinaryCIF file of the example, of which one column of the atoms was changed."""
    content = msgpack.unpackb(bcif_bytes(example()), raw=False)
    (block,) = content["dataBlocks"]
    (table,) = [table for table in block["categories"] if table["name"] == "_atom_site"]
    change({column["name"]: column["data"] for column in table["columns"]}, table)
    return msgpack.packb(content, use_bin_type=True)


def run_length(size: int | None, again: int):
    """One value that comes ``again`` and again, said to be ``size`` values."""

    def change(columns, table) -> None:
        columns["auth_seq_id"]["data"] = np.array([1, again], np.int32).tobytes()
        columns["auth_seq_id"]["encoding"] = [
            {"kind": "RunLength", "srcType": 3, "srcSize": size},
            {"kind": "ByteArray", "type": 3},
        ]

    return change


def one_long_string(columns, table) -> None:
    """Each of 20,000 offsets spans the whole megabyte, forth and back."""
    column = columns["label_comp_id"]
    offsets = np.tile(np.array([0, 1 << 20], np.int32), 10_000)
    column["encoding"][0] |= {
        "stringData": "A" * (1 << 20),
        "offsets": offsets.tobytes(),
        "offsetEncoding": [{"kind": "ByteArray", "type": 3}],
    }


BINARY_BOMBS = {
    "a run of two thousand million": (
        run_length(2_000_000_000, 2_000_000_000),
        "2000000000 values",
    ),
    "a run that does not say": (run_length(None, 2 * 10**9), "column of None values"),
    "a run of a negative number": (run_length(-1, 10), "column of -1 values"),
    "strings that overlap": (one_long_string, "word of 1,048,576 letters"),
}


@pytest.mark.parametrize("name", BINARY_BOMBS)
def test_a_binary_cif_column_that_unpacks_to_gigabytes(name, refused):
    change, complaint = BINARY_BOMBS[name]
    assert complaint in refused("x.bcif", packed(change))


def test_a_binary_cif_file_of_nothing_but_lists(refused):
    data = msgpack.packb({"dataBlocks": [], "x": [[]] * 3_000_000}, use_bin_type=True)
    assert "more than 200,000 parts" in refused("x.bcif", data)


def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "x.pdb")
    with pytest.raises(StructureError, match="device or a pipe"):
        read_protein(tmp_path / "x.pdb")


def test_an_archive_that_unpacks_to_more_than_a_file_may_hold(refused):
    target = io.BytesIO()
    with gzip.GzipFile(fileobj=target, mode="wb") as file:
        for _ in range(60):
            file.write(b"REMARK" * (1 << 18))
    assert "more than 40 MiB" in refused("x.pdb.gz", target.getvalue())
