"""What a bench opens, refuses and shows."""

import numpy as np
import pytest

from widgets import Bench
from widgets.gallery import table_html
from widgets.settings import PRESETS, RunSettings
from workbench.errors import PromptError, SamplingError, StructureError
from workbench.io import write_protein
from workbench.sampling.recipe import Recipe


def test_a_bench_opens_a_file(tmp_path, small):
    bench = Bench(write_protein(small, tmp_path / "small.pdb"))
    assert "".join(bench.prompt.sequence) == small.sequence
    assert not bench.prompt.masked("structure").any()


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
    with pytest.raises(TypeError, match="no option 'colour'"):
        Bench(prompt, colour="blue")


def test_setting_the_prompt_is_one_undo_step(prompt):
    bench = Bench(prompt)
    bench.prompt = bench.prompt.mask("11-20", "sequence")
    assert bench.session.history == ["open", "set by code"]
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


def test_every_preset_is_a_recipe():
    for _, text in PRESETS:
        assert str(Recipe.parse(text)) == text


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


def test_the_designs_table_escapes_what_it_is_given():
    html = table_html([{"design": "<script>", "seed": 1, "ptm": float("nan"), "sequence": "M&K"}])
    assert "<script>" not in html
    assert "M&amp;K" in html
