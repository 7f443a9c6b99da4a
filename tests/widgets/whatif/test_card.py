"""The card at a cell: what it is told, and what a click on a choice does."""

import numpy as np
import pytest
from toys import batches

from widgets import Bench
from workbench import alternatives
from workbench.prompt import Prompt
from workbench.tracks import Track

ROW = {track: row for row, track in enumerate(Track)}


@pytest.fixture
def bench(small, model) -> Bench:
    prompt = Prompt.from_protein(small, ["sequence", "structure", "ss8", "sasa"])
    return Bench(prompt.mask("15-19", ["sequence", "ss8"]), model)


def asked(bench: Bench, track: str, position: int, epoch: int | None = None) -> dict[int, dict]:
    """The cards that the browser gets when it asks of a cell, by position."""
    card = bench._card
    before = len(card.comm.sent)
    cell = {"row": ROW[Track(track)], "position": position}
    card.comm.say({"type": "ask", "epoch": card.epoch if epoch is None else epoch, **cell})
    assert bench._what_if.asker.wait(60)
    answers = [message["data"].get("content", {}) for message in card.comm.sent[before:]]
    return {
        known["position"]: known
        for answer in answers
        if answer.get("type") == "cards"
        for known in answer["cards"]
    }


@pytest.mark.parametrize("track", ["sequence", "ss8", "sasa", "structure"])
@pytest.mark.parametrize("position", [5, 12])
def test_a_card_has_the_probabilities_that_code_gets(bench, model, track, position):
    card = asked(bench, track, position)[position]
    answers = alternatives(model, bench.prompt, [position], track)
    chances = dict(zip(answers.choices, answers.probabilities[0].tolist(), strict=True))
    for bar in card["bars"]:
        assert bar["chance"] == pytest.approx(chances[bar["name"]], abs=2e-5)
    assert card["masked"] == bool(bench.prompt.masked(track)[position])
    given = [bar["name"] for bar in card["bars"] if bar["given"]]
    assert len(given) == (0 if card["masked"] else 1)
    assert [bar["native"] for bar in card["bars"]].count(True) == 1
    if track != "sasa":
        listed = [bar["chance"] for bar in card["bars"][:10]]
        assert listed == sorted(listed, reverse=True)


def test_masked_cells_share_a_row_and_neighbours_are_asked_ahead_in_pairs(bench, model):
    with batches(model.trunk) as rows:
        assert sorted(asked(bench, "sequence", 6)) == [3, 4, 5, 6, 7, 8, 9]
        assert rows == [1, 2]
        assert 18 in asked(bench, "sequence", 15)
        assert rows[2:] == [1, 2, 2, 2]


def test_what_a_page_was_told_is_not_sent_again_but_where_it_asks(bench):
    assert sorted(asked(bench, "sequence", 6)) == [3, 4, 5, 6, 7, 8, 9]
    assert sorted(asked(bench, "sequence", 8)) == [8, 10, 11]
    assert sorted(asked(bench, "sequence", 8)) == [8]


def test_a_click_on_a_choice_is_one_undo_step_and_makes_the_cards_old(bench):
    asked(bench, "sequence", 6)
    epoch = bench._card.epoch
    say = bench._card.comm.say
    say({"type": "paint", "row": ROW[Track.SEQUENCE], "position": 6, "value": "W"})
    assert bench.session.history[-1] == "write W sequence A:17"
    assert bench._card.epoch == epoch + 1
    assert asked(bench, "sequence", 6, epoch) == {}
    assert not asked(bench, "sequence", 6)[6]["masked"]


def test_an_area_is_painted_into_the_bin_that_was_clicked(bench):
    bar = asked(bench, "sasa", 12)[12]["bars"][7]
    row = ROW[Track.SASA]
    bench._card.comm.say({"type": "paint", "row": row, "position": 12, "value": bar["value"]})
    again = asked(bench, "sasa", 12)[12]["bars"]
    assert [choice["name"] for choice in again if choice["given"]] == [bar["name"]]


def test_what_the_prompt_does_not_allow_is_struck_out(bench):
    bench.prompt = bench.prompt.forbid("17", "CW")
    bars = asked(bench, "sequence", 6)[6]["bars"]
    assert {bar["name"] for bar in bars if bar["barred"]} == {"C", "W"}


def test_rows_of_labels_and_cells_beyond_the_chain_have_no_card(bench):
    assert bench._card.rows == [0, 1, 2, 3, -1, -1]
    assert asked(bench, "function", 3) == {}
    assert asked(bench, "sequence", 99) == {}


def test_hovering_can_be_put_off_and_waits_for_a_model_that_is_not_at_hand(bench, prompt):
    bench._card.comm.say({"type": "hovering", "on": False})
    assert not bench._card.on_hover
    assert Bench(prompt)._card.ready
    assert not Bench(prompt, "esm3-sm-open-v1")._card.ready


def test_cards_are_of_the_result_on_view(bench, model):
    bench.run("sequence:1,ss8:1").wait(60)
    filled = bench._state.frame.filled
    card = asked(bench, "sequence", 6)[6]
    assert not card["masked"]
    answers = alternatives(model, filled, [6])
    best = answers.choices[int(np.argmax(answers.probabilities[0]))]
    assert card["bars"][0]["name"] == best
