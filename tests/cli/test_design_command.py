"""`workbench design`: what is made, how it is named, and what the exit code says."""

import csv
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from workbench import Prompt, Recipe, load_model
from workbench.archive import open_record
from workbench.cli import main
from workbench.cli.design import write_designs
from workbench.io import read_protein, write_protein
from workbench.sampling.trajectory import RunsFailed
from workbench.session import Session

NUMBERS = np.arange(101, 113)


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "designs.csv").open(newline="") as table:
        return list(csv.DictReader(table))


def test_a_redesign_changes_only_what_was_masked_and_is_written_twice(file, tmp_path, capsys):
    out = tmp_path / "designs"
    masks = ["--mask", "sequence=103-106", "--mask", "structure=103-106"]
    recipe = ["--recipe", "sequence:2,structure:2"]
    more = ["--designs", "2", "--seed", "5", "--model", "esm3-nano", "--out", str(out)]
    assert main(["design", str(file), *masks, *recipe, *more]) == 0

    table = rows(out)
    assert [row["seed"] for row in table] == ["5", "6"]
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    template = read_protein(file)
    for line, row in zip(lines, table, strict=True):
        assert row["design"] in line
        assert 0 <= float(row["ptm"]) <= 1
        assert 1 < float(row["plddt"]) <= 100
        for suffix in (".cif", ".pdb"):
            protein = read_protein(out / f"{row['design']}{suffix}")
            assert protein.sequence == row["sequence"]
            assert protein.has_backbone.all()
            assert protein.residue_number.tolist() == NUMBERS.tolist()
            assert protein.sequence[:2] == template.sequence[:2]
            assert protein.sequence[6:] == template.sequence[6:]
            assert protein.confidence is not None


def test_the_same_seed_gives_the_same_design_and_the_next_design_has_the_next(file, tmp_path):
    common = ["design", str(file), "--mask", "sequence=all", "--recipe", "sequence:2"]
    assert main([*common, "--seed", "1", "--designs", "2", "--out", str(tmp_path / "one")]) == 0
    assert main([*common, "--seed", "2", "--out", str(tmp_path / "two")]) == 0
    (_, second), (again,) = rows(tmp_path / "one"), rows(tmp_path / "two")
    assert second["sequence"] == again["sequence"]


@pytest.mark.parametrize("together", [1, 3])
def test_a_design_that_fails_is_named_and_the_others_are_written(together, file, tmp_path):
    prompt = Prompt.from_protein(read_protein(file)).mask("all", "sequence")
    session = Session(prompt, load_model("esm3-nano"))
    list(second := session.start(Recipe.parse("sequence:2"), 2))
    unwanted = second.protein().sequence

    def wanted(protein) -> float:
        if protein.sequence == unwanted:
            raise ValueError("out of range")
        return 1.0

    recipe = Recipe.parse("sequence:2(gate=wanted>0)")
    start = partial(session.start, recipe, scores={"wanted": wanted})
    starts = [partial(start, seed) for seed in (1, 2, 3)]
    with pytest.raises(RunsFailed, match=r"run of seed 2 failed: .* ValueError: out of range"):
        write_designs(session, starts, tmp_path, together=together)
    assert [row["seed"] for row in rows(tmp_path)] == ["1", "3"]


MASKED = ["--mask", "sequence=103-108", "--mask", "structure=103-108"]


def plddt_at_gate(file, seed: int) -> float:
    """What the gate of the recipe below sees of this seed."""
    prompt = Prompt.from_protein(read_protein(file)).mask("103-108", ["sequence", "structure"])
    recipe = Recipe.parse("sequence:2(gate=plddt>0;retries=0)")
    list(run := Session(prompt, load_model()).start(recipe, seed))
    return run.outcomes[0].values["plddt"]


def test_a_design_that_a_gate_stopped_is_named_and_not_among_the_finished(file, tmp_path, capsys):
    reached = {seed: plddt_at_gate(file, seed) for seed in (1, 2, 3)}
    low, bound, _ = sorted(reached.values())
    recipe = f"sequence:2(gate=plddt>={bound};retries=0),structure:2"
    common = ["design", str(file), *MASKED, "--recipe", recipe, "--seed", "1", "--designs", "3"]
    record = tmp_path / "all.design"
    assert main([*common, "--out", str(tmp_path), "--record", str(record)]) == 0
    stopped = [seed for seed, value in reached.items() if value == low]
    output = capsys.readouterr()
    (line,) = output.err.splitlines()
    assert f"design-{stopped[0]}: seed {stopped[0]} stopped, the sequence stage missed" in line
    assert [int(row["seed"]) for row in rows(tmp_path)] == [
        s for s in (1, 2, 3) if s not in stopped
    ]
    files = sorted(path.name for path in tmp_path.glob("design-*.pdb"))
    assert files == [f"design-{s}{'.stopped' if s in stopped else ''}.pdb" for s in (1, 2, 3)]
    assert len(open_record(record).designs) == 3
    assert main(["rebuild", str(record)]) == 0


def test_where_no_design_was_finished_the_exit_code_says_so(file, tmp_path, capsys):
    recipe = "sequence:2(gate=plddt>1;retries=1),structure:2"
    common = ["design", str(file), *MASKED, "--recipe", recipe, "--designs", "2"]
    assert main([*common, "--out", str(tmp_path)]) == 3
    output = capsys.readouterr()
    assert output.out == ""
    assert all("missed plddt>1 in 2 attempts" in line for line in output.err.splitlines())
    assert rows(tmp_path) == []
    assert not list(tmp_path.glob("design-?.cif"))


def test_designs_that_are_already_there_are_not_overwritten(refused, file, tmp_path, capsys):
    common = ["design", str(file), "--mask", "sequence=101", "--recipe", "sequence:1"]
    assert main([*common, "--out", str(tmp_path)]) == 0
    capsys.readouterr()
    before = {path.name: path.read_bytes() for path in tmp_path.glob("design*")}
    assert "already holds designs" in refused(*common, "--seed", "9", "--out", tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


def test_without_a_recipe_every_masked_track_is_filled(file, tmp_path):
    out = tmp_path / "designs"
    masks = ["--mask", "sequence=103-104", "--mask", "ss8=103-104"]
    assert main(["design", str(file), *masks, "--out", str(out)]) == 0
    assert rows(out)[0]["recipe"] == "sequence:8,ss8:8"


def test_a_masked_track_is_given_outside_its_mask(file, tmp_path):
    options = ["--mask", "ss8=103-104", "--mask", "sasa=all", "--recipe", "ss8:1"]
    record = ["--record", str(tmp_path / "x.design")]
    assert main(["design", str(file), *options, *record, "--out", str(tmp_path)]) == 0
    (design,) = open_record(tmp_path / "x.design").designs
    prompt = design.prompt
    assert np.flatnonzero(prompt.masked("ss8")).tolist() == [2, 3]
    assert prompt.masked("sasa").all()
    assert not prompt.masked("sequence").any()


def test_what_the_file_does_not_know_is_filled_without_being_asked(tmp_path):
    (tmp_path / "short.fasta").write_text(">short\nMKTAYIAKQR\n")
    out = tmp_path / "designs"
    assert main(["design", str(tmp_path / "short.fasta"), "--out", str(out)]) == 0
    assert rows(out)[0]["recipe"] == "structure:8"
    assert read_protein(out / "design-1.pdb").has_backbone.all()


def test_a_chain_can_be_chosen_and_masks_are_in_its_numbering(tmp_path, annotated_protein):
    chains = np.array(["A"] * 5 + ["B"] * 7)
    numbers = np.array([*range(1, 6), *range(-3, 4)])
    two = annotated_protein.with_(chain_id=chains, residue_number=numbers)
    path, out = write_protein(two, tmp_path / "two.pdb"), tmp_path / "designs"
    masks = ["--mask", "sequence=-2--1,2"]
    chosen = ["--chain", "B", "--recipe", "sequence:1", "--out", str(out)]
    assert main(["design", str(path), *masks, *chosen]) == 0
    before, after = np.array([list(two.sequence[5:]), list(rows(out)[0]["sequence"])])
    assert (before == after)[[0, 3, 4, 6]].all()


def test_a_model_of_an_nmr_file_is_redesigned_and_the_record_names_it(shared, tmp_path):
    path = shared / "data/structures/1l2y.bcif"
    more = [
        "--mask",
        "sequence=3-6",
        "--recipe",
        "sequence:1",
        "--record",
        str(tmp_path / "a.design"),
    ]
    assert (
        main(["design", str(path), "--conformer", "7", *more, "--out", str(tmp_path / "out")]) == 0
    )
    session = open_record(tmp_path / "a.design")
    assert session.history == ["open 1l2y, model 7"]
    given = read_protein(path, conformer=7).coordinates
    assert np.array_equal(session.prompt.template.coordinates, given, equal_nan=True)
