"""Designs under their template: what the table's alignment holds, and what a click in it does."""

import pytest

from widgets import Bench


@pytest.fixture
def bench(prompt, model) -> Bench:
    bench = Bench(prompt.mask("15-18", "sequence"), model)
    bench.run("sequence:2", designs=2).wait(60)
    bench._table.comm.say({"type": "align", "on": True})
    return bench


def test_designs_stand_under_the_template_by_their_numbering(bench):
    held = bench._table.alignment
    assert held["names"] == ["small", "design-1", "design-2"]
    assert held["rows"][0] == bench.prompt.template.sequence
    assert held["rows"][1:] == bench.designs["sequence"].tolist()
    assert held["labels"][:2] == ["A:11", "A:12"]


def test_residues_inserted_since_are_gaps_in_the_designs(bench):
    bench.insert("12", 2)
    bench.run("sequence:2").wait(60)
    held = bench._table.alignment
    assert held["rows"][1][2:4] == "--"
    assert "-" not in held["rows"][3]
    assert held["names"][3] == "design-3"


def test_a_column_selects_its_residue_everywhere(bench):
    bench._table.comm.say({"type": "select", "ranges": [[4, 5]]})
    assert bench.selection == "A:15"
    assert bench.structure.selection == [[4, 5]]


def test_nothing_is_aligned_while_the_panel_is_closed(bench):
    bench._table.comm.say({"type": "align", "on": False})
    assert bench._table.alignment == {}
    bench.run("sequence:2").wait(60)
    assert bench._table.alignment == {}
    bench._table.comm.say({"type": "align", "on": True})
    assert bench._table.alignment["names"][1:] == [f"design-{k}" for k in range(1, 5)]
    bench.delete("30")
    assert bench._table.alignment["rows"][0] == bench.prompt.template.sequence + "-"


def test_a_column_selects_the_template_s_residue_while_a_shorter_result_is_on_view(bench):
    bench.insert("11", 2)
    bench.show("design-1")
    bench._table.comm.say({"type": "select", "ranges": [[6, 7]]})
    assert bench.selection == "A:15"
    assert bench.structure.selection == [[4, 5]]
