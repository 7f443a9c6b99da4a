"""Campaign folders that anybody may have made: links, bombs, damage."""

import os
import re

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from campaigns import RECIPE, on_disk

from workbench.campaign import Campaign
from workbench.campaign.parquet_headers import packed_columns
from workbench.campaign.parts import MOST_ROWS, read_part
from workbench.errors import FileError, RecordError, SamplingError


def test_a_crash_while_writing_leaves_no_trace(model, prompt, tmp_path):
    Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    (tmp_path / "c/designs/.part-000002.parquet.part").write_bytes(b"PAR1half")
    assert len(Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).table()) == 1
    assert len(on_disk(tmp_path / "c")) == 1


def test_a_damaged_part_is_named(model, prompt, tmp_path):
    Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    part = tmp_path / "c/designs/part-000001.parquet"
    part.write_bytes(part.read_bytes()[:-20])
    with pytest.raises(RecordError, match=r"part-000001.parquet cannot be read .*delete it"):
        Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model)
    part.unlink()
    assert Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run().progress.done == 1


HOSTILE_PARTS = {
    "a bomb of rows": ({"seed": pa.array(np.zeros(300_000, np.int64))}, "300000 rows"),
    "lists as names": ({"prompt": pa.array([["a"]])}, "column prompt is .*list"),
    "no seeds": ({"seed": None}, "column seed is absent"),
}


@pytest.mark.parametrize("name", HOSTILE_PARTS)
def test_a_part_from_elsewhere_is_refused_before_it_is_unpacked(name, model, prompt, tmp_path):
    changes, complaint = HOSTILE_PARTS[name]
    Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    part = tmp_path / "c/designs/part-000001.parquet"
    table = pa.parquet.read_table(part)
    rows = max(1 if column is None else len(column) for column in changes.values())
    columns = {
        column: changes.get(column, table[column].take(pa.array(np.zeros(rows, int))))
        for column in table.column_names
    }
    pa.parquet.write_table(
        pa.table({column: values for column, values in columns.items() if values is not None}), part
    )
    with pytest.raises(RecordError, match=complaint):
        Campaign.open(tmp_path / "c")


@pytest.mark.parametrize(
    "terms", ["[" * 100_000, '{"format": "esm3-workbench campaign", "version": 1, "scores": {}}']
)
def test_terms_from_elsewhere_are_refused(terms, tmp_path):
    (tmp_path / "campaign.json").write_text(terms)
    with pytest.raises(RecordError, match=r"campaign.json .*choose another folder"):
        Campaign.open(tmp_path)


LINKS = ("campaign.json", ".lock", "designs/part-000001.parquet", "designs/part-000002.parquet")


@pytest.mark.parametrize("name", LINKS)
def test_a_link_in_a_folder_from_elsewhere_is_not_written_through(name, model, prompt, tmp_path):
    Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    precious = tmp_path / "thesis.txt"
    precious.write_text("years of work")
    planted = tmp_path / "c" / name
    planted.unlink(missing_ok=True)
    planted.symlink_to(precious)
    with pytest.raises((RecordError, FileError), match="link"):
        Campaign([(prompt, 2)], tmp_path / "c", RECIPE, model).run()
    assert precious.read_text() == "years of work"


def test_drafts_are_planted_in_vain(model, prompt, tmp_path):
    precious = tmp_path / "thesis.txt"
    precious.write_text("years of work")
    designs = tmp_path / "c" / "designs"
    designs.mkdir(parents=True)
    for draft in (designs.parent / ".campaign.json.part", designs / ".part-000001.parquet.part"):
        draft.symlink_to(precious)
    Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    assert precious.read_text() == "years of work"
    assert len(Campaign.open(tmp_path / "c").table()) == 1


def test_designs_that_lie_elsewhere_are_refused(model, prompt, tmp_path):
    (tmp_path / "c").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "c" / "designs").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SamplingError, match="designs is a link"):
        Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize("name", ["campaign.json", "designs/part-000001.parquet", ".lock"])
def test_a_pipe_in_place_of_a_file_is_refused_at_once(name, model, prompt, tmp_path):
    Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    (tmp_path / "c" / name).unlink()
    os.mkfifo(tmp_path / "c" / name)
    with pytest.raises((RecordError, FileError), match="pipe"):
        Campaign([(prompt, 2)], tmp_path / "c", RECIPE, model).run()


def test_a_small_part_that_unpacks_to_gigabytes_is_refused(model, prompt, tmp_path):
    campaign = Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    part = tmp_path / "c/designs/part-000001.parquet"
    table = pa.parquet.read_table(part)
    rows = table.take(pa.array([0] * 100))
    long = pa.array(["M" * 17_000] * 100)
    column = table.column_names.index("sequence")
    bomb = rows.set_column(column, "sequence", long)
    with pa.parquet.ParquetWriter(part, bomb.schema) as writer:
        for _ in range(200):
            writer.write_table(bomb)
    assert part.stat().st_size < 2_000_000
    before = pa.default_memory_pool().max_memory()
    with pytest.raises(RecordError, match=r"column sequence unpacks to \d{9} bytes"):
        Campaign.open(campaign.folder)
    assert pa.default_memory_pool().max_memory() - before < 64 << 20


def test_a_folder_has_room_for_so_many_designs(model, prompt, tmp_path):
    Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    part = tmp_path / "c/designs/part-000001.parquet"
    table = pa.parquet.read_table(part)
    place = table.column_names.index("record")
    table = table.set_column(place, "record", pa.array([None], pa.large_binary()))
    pa.parquet.write_table(table.take(np.zeros(MOST_ROWS + 1, int)), part)
    assert part.stat().st_size < 1 << 20
    with pytest.raises(RecordError, match=f"{MOST_ROWS + 1} rows, and there is room for 200000"):
        Campaign.open(tmp_path / "c")
    pa.parquet.write_table(table.take([0, 0]), part)
    with pytest.raises(RecordError, match="2 rows, and there is room for 1"):
        read_part(part, (), ["design"], most=1)


def test_columns_unpack_to_what_pyarrow_says_less_the_headers_of_their_pages(
    model, prompt, tmp_path
):
    Campaign([(prompt, 1), (prompt, 2)], tmp_path / "c", RECIPE, model).run()
    path = tmp_path / "c/designs/part-000001.parquet"
    table = pa.parquet.read_table(path)
    pa.parquet.write_table(table, path, row_group_size=1, compression={"record": "zstd"})
    meta = pa.parquet.read_metadata(path)
    columns = [
        meta.row_group(group).column(at)
        for group in range(meta.num_row_groups)
        for at in range(meta.num_columns)
    ]
    with path.open("rb") as file:
        chunks = packed_columns(file)
    assert len(chunks) == 2 * table.num_columns
    for chunk, other in zip(chunks, columns, strict=True):
        assert (chunk.name, chunk.codec) == (other.path_in_schema, other.compression)
        # A column has two pages at most here, and no header is longer than this.
        assert 0 <= other.total_uncompressed_size - chunk.unpacked < 400
    with pytest.raises(RecordError, match="column record is packed with ZSTD"):
        Campaign.open(tmp_path / "c")


def zigzag(number: int) -> bytes:
    """A number as Thrift's compact protocol writes it."""
    number, encoded = 2 * number, bytearray()
    while number > 127:
        encoded.append(number & 127 | 128)
        number >>= 7
    return bytes([*encoded, number])


def test_a_part_whose_footer_lies_about_its_size_is_refused_by_its_pages(model, prompt, tmp_path):
    campaign = Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    part = tmp_path / "c/designs/part-000001.parquet"
    table = pa.parquet.read_table(part)
    place = table.column_names.index("record")
    bomb = table.set_column(place, "record", pa.array([bytes(200 << 20)], pa.large_binary()))
    pa.parquet.write_table(bomb, part)
    honest = pa.parquet.read_metadata(part).row_group(0).column(place).total_uncompressed_size
    footer = part.read_bytes()
    lie = zigzag(150 << 20)
    assert (footer.count(zigzag(honest)), len(lie)) == (1, len(zigzag(honest)))
    part.write_bytes(footer.replace(zigzag(honest), lie))
    with pytest.raises(RecordError, match="column record unpacks to") as refused:
        campaign.results.records({row["design"] for row in campaign.results.rows})
    # Pages hold more than the values: this was said before anything was unpacked.
    assert int(re.findall(r"unpacks to (\d+)", str(refused.value))[0]) >= 200 << 20


def test_a_part_of_texts_that_share_their_beginnings_is_refused(model, prompt, tmp_path):
    campaign = Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    part = tmp_path / "c/designs/part-000001.parquet"
    table = pa.parquet.read_table(part)
    rows = table.take(pa.array([0] * 1000))
    place = table.column_names.index("sequence")
    longer = pa.array([f"{'M' * 100_000}{number}" for number in range(1000)])
    bomb = rows.set_column(place, "sequence", longer)
    encodings = {"sequence": "DELTA_BYTE_ARRAY"}
    pa.parquet.write_table(bomb, part, use_dictionary=False, column_encoding=encodings)
    assert part.stat().st_size < 2_000_000
    with pytest.raises(RecordError, match="a page has the encoding 7"):
        Campaign.open(campaign.folder)
