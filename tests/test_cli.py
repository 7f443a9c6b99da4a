import base64
import csv
import gzip
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import workbench
from workbench import Prompt, Recipe, load_model
from workbench.archive import open_record, save
from workbench.campaign import Campaign
from workbench.cli import main
from workbench.errors import SamplingError
from workbench.io import read_protein, write_protein
from workbench.sampling import batching, trajectory
from workbench.session import Session

NUMBERS = np.arange(101, 113)


@pytest.fixture
def file(tmp_path, annotated_protein) -> Path:
    """Twelve residues, numbered 101 to 112 in chain A."""
    return write_protein(annotated_protein.with_(residue_number=NUMBERS), tmp_path / "twelve.cif")


@pytest.fixture
def refused(capsys):
    """Runs a command that must fail as a person expects; gives its one line."""

    def run(*arguments: object) -> str:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as left:
            code = left.code
        said = capsys.readouterr()
        assert code == 2
        assert said.out == ""
        assert said.err.count("\n") == 1
        assert said.err.startswith("workbench: error: ")
        return said.err

    return run


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "designs.csv").open(newline="") as table:
        return list(csv.DictReader(table))


# -- design --------------------------------------------------------------------------------------


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
def test_a_design_that_fails_is_named_and_the_others_are_written(
    together, file, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(batching, "batch_size", lambda *_: together)
    steps_after = trajectory.steps_after

    def failing(plan, *arguments):
        if plan.seed == 2:
            raise SamplingError("out of range")
        return steps_after(plan, *arguments)

    monkeypatch.setattr(trajectory, "steps_after", failing)
    common = ["design", str(file), "--mask", "sequence=all", "--recipe", "sequence:2"]
    assert main([*common, "--seed", "1", "--designs", "3", "--out", str(tmp_path)]) == 2
    assert "the run of seed 2 failed: out of range" in capsys.readouterr().err
    assert [row["seed"] for row in rows(tmp_path)] == ["1", "3"]


MASKED = ["--mask", "sequence=103-108", "--mask", "structure=103-108"]


def plddt_at_gate(file, seed: int) -> float:
    """What the gate of the recipe below sees of this seed."""
    prompt = Prompt.from_protein(read_protein(file)).mask("103-108", ["sequence", "structure"])
    recipe = Recipe.parse("sequence:2(gate=plddt>0;retries=0)")
    list(run := Session(prompt, load_model("esm3-nano")).start(recipe, seed))
    return run.outcomes[0].values["plddt"]


def test_a_design_that_a_gate_stopped_is_named_and_not_among_the_finished(file, tmp_path, capsys):
    reached = {seed: plddt_at_gate(file, seed) for seed in (1, 2, 3)}
    low, bound, _ = sorted(reached.values())
    recipe = f"sequence:2(gate=plddt>={bound};retries=0),structure:2"
    common = ["design", str(file), *MASKED, "--recipe", recipe, "--seed", "1", "--designs", "3"]
    record = tmp_path / "all.design"
    assert main([*common, "--out", str(tmp_path), "--record", str(record)]) == 0
    stopped = [seed for seed, value in reached.items() if value == low]
    said = capsys.readouterr()
    (line,) = said.err.splitlines()
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
    said = capsys.readouterr()
    assert said.out == ""
    assert all("missed plddt>1 in 2 attempts" in line for line in said.err.splitlines())
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


def test_a_masked_track_is_given_outside_its_mask(file, tmp_path, monkeypatch):
    kept = []
    keep = Session.keep
    monkeypatch.setattr(Session, "keep", lambda *a: kept.append(a[1].prompt) or keep(*a))
    asked = ["--mask", "ss8=103-104", "--mask", "sasa=all", "--recipe", "ss8:1"]
    assert main(["design", str(file), *asked, "--out", str(tmp_path)]) == 0
    (prompt,) = kept
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


# -- what a person gets wrong --------------------------------------------------------------------


def test_a_missing_file_is_named(refused, tmp_path):
    assert "nowhere.pdb" in refused("design", tmp_path / "nowhere.pdb", "--out", tmp_path)


def test_a_file_that_is_no_structure_is_refused(refused, tmp_path):
    path = tmp_path / "letter.pdb"
    path.write_text("Dear editor,\n")
    assert "letter.pdb" in refused("design", path, "--out", tmp_path)


def test_an_empty_protein_is_refused(refused, tmp_path):
    path = tmp_path / "empty.pdb"
    path.write_text("END\n")
    assert "empty.pdb" in refused("design", path, "--out", tmp_path)


@pytest.mark.parametrize("where", ["20-40", "101-140", "A:99"])
def test_residues_outside_are_refused_with_the_file_s_own(refused, file, tmp_path, where):
    said = refused("design", file, "--mask", f"sequence={where}", "--out", tmp_path)
    assert repr(where) in said
    assert "A:101 to A:112" in said


def test_a_range_that_cannot_be_read_is_refused(refused, file, tmp_path):
    said = refused("design", file, "--mask", "sequence=forty", "--out", tmp_path)
    assert "cannot read 'forty'" in said


@pytest.mark.parametrize("mask", ["sequence", "=101", "sequence=", ""])
def test_a_mask_without_its_two_halves_is_refused(refused, file, tmp_path, mask):
    assert "TRACK=RESIDUES" in refused("design", file, f"--mask={mask}", "--out", tmp_path)


def test_an_unknown_track_is_refused_with_the_tracks_there_are(refused, file, tmp_path):
    said = refused("design", file, "--mask", "colour=101", "--out", tmp_path)
    assert "no track 'colour'" in said
    assert "sequence, structure" in said


def test_an_unknown_model_is_refused_with_the_models_there_are(refused, file, tmp_path):
    masked = ["--mask", "sequence=101"]
    said = refused("design", file, *masked, "--model", "esm9", "--out", tmp_path)
    assert "no model 'esm9'" in said
    assert "esm3-nano" in said


@pytest.mark.parametrize("recipe", ["", "sequence", "sequence:0", "colour:8", "residue:8"])
def test_a_bad_recipe_is_refused(refused, file, tmp_path, recipe):
    refused("design", file, "--mask", "sequence=101", f"--recipe={recipe}", "--out", tmp_path)


@pytest.mark.parametrize("recipe", [[], ["--recipe", "structure:8"]])
def test_a_recipe_with_nothing_to_fill_is_refused(refused, file, tmp_path, recipe):
    assert "nothing is masked" in refused("design", file, *recipe, "--out", tmp_path)


def test_an_unknown_chain_is_refused(refused, file, tmp_path):
    assert "'Q'" in refused("design", file, "--chain", "Q", "--out", tmp_path)


def test_an_unknown_device_is_refused(refused, file, tmp_path):
    masked = ["--mask", "sequence=101"]
    said = refused("design", file, *masked, "--device", "abacus", "--out", tmp_path)
    assert "'abacus'" in said


@pytest.mark.parametrize("below", ["twelve.cif", "twelve.cif/designs"])
def test_a_folder_that_cannot_be_written_is_refused(refused, file, tmp_path, below):
    assert below in refused("design", file, "--mask", "sequence=101", "--out", tmp_path / below)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "required: COMMAND"),
        ("redesign", "'redesign'"),
        ("design", "required: INPUT, --out"),
        ("design a.pdb", "required: --out"),
        ("design a.pdb --out x --designs 0", "--designs: there must be at least 1"),
        ("design a.pdb --out x --designs two", "'two' is no whole number"),
        ("design a.pdb --out x --seed -1", "--seed"),
        ("design a.pdb --out x --seed=-1", "'-1' is no whole number"),
        ("design a.pdb --out x --speed 9", "unrecognized arguments: --speed 9"),
        ("info --yaml", "unrecognized arguments: --yaml"),
    ],
)
def test_a_command_that_makes_no_sense_is_refused(refused, arguments, said):
    assert said in refused(*arguments.split())


def test_the_command_itself_leaves_with_code_2_and_one_line(tmp_path):
    command = [sys.executable, "-m", "workbench", "design", "nowhere.pdb", "--out", "designs"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("workbench: error: there is no file 'nowhere.pdb'")
    assert not list(tmp_path.iterdir())


# -- info and lab --------------------------------------------------------------------------------


def test_info_tells_version_models_device_and_precision(capsys):
    assert main(["info", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["version"] == workbench.__version__
    assert "esm3-nano" in found["models"]
    assert found["device"] in ("cpu", "cuda", "mps")
    assert found["dtype"] in ("float32", "bfloat16", "float16")
    assert {"torch", "python"} < set(found)


def test_info_for_people_says_the_same(capsys):
    assert main(["info"]) == 0
    said = capsys.readouterr().out
    assert workbench.__version__ in said
    assert "esm3-nano" in said


def test_help_answers_without_loading_torch():
    code = (
        "import sys; from workbench.cli import main\n"
        "try: main(['design', '--help'])\n"
        "except SystemExit: print([m for m in ('torch', 'numpy', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "--mask TRACK=RESIDUES" in done.stdout


@pytest.fixture
def started(monkeypatch) -> list[list[str]]:
    """Commands that would have replaced this process."""
    commands: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda program, command: commands.append(command))
    return commands


def test_lab_puts_the_quickstart_into_the_folder_and_hands_jupyter_its_arguments(
    started, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert main(["lab", "--no-browser", "--port=9999"]) == 0
    (command,) = started
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert command[-2:] == ["--no-browser", "--port=9999"]
    assert json.loads((tmp_path / "01_quickstart.ipynb").read_text("utf-8"))["cells"]


def test_lab_leaves_a_quickstart_that_is_already_there_alone(started, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notebooks").mkdir()
    mine = tmp_path / "notebooks" / "01_quickstart.ipynb"
    mine.write_text("mine")
    assert main(["lab"]) == 0
    assert not (tmp_path / "01_quickstart.ipynb").exists()
    assert mine.read_text() == "mine"


# -- records -------------------------------------------------------------------------------------


def test_a_record_says_what_it_holds_and_rebuilds(file, tmp_path, capsys):
    record = tmp_path / "x.design"
    asked = ["--mask", "sequence=103-106", "--recipe", "sequence:2", "--seed", "5"]
    out = ["--out", str(tmp_path / "designs"), "--record", str(record)]
    assert main(["design", str(file), *asked, *out]) == 0
    capsys.readouterr()
    assert main(["open", str(record)]) == 0
    assert "design-1: sequence:2, seed 5, esm3-nano" in capsys.readouterr().out
    assert main(["rebuild", str(record)]) == 0
    assert "design-1: the same" in capsys.readouterr().out


@pytest.fixture
def record(file, tmp_path) -> Path:
    """A record of one design, made by the command line."""
    path = tmp_path / "x.design"
    asked = ["--mask", "sequence=103-106", "--recipe", "sequence:2"]
    out = ["--out", str(tmp_path / "designs"), "--record", str(path)]
    assert main(["design", str(file), *asked, *out]) == 0
    return path


def test_a_record_becomes_a_page_with_its_steps_and_itself_inside(record, capsys):
    capsys.readouterr()
    assert main(["report", str(record)]) == 0
    page = record.with_suffix(".html")
    assert capsys.readouterr().out == f"{page}\n"
    text = page.read_text("utf-8")
    assert "Download x.design" in text
    packed = re.search(r'<script id="pack"[^>]*>([^<]*)<', text)[1]
    data = gzip.decompress(base64.b85decode(packed.replace(",", "<")))
    assert b'"step:2"' in data
    assert record.read_bytes() in data


def test_a_record_opens_in_jupyter_in_a_notebook_beside_it(record, started, capsys):
    assert main(["open", str(record), "--lab"]) == 0
    notebook = record.with_suffix(".ipynb")
    assert started == [[sys.executable, "-m", "jupyterlab", str(notebook)]]
    (cell,) = json.loads(notebook.read_text("utf-8"))["cells"]
    assert cell["source"].splitlines()[-1] == "Bench('x.design')"
    notebook.write_text("mine")
    main(["open", str(record), "--lab"])
    assert notebook.read_text() == "mine"


def test_a_campaign_goes_on_where_the_same_command_left_it(file, refused, tmp_path, capsys):
    asked = ["campaign", file, "--mask", "sequence=103-106", "--recipe", "sequence:2"]
    out = ["--out", tmp_path / "many"]
    assert main([str(a) for a in [*asked, "--seeds", "0-1", *out]]) == 0
    assert capsys.readouterr().out.startswith("2 of 2 designs -> ")
    assert main([str(a) for a in [*asked, "--seeds", "0-2", *out]]) == 0
    assert sorted(Campaign.open(tmp_path / "many").table().seed) == [0, 1, 2]
    capsys.readouterr()
    assert "9-3 runs backwards; write 3-9" in refused(*asked, "--seeds", "9-3", *out)


def test_a_record_whose_tokens_come_out_otherwise_is_told_by_the_exit_code(record, capsys):
    assert main(["rebuild", str(record)]) == 0
    session = open_record(record)
    session.designs = [replace(session.designs[0], seed=session.designs[0].seed + 1)]
    save(session, record)
    assert main(["rebuild", str(record)]) == 1
    assert "tokens differ" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["open", "rebuild", "report"])
def test_a_file_that_is_no_record_is_refused(refused, tmp_path, command):
    (tmp_path / "letter.design").write_text("Dear editor,\n")
    assert "letter.design" in refused(command, tmp_path / "letter.design")


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("CUDA out of memory. Tried 9 GiB")])
def test_memory_that_is_full_is_one_line(error, monkeypatch, capsys):
    def full(_: object) -> None:
        raise error

    monkeypatch.setattr("workbench.cli.info.run", full)
    assert main(["info"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
