"""What a bench opens, refuses and shows."""

import numpy as np
import pytest
from waiting import PATIENCE

from widgets import Bench
from widgets.messages import sized
from workbench.embedded import example
from workbench.errors import PromptError, SamplingError, StructureError
from workbench.io import write_protein
from workbench.sampling.recipe import Recipe
from workbench.sampling.settings import PRESETS, RunSettings


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
    drawn = np.frombuffer(bench.structure.plddt, np.float32)
    assert drawn.tolist() == [round(100 * value) for value in plddt.tolist()]
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
    ("size", "words"),
    [(4e6, "4 MB"), (9.9e7, "99 MB"), (2.5e8, "0.2 GB"), (6.7e9, "6.7 GB"), (1.39e11, "139 GB")],
)
def test_memory_is_said_in_plain_numbers(size, words):
    assert sized(size) == words


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
