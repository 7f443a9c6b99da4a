"""Parts: the Parquet files of a campaign, whose rows are finished designs.

A folder may come from anybody, and a file of ten kilobytes can say that it holds ten gigabytes. So
text is read as it is stored, each value once, and its size is known before any row is made of it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import nan
from pathlib import Path
from typing import Any

from ..atomic_files import write_file
from ..errors import RecordError, WorkbenchError
from ..metrics import OLDER_COLUMNS, find_metric
from ..regular_files import open_regular
from .parquet_headers import PackedColumn, packed_columns
from .work import Row

MOST_ROWS = 200_000
MOST_TEXT = 128 << 20
"""Bytes of all texts of a part."""
MOST_RECORDS = 192 << 20
"""Bytes of all design records of a part."""


def parquet() -> Any:
    """pyarrow and its Parquet module."""
    try:
        import pyarrow.compute
        import pyarrow.parquet
    except ImportError:
        raise WorkbenchError(
            "a campaign needs pyarrow; install it with pip install 'esm3-workbench[cluster]'"
        ) from None
    return pyarrow


def schema_of(metrics: Sequence[str]) -> Any:
    """The columns of a part; a record is a design record, null where a design failed."""
    pa = parquet()
    text, number = pa.string(), pa.float64()
    return pa.schema(
        [("design", text), ("prompt", text), ("seed", pa.int64()), ("length", pa.int32())]
        + [(name, number) for name in metrics]
        + [("sequence", text), ("error", text), ("model", text), ("device", text),
           ("seconds", number), ("record", pa.large_binary())]
    )  # fmt: skip


def write_part(path: Path, metrics: Sequence[str], rows: list[Row]) -> None:
    """Write a part whole or not at all."""
    pa = parquet()
    sink = pa.BufferOutputStream()
    pa.parquet.write_table(pa.Table.from_pylist(rows, schema=schema_of(metrics)), sink)
    write_file(path, sink.getvalue().to_pybytes())


def read_part(
    path: Path, metrics: Sequence[str], columns: Sequence[str], most: int = MOST_ROWS
) -> list[Row]:
    """The rows of a part; a RecordError where it is not what ``write_part`` writes.

    pyarrow opens the file by its name and reads it in this thread: a buffer of Python's that one of
    its own threads gives back while the interpreter ends takes the process with it.
    """
    pa = parquet()
    schema = schema_of(metrics)
    texts = [name for name in columns if not _is_number(pa, schema.field(name).type)]
    try:
        with open_regular(path, links=False) as opened:
            _refuse_packed(packed_columns(opened))
        file_schema = pa.parquet.read_schema(str(path))
        stored = {name: _stored_name(name, file_schema.names, metrics) for name in columns}
        present = {name: place for name, place in stored.items() if place is not None}
        _refuse_odd(file_schema, schema, present)
        with pa.parquet.ParquetFile(str(path), read_dictionary=texts, pre_buffer=False) as file:
            rows, room = file.metadata.num_rows, min(most, MOST_ROWS)
            if rows > room:
                raise ValueError(f"it unpacks to {rows} rows, and there is room for {room}")
            table = file.read(columns=list(present.values()), use_threads=False)
        for name in present.values():
            _refuse_large(pa, name, table.column(name))
        return [
            {name: nan if place is None else row[place] for name, place in stored.items()}
            for row in table.to_pylist()
        ]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise RecordError(
            f"{path} cannot be read ({(str(error) or type(error).__name__).splitlines()[0][:120]});"
            " delete it, and its designs will be made again"
        ) from None


def _stored_name(name: str, stored: Sequence[str], metrics: Sequence[str]) -> str | None:
    """What a part calls a column; None for a metric that is younger than the part."""
    if name in stored or find_metric(name) is None:
        return name
    older = next((old for old, now in OLDER_COLUMNS.items() if now == name), name)
    return older if older in stored and older not in metrics else None


def _refuse_odd(file_schema: Any, schema: Any, stored: Mapping[str, str]) -> None:
    """Raise ValueError where a column is absent or of another type."""
    for name, place in stored.items():
        kinds = [column.type for column in file_schema if column.name == place]
        if kinds != [schema.field(name).type]:
            raise ValueError(f"column {name} is {kinds or 'absent'}, not {schema.field(name).type}")


def _refuse_packed(columns: Iterable[PackedColumn]) -> None:
    """Raise ValueError by what the pages say of their sizes, before anything is unpacked."""
    sizes: Counter[str] = Counter()
    for column in columns:
        if column.codec not in ("SNAPPY", "UNCOMPRESSED"):
            raise ValueError(f"column {column.name} is packed with {column.codec}")
        sizes[column.name] += column.unpacked
    for name, unpacked in sizes.items():
        if unpacked > (MOST_RECORDS if name == "record" else MOST_TEXT):
            raise ValueError(f"column {name} unpacks to {unpacked} bytes")


def _refuse_large(pa: Any, name: str, column: Any) -> None:
    """Raise ValueError where the rows would be larger than what is stored of them."""
    if column.null_count and name != "record":
        raise ValueError(f"column {name} has rows without a value")
    if not pa.types.is_dictionary(column.type):
        return
    compute, size = pa.compute, 0
    for chunk in column.chunks:
        lengths = compute.binary_length(chunk.dictionary)
        size += compute.sum(lengths.take(chunk.indices)).as_py() or 0
    if size > (MOST_RECORDS if name == "record" else MOST_TEXT):
        raise ValueError(f"column {name} unpacks to {size} bytes")


def _is_number(pa: Any, kind: Any) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind)
