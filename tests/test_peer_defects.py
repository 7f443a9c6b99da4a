"""Defects of the reference that no file of one noun is about. All of them have a test that is named
after their number in the list: look for ``test_peer_defect_``.
"""

from collections import Counter

import numpy as np
import pytest

from workbench.io import read_protein, write_protein
from workbench.prompt import Prompt
from workbench.sampling.recipe import Recipe
from workbench.sampling.trajectory import Trajectory
from workbench.tracks import Track


@pytest.mark.parametrize("suffix", [".cif", ".bcif"])
def test_peer_defect_11_a_design_keeps_chains_and_numbers_out_to_a_file_that_reads_back(
    model, antibody_like, tmp_path, suffix
):
    """The reference numbers from 1 and cannot read the mmCIF it writes."""
    prompt = Prompt.from_protein(antibody_like, "sequence").mask("H:52-53", "sequence")
    run = Trajectory(model, prompt, Recipe.parse("structure:3,sequence:2"))
    list(run)
    design = run.protein()
    again = read_protein(write_protein(design, tmp_path / f"design{suffix}"))
    assert again.chains == ("H", "A-2")
    for name in ("chain_id", "residue_number", "insertion_code"):
        assert getattr(again, name).tolist() == getattr(antibody_like, name).tolist()
    assert again.sequence == design.sequence
    np.testing.assert_allclose(again.coordinates, design.coordinates, atol=2e-3)


@pytest.fixture
def heads_used(model):
    """How often each head of the trunk computes logits."""
    used: Counter[str] = Counter()
    heads = dict(model.trunk.output_heads.named_children())
    handles = [
        head.register_forward_hook(lambda *_, name=name: used.update([name]))
        for name, head in heads.items()
    ]
    assert len(heads) == len(Track)
    yield used
    for handle in handles:
        handle.remove()


@pytest.mark.parametrize("track", ["sequence", "structure", "ss8", "sasa"])
@pytest.mark.parametrize("predicted", [False, True])
def test_peer_defect_18_a_step_computes_only_the_heads_that_it_needs(
    model, prompt, heads_used, track, predicted
):
    """The reference computes all six at every step and keeps every hidden state."""
    run = Trajectory(model, prompt, Recipe.parse(f"{track}:3"), predict_structure=predicted)
    list(run)
    needed = {f"{track}_head"} | ({"structure_head"} if predicted else set())
    assert heads_used == dict.fromkeys(needed, run.total)


def test_peer_defect_20_a_run_is_watched_paused_and_left_between_any_two_steps(model, prompt):
    """The reference has a progress bar only."""
    recipe = Recipe.parse("sequence:4,structure:4")
    whole = list(Trajectory(model, prompt, recipe, seed=3))
    run = Trajectory(model, prompt, recipe, seed=3, predict_structure=True)
    calls = []
    for step in run:
        calls.append((step.index, step.track, len(step.positions)))
        assert np.isfinite(run.protein().backbone).all()
        if step.index == 3:
            break
    assert calls == [(step.index, step.track, len(step.positions)) for step in whole[:3]]
    assert not run.done
    rest = list(run)
    assert [step.index for step in rest] == [step.index for step in whole[3:]]
    for track in (Track.SEQUENCE, Track.STRUCTURE):
        ids = [getattr(steps[-1].tokens, track.value) for steps in (rest, whole)]
        assert np.array_equal(*ids)
