"""Finished designs: in the table, in files, ticked, discarded, laid over."""

import io
import zipfile
from dataclasses import replace

import pandas as pd
import pytest

from widgets import Bench
from widgets.designs.export import export
from widgets.designs.table import DesignsTable
from widgets.state import BenchState
from workbench.io import read_protein
from workbench.metrics import OF_DESIGNS
from workbench.sampling.settings import RunSettings


def test_designs_go_to_the_browser_without_nan_and_come_back_as_files(finished_bench):
    gallery = finished_bench._table
    assert [row["design"] for row in gallery.rows] == ["design-1", "design-2"]
    assert all(value == value for row in gallery.rows for value in row.values())
    names = ["design-2", "design-1"]
    assert gallery.live
    gallery.comm.say({"type": "export", "names": names, "format": "fasta"})
    sent = gallery.comm.sent[-1]
    assert sent["data"]["content"] == {"type": "file", "name": "2-designs.fasta"}
    assert bytes(sent["buffers"][0]).startswith(b">design-2")
    gallery.comm.say({"type": "export", "names": ["design-9"], "format": "pdb"})
    assert "no design 'design-9'" in finished_bench._panel.error


def test_a_design_laid_over_stands_beside_the_residues_of_its_names(finished_bench):
    bench = finished_bench
    letters = bench.design("design-2").protein.sequence
    bench.compare("design-2")
    assert bench.tracks.beside == {"name": "design-2", "letters": letters}
    bench.delete("A:13-14")
    assert bench.tracks.beside["letters"] == letters[:2] + letters[4:]
    bench.insert("A:11", 2)
    assert bench.tracks.beside["letters"] == letters[0] + "  " + letters[1] + letters[4:]
    bench.compare(None)
    assert bench.tracks.beside == {}


def test_designs_are_ticked_by_hand_and_by_code(finished_bench):
    gallery = finished_bench._table
    gallery.comm.say({"type": "choose", "names": ["design-2", "design-1"]})
    assert finished_bench.chosen == ["design-1", "design-2"]
    finished_bench.choose(["design-2"])
    assert gallery.chosen == ["design-2"]
    gallery.comm.say({"type": "choose", "names": ["design-7"]})
    assert "no design 'design-7'" in finished_bench._panel.error
    assert finished_bench.chosen == ["design-2"]


def test_a_design_discarded_leaves_every_view_and_comes_back(finished_bench, tmp_path):
    bench, gallery = finished_bench, finished_bench._table
    bench.show("design-1")
    bench.compare("design-2")
    bench.choose(["design-1", "design-2"])
    gallery.comm.say({"type": "discard", "names": ["design-2"]})
    assert (gallery.shown, gallery.compared, gallery.chosen) == ("design-1", "", ["design-1"])
    bench.discard(["design-1"])
    assert bench.wait(60)
    assert (gallery.rows, gallery.shown, gallery.chosen) == ([], "", [])
    assert bench.designs.empty
    assert Bench(bench.save(tmp_path / "tidy.design")).designs.empty
    gallery.comm.say({"type": "bring_back"})
    gallery.comm.say({"type": "bring_back"})
    assert bench.designs["design"].tolist() == ["design-1", "design-2"]
    gallery.comm.say({"type": "bring_back"})
    assert "no design was discarded" in bench._panel.error


@pytest.mark.parametrize("format", ["pdb", "cif"])
def test_a_design_saved_reads_back_as_it_was(finished_bench, tmp_path, format):
    name, data = export(finished_bench.session, ["design-1"], format)
    (tmp_path / name).write_bytes(data)
    design = finished_bench.design("design-1").protein
    assert read_protein(tmp_path / name).sequence == design.sequence
    name, packed = export(finished_bench.session, ["design-1", "design-2"], format)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == [f"design-1.{format}", f"design-2.{format}"]
        assert archive.read(f"design-1.{format}") == data


def test_the_table_saved_as_csv_is_the_one_of_the_bench(finished_bench):
    _, data = export(finished_bench.session, ["design-2", "design-1"], "csv")
    saved = pd.read_csv(io.BytesIO(data))
    assert saved["design"].tolist() == ["design-2", "design-1"]
    assert saved["plddt"][1] == pytest.approx(100 * finished_bench.designs["plddt"][0])


def test_the_table_on_screen_and_its_file_have_the_same_numbers(finished_bench):
    """pLDDT is 0–100 on both and 0–1 in pandas; every other number is the same everywhere."""
    _, data = export(finished_bench.session, ["design-1", "design-2"], "csv")
    saved = pd.read_csv(io.BytesIO(data))
    known = finished_bench.designs
    gallery = finished_bench._table
    assert (
        [column["key"] for column in gallery.columns] == list(saved.columns) == list(known.columns)
    )
    for at, row in enumerate(gallery.rows):
        for column in gallery.columns:
            if column["kind"] == "number" and row[column["key"]] is not None:
                assert saved[column["key"]][at] == pytest.approx(row[column["key"]])
                scale = 100 if "plddt" in column["key"] else 1
                assert scale * known[column["key"]][at] == pytest.approx(row[column["key"]])


def test_the_number_a_gate_asks_for_is_a_column_with_a_tooltip(finished_bench):
    columns = {column["key"]: column for column in finished_bench._table.columns}
    for metric in OF_DESIGNS:
        assert columns[metric.name]["help"] == metric.help
        assert columns[metric.name]["better"] is metric.higher_is_better


def test_a_design_copied_to_the_prompt_can_be_undone(finished_bench):
    before = finished_bench.prompt
    finished_bench._table.comm.say({"type": "prompt", "name": "design-1"})
    assert finished_bench.session.history[-1] == "continue from design-1"
    assert not finished_bench.prompt.masked("sequence").any()
    finished_bench.undo()
    assert finished_bench.prompt is before


def test_a_second_design_is_laid_over_and_taken_away_again(finished_bench):
    finished_bench.show("design-2")
    gallery, structure = finished_bench._table, finished_bench.structure
    gallery.comm.say({"type": "compare", "name": "design-1"})
    assert (gallery.shown, gallery.compared) == ("design-2", "design-1")
    models = [call for call, _ in structure.scene["calls"]].count("addModel")
    assert structure.scene["other"] == models - 1 == 2
    gallery.comm.say({"type": "compare", "name": "design-1"})
    assert gallery.compared == ""
    assert structure.scene["other"] == 0


def test_nothing_is_laid_over_where_there_is_no_structure_yet(model):
    bench = Bench(12, model=model)
    bench.run("structure:2")
    assert bench.wait(60)
    bench.rewind()
    assert bench.wait(60)
    bench.compare("design-1")
    scene = bench.structure.scene
    assert (scene["calls"], scene["template"], scene["other"]) == ([], 0, 0)
    bench.show_step(1)
    assert bench.wait(60)


def test_scores_of_your_own_are_columns_before_the_recipe(finished_bench):
    session = finished_bench.session
    design = session.designs[0]
    session.designs[0] = replace(design, metrics=design.metrics | {"charge": -3.5})
    gallery = DesignsTable(BenchState(session, RunSettings()), print)
    assert [column["key"] for column in gallery.columns][-3:] == ["charge", "recipe", "sequence"]
    assert [row["charge"] for row in gallery.rows] == [-3.5, None]


def test_stars_and_a_note_are_undone_like_edits_and_leave_the_view_alone(finished_bench, tmp_path):
    bench, gallery = finished_bench, finished_bench._table
    bench.show("design-2")
    gallery.comm.say({"type": "remark", "name": "design-1", "stars": 2})
    gallery.comm.say({"type": "remark", "name": "design-1", "note": "to order"})
    assert gallery.shown == "design-2"
    assert [(row["stars"], row["note"]) for row in gallery.rows] == [(2, "to order"), (0, "")]
    assert bench._header.undo == "design-1: ★★☆ to order"
    _, data = export(bench.session, ["design-1"], "csv")
    assert pd.read_csv(io.BytesIO(data))[["stars", "note"]].values.tolist() == [[2, "to order"]]
    again = Bench(bench.save(tmp_path / "x.design"))
    assert again._table.rows[0]["note"] == "to order"
    bench._header.comm.say({"type": "undo"})
    assert gallery.rows[0]["note"] == ""
    assert gallery.shown == "design-2"
    bench.undo()
    assert gallery.rows[0]["stars"] == 0
    bench.redo()
    assert gallery.rows[0]["stars"] == 2
    gallery.comm.say({"type": "remark", "name": "design-1", "stars": 7})
    assert "from 0 to 3" in bench._state.error


def test_designs_that_join_from_a_record_bring_their_remarks(finished_bench, model, tmp_path):
    finished_bench.remark("design-2", 3, "mine")
    other = Bench(14, model)
    other.prompt = other.prompt.mask("1", "ss8")
    other.open(finished_bench.save(tmp_path / "x.design"))
    assert other._table.rows[1]["note"] == "mine"
    other.undo()
    assert other._table.rows[1]["note"] == "mine"


def test_a_control_is_a_marked_row_that_is_shown_compared_saved_and_taken_as_prompt(
    finished_bench, tmp_path
):
    bench, gallery = finished_bench, finished_bench._table
    gallery.comm.say({"type": "control"})
    assert gallery.controls == ["small"]
    row = gallery.rows[2]
    assert (row["status"], row["seed"]) == ("control", None)
    assert row["ca_rmsd"] < 1e-9
    bench.show("small")
    assert bench.tracks.letters.decode().startswith(bench.prompt.template.sequence)
    assert bench.code().splitlines()[-1] == "bench.prompt = prompt"
    bench.compare("design-1")
    assert bench.structure.scene["other"] > 0
    control = bench.add_control("MKTAYIAKQRQGHMKTAYIW")
    assert bench.design(control.name).metrics["recovery"] == 0.95
    assert bench.to_prompt(control.name).template.sequence[-1] == "W"
    assert "MKTAYIAKQRQGHMKTAYIW" in bench.code()
    bench.undo()
    again = Bench(bench.save(tmp_path / "x.design"))
    assert again._table.controls == ["small", control.name]
    (tmp_path / "y.fasta").write_text(">x\nMKTA\n")
    bench._header._files.open(str(tmp_path / "y.fasta"), control=True)
    assert bench._table.controls[-1] == "y"
    assert len(bench.prompt) == 20
