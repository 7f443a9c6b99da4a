"""What a bench opens, refuses and shows."""

import io
import zipfile
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from waiting import PATIENCE

from widgets import Bench, palette
from widgets.confidence.plot import averaged
from widgets.designs.export import export
from widgets.designs.table import DesignsTable
from widgets.messages import sized
from widgets.state import BenchState
from workbench.embedded import example
from workbench.errors import PromptError, SamplingError, StructureError
from workbench.io import read_protein, write_protein
from workbench.metrics import OF_DESIGNS
from workbench.protein import Protein
from workbench.sampling.recipe import Recipe
from workbench.sampling.settings import PRESETS, RunSettings


@pytest.fixture
def finished_bench(prompt, model) -> Bench:
    """Two designs of the middle of the helix."""
    bench = Bench(prompt.mask(slice(5, 15), ["sequence"]), model=model)
    bench.run("sequence:3", designs=2)
    bench.wait(60)
    return bench


def test_a_bench_opens_a_file(tmp_path, small):
    bench = Bench(write_protein(small, tmp_path / "small.pdb"))
    assert "".join(bench.prompt.sequence) == small.sequence
    assert not bench.prompt.masked("structure").any()


def test_a_bench_of_nothing_asks_what_to_begin_with_until_something_is_done(small):
    bench, kept = Bench(), Bench()
    assert bench.prompt.template.sequence == example().sequence
    assert "Bench()" in bench.code()
    assert bench._header.asks
    bench.open(small)
    assert not bench._header.asks
    assert not Bench(small)._header.asks
    kept._header.on_keep()
    assert not kept._header.asks


def test_secondary_structure_is_computed_so_that_it_can_be_restored(tmp_path, small):
    bench = Bench(write_protein(small, tmp_path / "small.pdb"))
    assert bench.prompt.masked("ss8").all()
    assert "H" in "".join(bench.prompt.restore("all", "ss8").ss8)


def test_a_bench_opens_a_sequence_a_length_a_protein_and_a_prompt(small, prompt):
    assert len(Bench("MKTAYIAKQRQ").prompt) == 11
    assert Bench(40).prompt.masked("sequence").all()
    assert Bench(small).prompt.template.name == "small"
    assert Bench(prompt).prompt is prompt


@pytest.mark.parametrize("source", ["no/such/file.pdb", "", "MKT1", None, 3.5, True])
def test_what_cannot_be_opened_is_named(source):
    with pytest.raises(StructureError):
        Bench(source)


def test_unknown_options_are_refused(prompt):
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        Bench(prompt, colour="blue")


def test_setting_the_prompt_is_one_undo_step(prompt):
    bench = Bench(prompt)
    bench.prompt = bench.prompt.mask("11-20", "sequence")
    assert bench.session.history == ["open", "edited in code"]
    bench.undo()
    assert bench.prompt is prompt
    with pytest.raises(PromptError, match="not str"):
        bench.prompt = "MKT"


def test_a_bench_shows_as_a_widget_and_says_what_it_is(prompt):
    bundle = Bench(prompt)._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "small, 20 residues" in data["text/plain"]


def test_two_benches_do_not_disturb_each_other(prompt):
    first, second = Bench(prompt), Bench(prompt)
    first.selection = "11-13"
    first.prompt = first.prompt.mask("all", "sequence")
    assert second.selection == ""
    assert not second.prompt.masked("sequence").any()


def test_a_blank_chain_has_no_scene_and_says_so(prompt):
    assert Bench(30).structure.scene["calls"] == []


def test_an_empty_view_is_filled_by_its_own_button(model):
    bench = Bench("MKTAYIAKQR", model=model)
    assert bench._tabs.empty
    bench.structure.comm.say({"type": "fold"})
    assert bench.wait(PATIENCE)
    assert len(bench.structure.scene["owner"]) > 0
    assert not bench._tabs.empty
    plddt = bench.session.designs[0].protein.confidence.plddt
    assert list(bench.structure.plddt) == [round(100 * one) for one in plddt.tolist()]
    assert bench.structure.letters == bench.session.designs[0].protein.sequence


def test_every_colouring_gives_a_colour_per_residue(prompt):
    bench = Bench(prompt)
    for mode, _ in bench.structure.modes:
        bench.structure.color_by(mode)
        assert len(bench.structure.colors) == 3 * 20
        assert bench.structure.legend


def test_confidence_is_coloured_in_alphafold_bands(prompt):
    bench = Bench(prompt)
    colors = np.frombuffer(bench.structure.colors, np.uint8).reshape(-1, 3)
    assert colors[0].tolist() == [0xFF, 0x7D, 0x45]
    assert colors[-1].tolist() == [0x00, 0x53, 0xD6]


def test_settings_from_the_panel_are_taken_or_refused_with_reason(prompt):
    bench = Bench(prompt)
    bench._panel.comm.say({"type": "settings", "changes": {"temperature": "0.7", "seed": "4"}})
    assert (bench.settings.temperature, bench.settings.seed) == (0.7, 4)
    bench._panel.comm.say({"type": "settings", "changes": {"recipe": "dance:3"}})
    assert "dance" in bench._panel.error
    assert bench._panel.settings["recipe"] == bench.settings.recipe == PRESETS[0][1]
    bench._panel.comm.say({"type": "settings", "changes": {"steps": "5"}})
    assert bench.settings.recipe == "structure:5,sequence:5"
    assert bench._panel.error == ""


def test_what_was_refused_stays_to_be_mended_and_no_run_starts_before(prompt, model):
    bench = Bench(prompt.mask("A:15-20", ["sequence"]), model=model)
    panel = bench._panel
    panel.comm.say({"type": "settings", "changes": {"recipe": "sequence:4,dance:3"}})
    panel.comm.say({"type": "settings", "changes": {"seed": "4"}})
    assert (panel.rejected, panel.error) == ({"recipe": "sequence:4,dance:3"}, "")
    panel.comm.say({"type": "run"})
    assert bench.wait(60)
    assert "dance" in panel.error
    assert len(bench.designs) == 0
    panel.comm.say({"type": "settings", "changes": {"recipe": "sequence:4"}})
    panel.comm.say({"type": "run"})
    assert bench.wait(60)
    assert (panel.rejected, len(bench.designs)) == ({}, 1)


@pytest.mark.parametrize("way", ["dismiss", "steps", "code"])
def test_what_was_refused_goes_when_it_is_put_away_or_overruled(prompt, way):
    bench = Bench(prompt)
    bench._panel.comm.say({"type": "settings", "changes": {"recipe": "dance:3"}})
    assert bench._panel.rejected
    if way == "code":
        bench._state.update(settings=bench.settings.with_(recipe="sequence:4"))
    elif way == "steps":
        bench._panel.comm.say({"type": "settings", "changes": {"steps": "5"}})
    else:
        bench._panel.comm.say({"type": "dismiss"})
    assert bench._panel.rejected == {}


def test_every_preset_is_a_recipe():
    for _, text in PRESETS:
        assert str(Recipe.parse(text)) == text


@pytest.mark.parametrize(
    ("size", "said"),
    [(4e6, "4 MB"), (9.9e7, "99 MB"), (2.5e8, "0.2 GB"), (6.7e9, "6.7 GB"), (1.39e11, "139 GB")],
)
def test_memory_is_said_in_plain_numbers(size, said):
    assert sized(size) == said


def test_settings_fill_in_what_the_recipe_does_not_say():
    plan = RunSettings(recipe="sequence:4(temperature=0.2),structure:4", temperature=0.8).plan()
    assert [stage.temperature for stage in plan.stages] == [0.2, 0.8]


def test_nonsense_settings_are_refused():
    with pytest.raises(SamplingError, match="no setting 'colour'"):
        RunSettings().with_(colour=1)
    with pytest.raises(SamplingError, match="'warm'"):
        RunSettings().with_(temperature="warm")
    with pytest.raises(SamplingError):
        RunSettings(designs=0)


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
    assert [one["key"] for one in gallery.columns] == list(saved.columns) == list(known.columns)
    for at, row in enumerate(gallery.rows):
        for one in gallery.columns:
            if one["kind"] == "number" and row[one["key"]] is not None:
                assert saved[one["key"]][at] == pytest.approx(row[one["key"]])
                scale = 100 if "plddt" in one["key"] else 1
                assert scale * known[one["key"]][at] == pytest.approx(row[one["key"]])


def test_the_number_a_gate_asks_for_is_a_column_with_a_tooltip(finished_bench):
    columns = {one["key"]: one for one in finished_bench._table.columns}
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


def test_a_drag_in_the_plot_selects_residues_and_a_click_in_pae_a_pair(finished_bench):
    plot = finished_bench.confidence
    plot._selected(plot.figure.data[0], None, SimpleNamespace(xrange=(3.6, 7.2)))
    assert finished_bench._state.selection == (4, 5, 6, 7)
    bands = [one for one in plot.figure.layout.shapes if one.fillcolor == palette.themed("select")]
    assert {(one.x0, one.x1) for one in bands} == {(3.5, 7.5)}
    plot._paired(None, SimpleNamespace(xs=[2.0], ys=[11.0]), None)
    assert finished_bench._state.selection == (2, 11)


def test_pae_of_the_step_on_view_appears_with_its_tab(finished_bench):
    finished_bench._tabs.comm.say({"type": "tab", "tab": "pae"})
    finished_bench.wait(60)
    figure = finished_bench.confidence.figure
    assert figure.data[2].z.shape == (20, 20)
    assert [trace.visible for trace in figure.data] == [False] * 2 + [True] + [False] * 3
    assert "pTM" in finished_bench._tabs.headline


def test_the_curve_has_a_point_per_step(finished_bench):
    finished_bench._tabs.comm.say({"type": "tab", "tab": "steps"})
    finished_bench.wait(60)
    run = finished_bench.session.trajectory
    entropy = finished_bench.confidence.figure.data[5]
    assert list(entropy.x) == list(range(1, len(run.steps) + 1))
    assert np.isfinite(entropy.y).all()
    assert np.isfinite(finished_bench.confidence.figure.data[4].y[-1])
    finished_bench.delete("A:12")
    finished_bench.confidence._debounce.finish()
    assert len(entropy.x) == 0


def test_a_large_pae_is_averaged_in_blocks():
    matrix = np.arange(25.0).reshape(5, 5)
    small = averaged(matrix, 2)
    assert small.shape == (3, 3)
    assert small[0, 0] == matrix[:2, :2].mean()
    assert small[2, 2] == matrix[4, 4]


def test_what_a_step_is_unsure_of_fades_and_the_motif_is_drawn_as_sticks(prompt, model):
    bench = Bench(prompt.mask(slice(5, 15), ["structure"]), model=model)
    bench.step("structure:4")
    bench.wait(60)
    structure = bench.structure
    fade = np.frombuffer(structure.fade, np.uint8)
    filled = set(bench.session.trajectory.steps[0].positions.tolist())
    open_ = [i for i in range(5, 15) if i not in filled]
    assert (fade[:5] == 255).all()
    assert (fade[open_] < 255).all()
    assert structure.motif == [[0, 5], [15, 20]]


def test_scores_of_your_own_are_columns_before_the_recipe(finished_bench):
    session = finished_bench.session
    made = session.designs[0]
    session.designs[0] = replace(made, metrics=made.metrics | {"charge": -3.5})
    gallery = DesignsTable(BenchState(session, RunSettings()), print)
    assert [one["key"] for one in gallery.columns][-3:] == ["charge", "recipe", "sequence"]
    assert [row["charge"] for row in gallery.rows] == [-3.5, None]


def test_every_chain_is_named_once_on_the_plots_axis():
    one = example()
    parts = (one.coordinates, one.coordinates + np.float32(40))
    two = Protein(
        one.sequence * 2,
        coordinates=np.concatenate(parts),
        chain_id=np.repeat(["A", "B"], len(one)),
    )
    ticks = Bench(two).confidence.figure.layout.xaxis2.ticktext
    assert [tick[:2] for tick in ticks if ":" in tick] == ["A:", "B:"]


@pytest.mark.parametrize(("length", "step"), [(12, 2), (73, 10), (791, 100), (2046, 250)])
def test_the_plot_counts_residues_in_round_numbers(length, step):
    ticks = Bench(length).confidence.figure.layout.xaxis2.ticktext
    assert [int(tick) for tick in ticks] == list(range(step, length + 1, step))
