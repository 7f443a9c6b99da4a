import io
import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from toys import TOY, given_weights

import workbench.archive.record as record
from workbench.archive import design_in, open_record, rebuild, save, write_design
from workbench.embedded import example
from workbench.equality import same
from workbench.errors import RecordError, SamplingError
from workbench.io import read_protein
from workbench.model.checkpoint import load_model
from workbench.model.model import Model, build_part
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.sampling.batching import Batch
from workbench.sampling.recipe import Recipe
from workbench.session import Session

RECIPE = Recipe.parse("sequence:3,structure:3")
SCHEMA = Path(record.__file__).with_name("record.schema.json")


@pytest.fixture
def session(model, prompt) -> Session:
    """Two edits, one undone; one design, and a run stopped after two steps."""
    session = Session(prompt, model)
    session.edit(prompt.paint([4], "sequence", "W"), "W at 5")
    session.edit(session.prompt.forbid([5], "C").mask([0], "sequence"), "no C at 6")
    session.edit(session.prompt.mask("20", "sequence"), "20 masked")
    session.undo()
    run = session.start(RECIPE, 3)
    list(run)
    session.keep(run)
    run = session.start(RECIPE, 4)
    run.advance()
    run.advance()
    return session


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def repacked(path: Path, contents: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in contents.items():
            packed.writestr(name, data)
    return path


def test_a_session_comes_back_with_its_history_designs_and_steps(session, tmp_path):
    again = open_record(save(session, tmp_path / "x.design"))
    assert again.history == session.history
    assert again.can_redo
    for before, after in zip(session.states, again.states, strict=True):
        assert [state.label for state in before] == [state.label for state in after]
        assert all(same(a.prompt, b.prompt) for a, b in zip(before, after, strict=True))
    (before,), (after,) = session.designs, again.designs
    assert same(before.prompt, after.prompt)
    assert after.protein.sequence == before.protein.sequence
    np.testing.assert_array_equal(after.protein.coordinates, before.protein.coordinates)
    np.testing.assert_allclose(
        after.protein.confidence.pae, before.protein.confidence.pae, atol=0.07
    )
    assert len(after.steps) == len(before.steps)
    for step, other in zip(before.steps, after.steps, strict=True):
        assert same(step.tokens, other.tokens)
        assert same(step.positions, other.positions)
        assert same(step.predicted_structure, other.predicted_structure)
        np.testing.assert_allclose(other.entropy, step.entropy, rtol=1e-3, atol=1e-3)
    np.testing.assert_equal(after.metrics, before.metrics)


def test_what_was_one_prompt_stays_one_prompt(session, tmp_path):
    again = open_record(save(session, tmp_path / "x.design"))
    assert again.designs[0].prompt is again.prompt
    assert again.unfinished[0].prompt is again.prompt
    assert again.states[0][0].prompt.template is again.prompt.template


def test_an_unfinished_run_goes_on_as_if_it_had_never_stopped(session, model, tmp_path):
    again = open_record(save(session, tmp_path / "x.design"))
    again.model = model
    (resumed,) = again.resume_runs()
    assert len(resumed.steps) == 2
    list(resumed)
    straight = Session(session.prompt, model).start(RECIPE, 4)
    list(straight)
    assert same(resumed.tokens(), straight.tokens())


def test_the_steps_of_a_design_can_be_looked_at_after_opening(session, model, tmp_path):
    again = open_record(save(session, tmp_path / "x.design"))
    again.model = model
    trajectory = again.trajectory_of(again.designs[0])
    assert trajectory.done
    assert trajectory.protein().sequence == session.designs[0].protein.sequence


def test_a_record_rebuilds_to_the_same_tokens(session, model, tmp_path):
    (result,) = rebuild(save(session, tmp_path / "x.design"), model)
    assert result.same
    assert result.differences == ()
    assert result.rmsd < 1e-3
    assert "the same" in str(result)


@pytest.mark.parametrize(
    "recipe",
    [
        "sequence:3(gate=plddt>2;retries=1)",
        "sequence:3(gibbs=2;refine=1),structure:2",
        "sequence:2(best=3;reward=plddt),structure:2(strategy=entropy;temperature=0.5)",
        "ss8:2,sasa:2,sequence:2(guide=ss8:2)",
    ],
    ids=["gated", "gibbs", "best of several", "chain of thought"],
)
def test_every_kind_of_run_comes_back_step_by_step_and_rebuilds(model, prompt, tmp_path, recipe):
    session = Session(prompt, model)
    list(run := session.start(Recipe.parse(recipe), 5))
    kept = session.keep(run)
    path = save(session, tmp_path / "x.design")
    (design,) = open_record(path).designs
    for step, other in zip(kept.steps, design.steps, strict=True):
        assert same(step.tokens, other.tokens)
        assert [str(o.gate) for o in step.outcomes] == [str(o.gate) for o in other.outcomes]
        assert [o.values for o in step.outcomes] == [o.values for o in other.outcomes]
        assert step.notes == other.notes
    (result,) = rebuild(path, model)
    assert result.same
    assert result.total > 0


def test_functions_that_were_sampled_come_back_and_rebuild(tmp_path):
    model = load_model("esm3-nano")
    session = Session(Prompt.from_protein(example(), ["sequence"]), model)
    list(run := session.start(Recipe.parse("function:2(temperature=1.5)"), 3))
    kept = session.keep(run)
    assert len(np.unique(kept.steps[-1].tokens.function, axis=0)) > 1
    path = save(session, tmp_path / "x.design")
    (again,) = open_record(path).designs
    for before, after in zip(kept.steps, again.steps, strict=True):
        np.testing.assert_array_equal(before.tokens.function, after.tokens.function)
    assert again.protein.function == kept.protein.function
    (result,) = rebuild(path, model)
    assert result.same


def test_runs_of_one_batch_come_back_each_with_its_own_tokens(model, prompt, tmp_path):
    session = Session(prompt, model)
    runs = [session.start(RECIPE, seed) for seed in range(3)]
    batch = Batch(runs)
    while not batch.done:
        batch.advance()
    for run in runs:
        session.keep(run)
    path = save(session, tmp_path / "x.design")
    for run, design in zip(runs, open_record(path).designs, strict=True):
        assert same(design.steps[-1].tokens, run.tokens())
    assert all(result.same for result in rebuild(path, model))


def test_annotations_given_as_prompts_come_back(model, full, tmp_path):
    session = Session(full.mask("3-6", "sequence"), model)
    list(run := session.start(Recipe.parse("sequence:2"), 1))
    session.keep(run)
    path = save(session, tmp_path / "x.design")
    (design,) = open_record(path).designs
    assert [annotation.label for annotation in design.prompt.function] == ["IPR000626", "kinase"]
    assert [annotation.label for annotation in design.prompt.residue] == ["Active site"]
    (result,) = rebuild(path, model)
    assert result.same


def test_another_model_is_named_and_what_it_changed_is_counted(session, tmp_path):
    other = Model(
        replace(TOY, name="other"), *[given_weights(build_part(TOY, p), 6) for p in TOY.parts]
    )
    (result,) = rebuild(save(session, tmp_path / "x.design"), other)
    assert not result.same
    assert result.changed > 0
    assert result.first_step is not None
    assert any(words.startswith("model was toy, is other") for words in result.differences)
    assert "tokens differ" in str(result)


def test_the_document_follows_its_schema(session, tmp_path):
    document = json.loads(members(save(session, tmp_path / "x.design"))["record.json"])
    jsonschema.validate(document, json.loads(SCHEMA.read_text("utf-8")))


def test_no_folder_of_this_machine_is_in_a_record(session, tmp_path):
    noted = session.prompt.template.with_(notes=("read from /home/ada/secret/1abc.pdb",))
    session.edit(replace(session.prompt, template=noted), "opened /home/ada/secret/1abc.pdb")
    session.trajectory = None
    packed = members(save(session, tmp_path / "x.design"))
    everything = b"".join(packed.values())
    assert b"ada" not in everything
    assert str(tmp_path).encode() not in everything
    assert b"1abc.pdb" in everything


@pytest.mark.parametrize("ending", [".cif", ".pdb", ".fasta", ".cif.gz"])
def test_a_protein_file_tells_how_its_protein_was_made(session, model, tmp_path, ending):
    design = session.designs[0]
    path = write_design(design, tmp_path / f"d{ending}")
    assert read_protein(path).sequence == design.protein.sequence
    provenance = design_in(path)
    assert (provenance.recipe, provenance.seed) == (design.recipe, design.seed)
    assert provenance.model_fingerprint == model.fingerprint
    if ending != ".fasta":
        again = Session(provenance.design.prompt, model).start(provenance.recipe, provenance.seed)
        list(again)
        assert again.protein().sequence == design.protein.sequence


def test_a_file_from_elsewhere_tells_nothing(tmp_path):
    (tmp_path / "x.fasta").write_text(">x\nMKT\n")
    assert design_in(tmp_path / "x.fasta") is None


# -- what strangers send -------------------------------------------------------------------------


def refusal(path: Path) -> str:
    before = path.read_bytes()
    with pytest.raises(RecordError) as refused:
        open_record(path)
    assert path.read_bytes() == before
    return str(refused.value)


def test_a_member_that_would_land_elsewhere_is_refused(session, tmp_path):
    path = save(session, tmp_path / "x.design")
    repacked(path, {**members(path), "../../evil.py": b"print()"})
    assert "../../evil.py" in refusal(path)


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path):
    path = repacked(tmp_path / "x.design", {"record.json": b"{}", "arrays/0.npy": bytes(300 << 20)})
    assert path.stat().st_size < 1 << 20
    assert "would unpack to" in refusal(path)


def test_an_array_that_claims_to_be_huge_is_refused_before_memory_is_taken(session, tmp_path):
    path = save(session, tmp_path / "x.design")
    buffer = io.BytesIO()
    header = {"descr": "<f4", "fortran_order": False, "shape": (1 << 40, 37, 3)}
    np.lib.format.write_array_header_1_0(buffer, header)
    contents = members(path)
    repacked(path, {n: d if n == "record.json" else buffer.getvalue() for n, d in contents.items()})
    assert "says it has shape" in refusal(path)


def test_pickled_objects_are_never_loaded(session, tmp_path):
    class Mine:
        def __reduce__(self):
            return (os.mkdir, (str(tmp_path / "owned"),))

    path = save(session, tmp_path / "x.design")
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.array([Mine()], object), allow_pickle=True)
    contents = members(path)
    repacked(path, {n: d if n == "record.json" else buffer.getvalue() for n, d in contents.items()})
    refusal(path)
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.update(version=99), "update esm3-workbench"),
        (lambda d: d.update(version=0, workbench="0.0.3"), "open it with esm3-workbench 0.0.3"),
        (lambda d: d.update(format="letter"), "no design record"),
        (lambda d: d.update(past=[]), "no prompt"),
        (lambda d: d["designs"][0].update(name="<script>alert(1)</script>"), "no name of a design"),
        (lambda d: d["designs"][0].update(recipe="colour:8"), "colour"),
        (lambda d: d["designs"][0].update(seed=-1), "seed"),
        (lambda d: d["prompts"][0].update(mood={"array": 0}), "mood"),
        (lambda d: d["past"][0].__setitem__(1, 77), "no prompt 77"),
        (lambda d: d["prompts"][0].update(coordinates={"array": 999999}), "lacks"),
    ],
)
def test_a_document_that_does_not_hold_together_is_refused(session, tmp_path, change, words):
    path = save(session, tmp_path / "x.design")
    contents = members(path)
    document = json.loads(contents["record.json"])
    change(document)
    repacked(path, {**contents, "record.json": json.dumps(document).encode()})
    assert words in refusal(path)


def test_a_prompt_written_before_a_track_existed_opens_with_that_track_free(session, tmp_path):
    path = save(session, tmp_path / "x.design")
    contents = members(path)
    document = json.loads(contents["record.json"])
    for prompt in document["prompts"]:
        del prompt["plddt"]
    repacked(path, {**contents, "record.json": json.dumps(document).encode()})
    assert np.isnan(open_record(path).prompt.plddt).all()


def mutated(contents: dict[str, bytes], random: np.random.Generator) -> dict[str, bytes]:
    """One array or the document with something wrong somewhere."""
    names = sorted(contents)
    name = "record.json" if random.random() < 0.6 else str(random.choice(names))
    data = bytearray(contents[name])
    if name == "record.json" and random.random() < 0.7:
        document = json.loads(data)
        at = [document]
        here, key = document, "format"
        while isinstance(at[-1], dict | list) and at[-1]:
            here = at[-1]
            keys = sorted(here) if isinstance(here, dict) else range(len(here))
            key = keys[random.integers(len(keys))]
            at.append(here[key])
            if random.random() < 0.15:
                break
        odd = [None, -1, 10**30, 1.5, "", "x" * 3000, [], {}, {"array": 1}, True, [[[]]]]
        here[key] = odd[random.integers(len(odd))]
        data = bytearray(json.dumps(document).encode())
    elif random.random() < 0.2:
        data = data[: random.integers(len(data))]
    else:
        for _ in range(random.integers(1, 4)):
            data[random.integers(len(data))] = random.integers(256)
    return {**contents, name: bytes(data)}


def test_damaged_records_open_or_are_refused_and_nothing_else(session, tmp_path):
    path = save(session, tmp_path / "x.design")
    whole, contents = path.read_bytes(), members(path)
    random = np.random.default_rng(0)
    refused = 0
    for turn in range(300):
        if turn % 3:
            data = repacked(path, mutated(contents, random)).read_bytes()
        elif turn % 2:
            data = whole[: random.integers(len(whole))]
        else:
            damaged = bytearray(whole)
            damaged[random.integers(len(whole))] ^= 1 + random.integers(255)
            data = bytes(damaged)
        try:
            opened = record.session_of(data, "x.design")
        except RecordError:
            refused += 1
        else:
            assert isinstance(opened.prompt, Prompt)
    assert refused > 150


def test_what_your_own_score_said_is_in_the_record_and_steers_again_when_it_is_given(
    model, prompt, tmp_path
):
    def alanines(protein: Protein) -> float:
        return float(protein.sequence.count("A"))

    session = Session(prompt, model)
    recipe = Recipe.parse("sequence:2(best=3;reward=alanines)")
    list(run := session.start(recipe, 2, scores={"alanines": alanines}))
    words = session.keep(run).metrics["alanines"]
    path = save(session, tmp_path / "x.design")
    (design,) = open_record(path).designs
    assert design.metrics["alanines"] == words
    (again,) = rebuild(path, model, {"alanines": alanines})
    assert again.same
    with pytest.raises(SamplingError, match=r"no metric 'alanines'.*pass your own scores"):
        rebuild(path, model)
