import math

import numpy as np
import pandas as pd
import pytest
from toys import SEQUENCE

from workbench.embedded import example
from workbench.errors import PromptError, SamplingError
from workbench.metrics import ca_rmsd, measure
from workbench.opening import open_prompt
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.sampling.recipe import Recipe
from workbench.session import Session


def test_undo_and_redo_walk_the_same_prompts_both_ways():
    session = Session(Prompt.from_protein(Protein(SEQUENCE)))
    prompts = [session.prompt]
    for k in range(4):
        session.edit(session.prompt.mask(k), f"mask {k}")
        prompts.append(session.prompt)
    assert session.history == ["open", "mask 0", "mask 1", "mask 2", "mask 3"]
    assert [session.undo() for _ in range(4)] == prompts[-2::-1]
    assert not session.can_undo
    assert [session.redo() for _ in range(4)] == prompts[1:]


def test_an_edit_after_undo_forgets_what_was_undone():
    session = Session(Prompt.blank(5))
    session.edit(session.prompt.paint(0, "sequence", "A"), "A")
    session.undo()
    session.edit(session.prompt.paint(0, "sequence", "C"), "C")
    assert not session.can_redo
    with pytest.raises(PromptError, match="nothing to redo"):
        session.redo()


def test_running_needs_a_model():
    with pytest.raises(SamplingError, match="no model yet"):
        Session(Prompt.blank(5)).start(Recipe.parse("sequence:2"))


def test_designs_become_rows_that_say_how_to_make_them_again(model, prompt):
    session = Session(prompt, model)
    assert session.table().empty
    for seed in (3, 4):
        trajectory = session.start(Recipe.parse("sequence:2,structure:2"), seed)
        list(trajectory)
        session.keep(trajectory)
    table = session.table()
    assert isinstance(table, pd.DataFrame)
    assert table["seed"].tolist() == [3, 4]
    assert table["sequence"].tolist() == [d.protein.sequence for d in session.designs]
    assert table["plddt"].between(0, 1).all()
    assert table["ptm"].between(0, 1).all()
    design = session.designs[0]
    again = Session(design.prompt, model).start(design.recipe, design.seed)
    list(again)
    assert again.protein().sequence == design.protein.sequence
    assert design.model_fingerprint == model.fingerprint


def alanines(protein: Protein) -> float:
    return float(protein.sequence.count("A"))


def test_what_a_score_of_your_own_says_stands_in_the_table(model, prompt):
    session = Session(prompt, model)
    list(run := session.start(Recipe.parse("sequence:2"), 1))
    session.keep(run)
    recipe = Recipe.parse("sequence:2(best=3;reward=alanines)")
    list(run := session.start(recipe, 2, scores={"alanines": alanines}))
    design = session.keep(run)
    assert design.metrics["alanines"] == alanines(design.protein)
    column = session.table()["alanines"]
    assert math.isnan(column[0])
    assert column[1] == alanines(design.protein)
    assert session.table().columns[-2:].tolist() == ["recipe", "sequence"]


def test_a_design_is_kept_when_a_score_fails_on_it(model, prompt):
    session = Session(prompt, model)
    scores = {"broken": lambda protein: protein.no_such_thing}
    list(run := session.start(Recipe.parse("sequence:2"), 1, scores=scores))
    assert math.isnan(session.keep(run).metrics["broken"])


def test_steps_steered_by_a_score_can_be_looked_at_without_it(model, prompt):
    recipe = Recipe.parse("sequence:2(best=3;reward=alanines)")
    session = Session(prompt, model)
    list(run := session.start(recipe, 2, scores={"alanines": alanines}))
    design = session.keep(run)
    assert session.trajectory_of(design).branch(1).plan.scores == {"alanines": alanines}
    elsewhere = Session(prompt, model).trajectory_of(design)
    assert elsewhere.protein().sequence == design.protein.sequence
    elsewhere.rewind(1)
    with pytest.raises(SamplingError, match="steered by the score 'alanines', which is not here"):
        elsewhere.advance()


def test_designs_discarded_come_back_to_their_places_and_keep_their_names(model, prompt):
    session = Session(prompt, model)

    def make(seed: int) -> str:
        list(run := session.start(Recipe.parse("sequence:1"), seed))
        return session.keep(run).name

    def names() -> list[str]:
        return [design.name for design in session.designs]

    for seed in range(4):
        make(seed)
    assert len(session.discard(["design-4", "design-2"])) == 2
    session.discard(["design-1"])
    assert names() == session.table()["design"].tolist() == ["design-3"]
    assert make(4) == "design-5"
    assert [design.name for design in session.all_designs] == [f"design-{k}" for k in range(1, 6)]
    with pytest.raises(SamplingError, match="no design 'design-2'; there are: design-3, design-5"):
        session.discard(["design-3", "design-2"])
    assert names() == ["design-3", "design-5"]
    session.bring_back()
    assert names() == ["design-1", "design-3", "design-5"]
    assert session.last_discarded == 2
    session.bring_back()
    assert names() == [f"design-{k}" for k in range(1, 6)]
    with pytest.raises(SamplingError, match="no design was discarded"):
        session.bring_back()


def test_stars_and_notes_are_steps_of_the_history_like_edits(model, prompt):
    session = Session(prompt, model)
    list(run := session.start(Recipe.parse("sequence:1"), 1))
    session.keep(run)
    session.remark("design-1", stars=2)
    session.edit(prompt.mask(0), "mask 0")
    session.remark("design-1", note="order\n this one ")
    session.remark("design-1", stars=2)
    assert session.history[1:] == ["design-1: ★★☆", "mask 0", "design-1: ★★☆ order this one"]
    assert session.table()[["stars", "note"]].values.tolist() == [[2, "order this one"]]
    session.undo()
    assert session.table()[["stars", "note"]].values.tolist() == [[2, ""]]
    session.undo()
    session.undo()
    assert session.prompt is prompt
    assert session.table()[["stars", "note"]].values.tolist() == [[0, ""]]
    for _ in range(3):
        session.redo()
    assert session.remarks["design-1"].note == "order this one"
    for wrong, complaint in (({"stars": 4}, "from 0 to 3"), ({"note": "x" * 501}, "500 fit")):
        with pytest.raises(SamplingError, match=complaint):
            session.remark("design-1", **wrong)


def test_remarks_come_along_with_designs_of_another_session_and_stay_through_undo(model, prompt):
    first, second = Session(prompt, model), Session(prompt, model)
    for session in (first, second):
        list(run := session.start(Recipe.parse("sequence:1"), 1))
        session.keep(run)
    first.remark("design-1", 3, "mine")
    second.edit(prompt.mask(0), "mask 0")
    second.add_designs(first.designs, first.remarks)
    second.undo()
    table = second.table().set_index("design")
    assert table["note"].to_dict() == {"design-1": "", "design-2": "mine"}


def test_a_control_is_measured_as_designs_are():
    prompt = open_prompt(example())
    template = prompt.template
    session = Session(prompt)
    rng = np.random.default_rng(0)
    shaken = template.coordinates + rng.normal(0, 0.5, template.coordinates.shape)
    moved = template.with_(coordinates=shaken.astype(np.float32), name="shaken one")
    session.add_control(template)
    session.add_control(moved)
    session.add_control(template.take(np.arange(10, 40)), "part")
    table = session.table().set_index("design")
    assert table.index.tolist() == [template.name, "shaken-one", "part"]
    assert (table["status"].str.startswith("control")).all()
    assert table["ca_rmsd"][template.name] == pytest.approx(0, abs=1e-4)
    measured = measure(moved, prompt)
    assert table["ca_rmsd"]["shaken-one"] == pytest.approx(ca_rmsd(moved, template))
    assert table["clashes"]["shaken-one"] == measured["clashes"]
    assert table["ca_rmsd"]["part"] == pytest.approx(0, abs=1e-4)
    assert table["chain_breaks"]["part"] == 0
    assert session.designs[1].as_prompt().template.sequence == template.sequence


def test_a_control_of_another_length_is_compared_where_the_sequences_are_alike():
    prompt = open_prompt(example())
    template = prompt.template
    kept = np.r_[5:28, 33:60]
    rng = np.random.default_rng(1)
    coordinates = template.coordinates + rng.normal(0, 0.5, template.coordinates.shape)
    shaken = template.with_(coordinates=coordinates.astype(np.float32))
    homologue = shaken.take(kept).with_(residue_number=np.arange(301, 301 + len(kept)))
    sequence = homologue.sequence[:10] + "W" + homologue.sequence[11:]
    control = Session(prompt).add_control(homologue.with_(sequence=sequence, name="homologue"))
    expected = ca_rmsd(shaken.take(kept), template.take(kept))
    assert control.metrics["ca_rmsd"] == pytest.approx(expected, rel=1e-5)
    assert (
        control.metrics["chain_breaks"]
        == measure(homologue, Prompt.blank(len(kept)))["chain_breaks"]
    )
