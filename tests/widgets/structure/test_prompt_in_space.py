"""The 3D view, distances, findings and stills show the prompt's own coordinates."""

import numpy as np
import pytest
from waiting import PATIENCE

from widgets import Bench
from widgets.palette import rgb, themed
from workbench import lint
from workbench.constants import CA
from workbench.prompt import Prompt
from workbench.sampling.filled import placed_tokens, with_design


@pytest.fixture
def bench(prompt, model) -> Bench:
    bench = Bench(prompt.mask("all"), model=model)
    assert bench.run("structure:3,sequence:3", seed=2).wait(PATIENCE)
    return bench


def drawn(bench: Bench) -> np.ndarray:
    """The CA atoms of model 0, by their residue's place."""
    atoms = np.frombuffer(bench.structure.coordinates, np.float32).reshape(-1, 3)
    owner = np.array(bench.structure.scene["owner"])
    return np.array([atoms[owner == i][1] for i in np.unique(owner)])


@pytest.mark.parametrize("way", ["to_prompt", "branch", "step"])
def test_a_result_taken_as_the_prompt_is_drawn_where_it_is_and_not_as_the_template(
    bench, small, way
):
    if way == "to_prompt":
        bench.to_prompt("design-1")
    else:
        bench.show_step(3 if way == "step" else 6)
        assert bench.wait(PATIENCE)
        bench.branch()
    own = bench.prompt.own_coordinates[:, CA]
    assert np.abs(own - small.coordinates[:, CA]).max() > 1
    assert drawn(bench) == pytest.approx(own, abs=1e-3)
    assert bench.structure.scene["template"] == 1


def test_distances_are_measured_on_the_prompt_that_is_drawn(bench, small):
    bench.to_prompt("design-1")
    own = bench.prompt.own_coordinates[:, CA]
    apart = np.linalg.norm(own[:, None] - own[None], axis=-1)
    other = np.linalg.norm(small.coordinates[:, None, CA] - small.coordinates[None, :, CA], axis=-1)
    i = int(np.abs((apart < 8).sum(0) - (other < 8).sum(0)).argmax())
    bench.selection = [i]
    by_click = bench.near(8.0)
    bench.selection = f"within 8 of {small.label(i)}"
    assert bench.selection == by_click
    near = set(bench._state.selection)
    assert {int(j) for j in np.flatnonzero(apart[i] < 6)} <= near


def test_clashes_of_a_result_taken_as_prompt_are_found_whether_it_has_tokens_or_coordinates(prompt):
    folded = prompt.template.coordinates.copy()
    folded[15] = folded[5]
    design = with_design(prompt.mask("all", "structure"), prompt.template.with_(coordinates=folded))
    tokens = np.zeros(20, np.int64)
    as_tokens = prompt.mask("all", "structure").with_tokens("all", tokens)
    as_tokens = placed_tokens(as_tokens, prompt.template.with_(coordinates=folded))
    for drawn in (design, as_tokens):
        assert any("on top of each other" in finding.message for finding in lint(drawn))


def test_masked_residues_are_grey_where_the_template_has_them_and_go_with_it(prompt, model):
    bench = Bench(prompt.mask(slice(4, 16), "structure"), model=model)
    colors = np.frombuffer(bench.structure.colors, np.uint8).reshape(-1, 3)
    grey = (colors == rgb(themed("template"))).all(-1)
    assert np.flatnonzero(grey).tolist() == list(range(4, 16))
    bench.structure.color_by("structure")
    assert [name for _, name in bench.structure.legend] == ["structure given", "template"]
    bench.structure.comm.say({"type": "template", "on": False})
    assert set(bench.structure.scene["owner"]) == {*range(4), *range(16, 20)}


def test_what_a_run_filled_is_marked_and_freed_again(bench, prompt):
    prompt = bench.session.designs[0].prompt
    taken = bench.to_prompt("design-1")
    for track in ("sequence", "structure"):
        assert set(taken.state(track).tolist()) == {3}
    assert taken.mask_sampled().same_as(prompt)
    painted = taken.paint("11", "sequence", "W")
    assert painted.mask_sampled().sequence.tolist() == ["W", *"_" * 19]
    half = bench.session.trajectory.prompt_at(4)
    assert half.mask_sampled().same_as(prompt)


def test_what_was_given_keeps_its_own_coordinates_when_a_design_is_taken_as_prompt(prompt, model):
    bench = Bench(prompt.mask(slice(8, 20), ["sequence", "structure"]), model=model)
    assert bench.run("structure:3,sequence:3").wait(PATIENCE)
    prompt, taken = bench.prompt, bench.to_prompt("design-1")
    assert np.array_equal(taken.coordinates[:8], prompt.coordinates[:8], equal_nan=True)
    assert taken.has_backbone.all()
    assert taken.mask_sampled().same_as(prompt)


def test_marks_and_places_are_kept_in_a_record(bench, tmp_path):
    bench.show_step(3)
    assert bench.wait(PATIENCE)
    taken = bench.branch()
    again = Bench(bench.save(tmp_path / "marked.design")).prompt
    assert again.same_as(taken)
    assert isinstance(again, Prompt)
    assert np.isfinite(again.own_coordinates[:, CA]).all()


def test_the_legend_names_what_is_laid_over_a_result(prompt, model):
    bench = Bench(prompt.mask(slice(4, 16), "structure"), model=model)
    bench.run("structure:1", designs=2).wait()
    bench.show("design-1")
    names = lambda: [name for _, name in bench.structure.legend][-2:]  # noqa: E731
    assert names()[-1] == "template"
    bench.compare("design-2")
    assert names() == ["template", "design-2"]
    bench.structure.comm.say({"type": "template", "on": False})
    assert "template" not in names()
