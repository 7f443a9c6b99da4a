"""Forbidden motifs, biases and pLDDT of the prompt, in runs of a small random model."""

import re
from dataclasses import replace

import numpy as np
import pytest
from runs import planned, run

from workbench.constants import AMINO_ACIDS
from workbench.errors import PromptError
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.sampling.forward import choices, residue_logits
from workbench.tokenizers.codec import encode, to_rows
from workbench.tokenizers.layout import Layout
from workbench.tokenizers.residue import AMINO_ACID_IDS
from workbench.tracks import Track


@pytest.mark.parametrize("steps", [1, 4])
@pytest.mark.parametrize("seed", range(4))
def test_no_forbidden_motif_arises_even_when_one_pass_fills_everything(model, steps, seed):
    only = Prompt.blank(50).allow(slice(None), "NSTG")
    recipe = f"sequence:{steps}(temperature=5)"
    free = run(model, only, recipe, seed).protein().sequence
    assert re.search(r"(?=N.[ST])", free)
    guarded = run(model, only.forbid_motif("N-X-S/T"), recipe, seed)
    assert not re.search(r"(?=N.[ST])", guarded.protein().sequence)
    assert set(guarded.protein().sequence) <= set("NSTG")


def test_a_sampled_residue_does_not_complete_a_motif_with_given_ones(model):
    protein = Protein("ANGANGANGANGA")
    prompt = Prompt.from_protein(protein, "sequence").mask([3, 6, 9, 12], "sequence")
    prompt = prompt.allow(slice(None), "STA").forbid_motif("N-X-S/T")
    assert run(model, prompt, "sequence:2").protein().sequence == protein.sequence


def test_a_forbidden_motif_that_is_given_is_told_and_left(model):
    prompt = Prompt.from_protein(Protein("ANGSAAAAAN_S"), "sequence").mask("7", "sequence")
    trajectory = run(model, prompt.forbid_motif("N-X-S/T"), "sequence:2")
    given, forced = trajectory.notes
    assert "N-X-S/T is given and stays at A:2 to A:4" in given
    assert "cannot be avoided at A:10 to A:12" in forced
    assert trajectory.protein().sequence.startswith("ANGSAA")


def test_a_dead_end_between_two_motifs_is_filled_and_said(model):
    prompt = Prompt.from_protein(Protein("K_R"), "sequence").allow("2", "AG")
    trajectory = run(model, prompt.forbid_motif("K-A").forbid_motif("G-R"), "sequence:1")
    (note,) = trajectory.steps[0].notes
    assert "no allowed residue at A:2 avoids every motif" in note
    assert trajectory.protein().sequence in ("KAR", "KGR")


def test_motifs_leave_a_sequence_without_them_as_it_was(model, prompt):
    plain = run(model, prompt, "sequence:5").protein().sequence
    watched = prompt.forbid_motif("W-W-W-W-W-W")
    assert run(model, watched, "sequence:5").protein().sequence == plain


def test_a_bias_of_ln_2_doubles_the_odds(model):
    prompt = Prompt.blank(9)
    column = AMINO_ACIDS.index("W")
    biased = prompt.bias([4], {"W": np.log(2)})
    chances = []
    for given in (prompt, biased):
        trajectory = planned(model, given, "sequence:1")
        (logits,) = residue_logits(
            model, [trajectory.plan.start], [trajectory.plan.layout], {Track.SEQUENCE}
        )
        allowed = choices(trajectory.plan, Track.SEQUENCE, logits[Track.SEQUENCE], np.array([3, 4]))
        chances.append(allowed.softmax(-1)[:, AMINO_ACID_IDS].detach().numpy())
    odds = [row[1, column] / (1 - row[1, column]) for row in chances]
    assert odds[1] / odds[0] == pytest.approx(2, rel=1e-4)
    np.testing.assert_array_equal(chances[0][0], chances[1][0])


def test_a_strong_bias_decides(model):
    letters = run(model, Prompt.blank(20).bias("3-9", {"W": 500}), "sequence:3").protein().sequence
    assert letters[2:9] == "W" * 7


def plddt_read(model, prompt) -> tuple[float, np.ndarray]:
    """What the trunk reads of a prompt: the mean pLDDT, and that of each residue."""
    rows = to_rows([encode(prompt, model)], [Layout.of(prompt.template)])
    (mean,) = rows.average_plddt.unique().tolist()
    return mean, rows.residue_plddt[0, 1:-1].numpy()


def test_residues_with_coordinates_have_a_plddt_of_1_and_what_is_told_comes_first(model, prompt):
    placed = (~prompt.masked(Track.STRUCTURE)).astype(float)
    mean, each = plddt_read(model, prompt)
    assert mean == 1
    assert each.tolist() == placed.tolist()
    sure = prompt.with_plddt("1", 0.5).with_plddt("5-6", 0.8)
    mean, each = plddt_read(model, sure)
    expected = placed.copy()
    expected[[0, 4, 5]] = 0.5, 0.8, 0.8
    assert each == pytest.approx(expected)
    assert mean == pytest.approx(expected[expected > 0].mean())


def test_a_model_that_never_saw_a_plddt_reads_what_is_told_and_else_its_default(model, prompt):
    trunk = replace(model.config.trunk, plddt_of_coordinates=0)
    older = replace(model, config=replace(model.config, trunk=trunk))
    mean, each = plddt_read(older, prompt)
    assert (mean, each.any()) == (1, False)
    sure = prompt.with_plddt("3-4", 0.6).with_plddt("5-6", 0.8)
    mean, each = plddt_read(older, sure)
    assert mean == pytest.approx(0.7)
    assert each[2:6] == pytest.approx([0.6, 0.6, 0.8, 0.8])
    assert np.count_nonzero(each) == 4
    again = sure.with_plddt(slice(None), None)
    assert np.isnan(again.plddt).all()
    with pytest.raises(PromptError, match="a pLDDT of 90 is outside 0 to 1"):
        prompt.with_plddt("3", 90)
