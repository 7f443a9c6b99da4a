"""Several runs in shared passes: as many as memory allows, and the same tokens as alone."""

import numpy as np
import pytest
import torch
from toys import SEQUENCE, TOY, given_weights

from workbench import load_model
from workbench.errors import SamplingError
from workbench.model.model import Model, build_part
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.sampling.batching import Batch, batch_size, bytes_per_run, free_bytes
from workbench.sampling.forward import residue_logits
from workbench.sampling.recipe import Recipe
from workbench.sampling.trajectory import Trajectory
from workbench.tokenizers.codec import encode
from workbench.tokenizers.layout import Layout
from workbench.tracks import Track

RECIPE = Recipe.parse("sequence:4")


class Narrow:
    """Makes a trunk hold no more than ``most`` runs at once, and notes how many it was given."""

    def __init__(self, trunk: torch.nn.Module, most: int, error: type[RuntimeError]) -> None:
        self.most, self.error = most, error
        self.passes: list[int] = []
        trunk.register_forward_pre_hook(self.check)

    def check(self, _: torch.nn.Module, arguments: tuple) -> None:
        runs = len(arguments[0].sequence)
        if runs > self.most:
            raise self.error("CUDA out of memory. Tried to allocate 2.00 GiB")
        self.passes.append(runs)


def toy(most: int = 100, error: type[RuntimeError] = RuntimeError) -> tuple[Model, Narrow]:
    torch.manual_seed(0)
    parts = {
        name: given_weights(build_part(TOY, name), seed) for seed, name in enumerate(TOY.parts)
    }
    return Model(TOY, **parts), Narrow(parts["trunk"], most, error)


PROMPT = Prompt.from_protein(Protein(SEQUENCE * 2)).mask("3-18", "sequence")


def runs(model: Model, number: int) -> list[Trajectory]:
    return [Trajectory(model, PROMPT, RECIPE, seed) for seed in range(number)]


def sequences(batch: Batch) -> list[list[int]]:
    while not batch.done:
        batch.advance()
    return [run.tokens().sequence.tolist() for run in batch.trajectories]


@pytest.mark.parametrize("error", [RuntimeError, torch.OutOfMemoryError])
def test_a_pass_that_runs_out_of_memory_is_made_in_halves_with_the_same_proteins(error):
    (roomy, wide), (tight, narrow) = toy(), toy(most=2, error=error)
    expected = sequences(Batch(runs(roomy, 5)))
    batch = Batch(runs(tight, 5))
    assert sequences(batch) == expected
    assert batch.size <= 2
    assert max(narrow.passes) == 2
    assert wide.passes == [5] * 4


def test_one_run_that_does_not_fit_is_an_error_that_says_so():
    with pytest.raises(SamplingError, match="one run of 44 residues"):
        Batch(runs(toy(most=0)[0], 3)).advance()


def test_another_error_is_not_mistaken_for_lack_of_memory():
    class Broken(RuntimeError):
        def __init__(self, _: str) -> None:
            super().__init__("shapes do not match")

    batch = Batch(runs(toy(most=0, error=Broken)[0], 2))
    with pytest.raises(RuntimeError, match="shapes"):
        batch.advance()
    assert batch.size == 2


def scoreless(protein: Protein) -> float:
    raise ValueError("no score today")


@pytest.mark.parametrize(
    "options", ["best=2;reward=mine", "gate=mine>1"], ids=["a candidate", "a gate"]
)
def test_peer_defect_23_a_design_that_fails_is_named_and_the_others_finish(options):
    """The reference returns errors as values, and users meet an AttributeError later."""
    model, _ = toy()
    failing = Recipe.parse(f"sequence:2({options})")
    bad = Trajectory(model, PROMPT, failing, 7, scores={"mine": scoreless})
    good = runs(model, 2)
    batch = Batch([good[0], bad, good[1]])
    assert sequences(batch)[::2] == sequences(Batch(runs(toy()[0], 2)))
    assert list(batch.failures) == [bad]
    assert batch.failed == (
        "the run of seed 7 failed: the score 'mine' failed with ValueError: no score today"
    )
    assert len(bad.steps) < bad.total


def test_when_every_design_fails_the_batch_says_why_and_can_be_tried_again():
    model, _ = toy()
    scores = {"mine": scoreless}
    recipe = Recipe.parse("sequence:2(best=2;reward=mine)")
    batch = Batch([Trajectory(model, PROMPT, recipe, seed, scores=scores) for seed in (3, 4)])
    for _ in range(2):
        with pytest.raises(
            SamplingError, match=r"seed 3 failed.*seed 4 failed.*no score"
        ) as failed:
            batch.advance()
        assert isinstance(failed.value.__cause__.__cause__, ValueError)
    assert len(batch.open) == 2


def test_longer_proteins_need_more_memory_and_share_a_pass_with_fewer():
    model, _ = toy()
    assert bytes_per_run(model, 400) > 2 * bytes_per_run(model, 200)
    assert 1 <= batch_size(model, 20, 3) <= 3
    assert batch_size(model, 10**6, 64) == 1
    assert free_bytes(torch.device("cpu")) > 1e8
    assert np.isfinite(free_bytes(torch.device("cpu")))


@pytest.mark.parametrize("length", [2, 9, 13, 29, 30, 61])
def test_logits_of_a_short_protein_do_not_depend_on_what_shares_its_pass(length):
    model = load_model("esm3-nano", device="cpu")
    proteins = [Protein((SEQUENCE * 4)[at : at + length]) for at in range(6)]
    tokens = [encode(Prompt.from_protein(protein), model) for protein in proteins]
    layouts = [Layout.of(protein) for protein in proteins]
    together = residue_logits(model, tokens, layouts, list(Track))
    for own, layout, beside in zip(tokens, layouts, together, strict=True):
        (alone,) = residue_logits(model, [own], [layout], list(Track))
        for track in Track:
            assert torch.equal(beside[track], alone[track]), track
