"""Mutations, reasons and pairs of a bench: asked by clicks and by code, and drawn."""

import csv
import io

import numpy as np
import pytest

from widgets import Bench
from widgets.whatif.view import LETTERS
from workbench import landscape, ramachandran, why
from workbench.prompt import State


@pytest.fixture
def bench(prompt, model) -> Bench:
    return Bench(prompt, model)


def say(bench: Bench, **message: object) -> None:
    """What the browser sends; waits until the model has answered."""
    bench.what_if.comm.say(message)
    assert bench._what_if.asker.wait(60)


def floats(data: bytes) -> np.ndarray:
    return np.frombuffer(data, np.float32)


def test_opening_the_tab_draws_the_landscape_that_code_gets(bench, model):
    bench._tabs.comm.say({"type": "tab", "tab": "mutations"})
    assert bench._what_if.asker.wait(60)
    view, table = bench.what_if, landscape(model, bench.prompt)
    assert view.tab == "mutations"
    assert view.mutations["labels"] == table.index.tolist()
    assert view.mutations["letters"] == bench.prompt.template.sequence
    assert np.allclose(floats(view.odds).reshape(20, 20), table[list(LETTERS)], atol=1e-5)
    assert np.allclose(floats(view.entropy), table["entropy"], atol=1e-5)


def test_code_draws_what_it_gets(bench):
    table = bench.landscape(method="wild-type-marginal")
    assert bench.what_if.mutations["method"] == "wild-type-marginal"
    assert np.allclose(floats(bench.what_if.odds).reshape(20, 20), table[list(LETTERS)])
    assert bench.landscape("12-14").index.tolist() == ["A:12", "A:13", "A:14"]
    assert len(bench.what_if.mutations["labels"]) == 20


def test_a_letter_of_the_landscape_is_painted_in_one_undo_step_and_makes_it_an_earlier_prompt_s(
    bench,
):
    bench.landscape()
    assert not bench.what_if.mutations["stale"]
    say(bench, type="paint", position=4, letter="W")
    assert bench.session.history == ["open", "write W sequence A:15"]
    assert bench.what_if.mutations["stale"]
    assert bench.what_if.mutations["fits"]
    bench.undo()
    assert not bench.what_if.mutations["stale"]
    bench.insert("15")
    assert not bench.what_if.mutations["fits"]


def test_only_amino_acids_are_painted(bench):
    say(bench, type="paint", position=4, letter="<b>")
    assert "is no amino acid" in bench._state.error
    assert bench.session.history == ["open"]


def test_on_a_result_the_landscape_is_the_result_s_and_painting_asks_first(bench, model):
    bench.prompt = bench.prompt.mask("15-18", "sequence")
    bench.run("sequence:2").wait(60)
    table = bench.landscape()
    filled = bench._state.frame.filled
    assert "".join(table["letter"]) == "".join(filled.sequence)
    assert np.allclose(table["A"], landscape(model, filled)["A"])
    say(bench, type="paint", position=4, letter="W")
    assert bench._state.question is not None
    assert (filled.state("sequence")[4:8] == State.SAMPLED).all()


def test_why_is_told_of_the_selection_as_code_gets_it(bench, model):
    say(bench, type="ask", kind="why")
    assert "select the residues to explain" in bench._state.error
    bench.selection = "15-17"
    say(bench, type="ask", kind="why")
    shown, table = bench.what_if.why, why(model, bench.prompt, "15-17")
    assert shown["labels"] == ["A:15", "A:16", "A:17"]
    assert [reason for reason, _ in shown["drops"]] == ["sequence", "structure"]
    assert np.allclose(shown["drops"][1][1], table["structure"], atol=1e-3)
    assert bench.why().equals(table)


def test_what_a_track_changes_is_drawn_along_the_chain(bench):
    assert bench.what_if.why["reasons"] == ["sequence", "structure"]
    say(bench, type="ask", kind="influence", reason="structure")
    along = bench.what_if.why["along"]
    assert along["reason"] == "structure"
    assert len(along["nats"]) == len(along["labels"]) == 20
    say(bench, type="ask", kind="influence", reason="ss8")
    assert "gives no 'ss8' to leave out" in bench._state.error


def test_pairs_have_couplings_and_the_distances_of_template_and_prompt(bench):
    bench.what_if.show("pairs")
    view = bench.what_if
    assert not view.pairs["known"]
    quarters = np.frombuffer(view.template_distances, np.uint8).reshape(20, 20)
    assert (np.diag(quarters) == 0).all()
    assert 4 * 4.5 < quarters[0, 4] < 4 * 8
    assert view.distances == view.template_distances
    say(bench, type="ask", kind="pairs")
    assert view.pairs["known"]
    matrix = floats(view.couplings).reshape(20, 20)
    assert np.allclose(matrix, bench.couplings(), atol=1e-5)
    bench.prompt = bench.prompt.mask(slice(None), "structure")
    assert view.template_distances
    assert not view.distances


def test_a_question_can_be_stopped_and_a_newer_one_takes_its_place(bench):
    progress = []
    bench._state.observe(lambda change: progress.append(change["new"]), "reading_now")
    bench._what_if.ask_pairs()
    bench._what_if.ask_pairs()
    bench._what_if.stop("pairs")
    assert bench._what_if.asker.wait(60)
    assert bench._state.reading_now == {}
    assert "pairs" not in bench._state.readings
    assert progress[0]["kind"] == "pairs"
    assert bench._state.error == ""


def test_a_landscape_is_saved_as_a_table(bench):
    say(bench, type="table")
    assert "there is no landscape yet" in bench._state.error
    table = bench.landscape()
    say(bench, type="table")
    data = bench.what_if.comm.sent[-1]["buffers"][0].decode()
    note, *lines = data.splitlines()
    assert note == "# log-odds in nats, masked-marginal"
    rows = list(csv.DictReader(io.StringIO("\n".join(lines))))
    assert [row["residue"] for row in rows] == table.index.tolist()
    assert np.allclose([float(row["W"]) for row in rows], table["W"], atol=1e-5)


def test_a_residue_of_a_longer_result_is_selected_by_its_own_number(bench):
    bench.prompt = bench.prompt.mask("15-18", "sequence")
    bench.run("sequence:2").wait(60)
    bench.delete("12-13")
    bench.show("design-1")
    say(bench, type="select", ranges=[[6, 7]])
    assert bench.selection == "A:17"
    assert bench.what_if.selection == [[6, 7]]


def test_the_ramachandran_plot_is_of_what_is_on_view_and_needs_no_model(bench):
    bench._tabs.comm.say({"type": "tab", "tab": "ramachandran"})
    view = bench.what_if
    table = ramachandran(bench.prompt.template)
    assert view.ramachandran["labels"] == table.index.tolist()
    assert np.allclose(
        floats(view.torsions).reshape(20, 2), table[["phi", "psi"]], atol=1e-3, equal_nan=True
    )
    assert view.ramachandran["outliers"] == np.flatnonzero(table["outlier"]).tolist()
    assert bench._what_if.asker.wait(0)
    bench.prompt = bench.prompt.mask(slice(None), "structure")
    bench.run("structure:2", seed=1).wait(60)
    shown = ramachandran(bench._state.frame.protein)
    assert np.allclose(
        floats(view.torsions).reshape(20, 2), shown[["phi", "psi"]], atol=1e-3, equal_nan=True
    )
    say(bench, type="select", ranges=[[3, 4]])
    assert bench.selection == "A:14"
