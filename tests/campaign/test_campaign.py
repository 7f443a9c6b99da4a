"""Campaigns in one process: what they make, keep and go on with."""

from itertools import product

import numpy as np
import pytest
from campaigns import RECIPE, on_disk, sequences
from full_disk import no_room

from workbench.archive.rebuilding import rebuilt
from workbench.campaign import Campaign
from workbench.campaign.work import key_of
from workbench.errors import FileError, SamplingError
from workbench.prompt import Prompt
from workbench.sampling.recipe import Recipe
from workbench.session import Session


def test_a_campaign_makes_the_designs_that_a_session_makes(model, prompt, blank, tmp_path):
    campaign = Campaign(product([prompt, blank], range(3)), tmp_path / "c", RECIPE, model).run()
    made_sequences = sequences(campaign)
    assert len(made_sequences) == 6
    for given, seed in product([prompt, blank], range(3)):
        run = Session(given, model).start(Recipe.parse(RECIPE), seed)
        list(run)
        assert made_sequences[key_of(given), seed] == run.protein().sequence


def test_its_designs_come_back_and_rebuild(model, prompt, tmp_path):
    campaign = Campaign([(prompt, 4), (prompt, 5)], tmp_path / "c", RECIPE, model, steps=True).run()
    best = campaign.table().sort_values("recovery").tail(1)
    (design,) = Campaign.open(tmp_path / "c").designs(best)
    assert design.seed == best.seed.item()
    assert design.metrics["recovery"] == best.recovery.item() > 0
    assert len(design.steps) == 2
    assert rebuilt(design, model).same


def test_a_prompt_that_cannot_be_run_is_a_row_that_says_why(
    model, prompt, finished_prompt, tmp_path
):
    jobs = [(finished_prompt, 1), (prompt, 1)]
    campaign = Campaign(jobs, tmp_path / "c", RECIPE, model).run()
    failed, finished = campaign.table().to_dict("records")
    assert "nothing is masked" in failed["error"]
    assert failed["sequence"] == ""
    assert np.isnan(failed["ptm"])
    assert finished["error"] == ""
    assert [design.prompt.template.sequence for design in campaign.designs()]
    assert campaign.progress.failed == 1


def test_a_score_that_breaks_fails_its_own_designs_only(model, prompt, blank, tmp_path):
    def fussy(protein) -> float:
        return 1 / protein.sequence.count("W")

    with_w = prompt.paint([0], "sequence", "W").forbid(range(1, len(prompt)), "W")
    without = blank.forbid(range(len(blank)), "W")
    recipe = "sequence:2(gate=fussy>=0.5)"
    campaign = Campaign(
        product([with_w, without], [1]), tmp_path / "c", recipe, model, scores={"fussy": fussy}
    ).run()
    first, second = campaign.table().to_dict("records")
    assert first["fussy"] == 1.0
    assert "ZeroDivisionError" in second["error"]
    assert np.isnan(second["fussy"])


def test_failures_can_be_tried_again(model, prompt, finished_prompt, tmp_path):
    jobs = [(prompt, 1), (finished_prompt, 1), (finished_prompt, 2)]
    campaign = Campaign(jobs, tmp_path / "c", RECIPE, model).run()
    campaign.retry()
    assert on_disk(tmp_path / "c").error.tolist() == [""]
    assert campaign.run().progress.failed == 2


def test_a_stopped_campaign_goes_on_with_what_is_missing(model, prompt, tmp_path):
    jobs = list(product([prompt], range(40)))
    first = Campaign(jobs, tmp_path / "c", RECIPE, model, together=1)
    first.listen(first.stop)
    first.run()
    assert 0 < first.progress.done < 40
    made_sequences = sequences(first)
    again = Campaign(jobs, tmp_path / "c", RECIPE, model).run()
    assert again.progress.done == 40
    assert made_sequences.items() <= sequences(again).items()
    assert sorted(on_disk(tmp_path / "c").seed) == list(range(40))


def test_the_same_job_twice_is_one_design(model, prompt, tmp_path):
    twin = Prompt.from_protein(prompt.template).mask("3-14", ["sequence", "structure"])
    jobs = [(prompt, 1), (prompt, 1), (twin, np.int64(1))]
    assert len(Campaign(jobs, tmp_path / "c", RECIPE, model).run().table()) == 1


def test_a_folder_holds_one_campaign(model, prompt, tmp_path):
    Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    with pytest.raises(SamplingError, match=r"sequence:2, not sequence:3; choose another folder"):
        Campaign([(prompt, 1)], tmp_path / "c", "sequence:3", model)


def test_another_model_cannot_go_on(model, prompt, tmp_path):
    Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    with pytest.raises(SamplingError, match="same weights"):
        Campaign([(prompt, 2)], tmp_path / "c", RECIPE).run()
    assert len(on_disk(tmp_path / "c")) == 1


def test_two_at_once_in_one_folder_are_refused(model, prompt, tmp_path):
    one = Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model)
    with one.results.locked(), pytest.raises(SamplingError, match="another campaign is at work"):
        Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()


def test_a_model_that_cannot_be_loaded_stops_it_without_rows(prompt, tmp_path):
    with pytest.raises(Exception, match="esm3-huge"):
        Campaign([(prompt, 1)], tmp_path / "c", RECIPE, "esm3-huge").run()
    assert len(Campaign.open(tmp_path / "c").table()) == 0


def test_designs_that_a_full_disk_did_not_take_are_written_later(model, prompt, tmp_path):
    campaign = Campaign(product([prompt], range(3)), tmp_path / "c", RECIPE, model)
    with no_room(2000), pytest.raises(FileError, match=r"part-000001\.parquet cannot be written"):
        campaign.run()
    assert campaign.progress.done == 3
    made_sequences = sequences(campaign)
    campaign.run()
    assert sequences(campaign) == made_sequences
    assert sorted(on_disk(tmp_path / "c").seed) == [0, 1, 2]


@pytest.mark.parametrize("name", ["record", "design", "metrics"])
def test_a_score_cannot_take_the_name_of_a_column(name, model, prompt, tmp_path):
    with pytest.raises(SamplingError, match=f"cannot be called '{name}'"):
        Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model, scores={name: len})
