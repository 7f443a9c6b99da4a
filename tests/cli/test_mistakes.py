"""What a person gets wrong at the command line is one line and the exit code 2."""

import subprocess
import sys

import numpy as np
import pytest

NUMBERS = np.arange(101, 113)


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
    complaint = refused("design", file, "--mask", f"sequence={where}", "--out", tmp_path)
    assert repr(where) in complaint
    assert "A:101 to A:112" in complaint


def test_a_range_that_cannot_be_read_is_refused(refused, file, tmp_path):
    complaint = refused("design", file, "--mask", "sequence=forty", "--out", tmp_path)
    assert "cannot read 'forty'" in complaint


@pytest.mark.parametrize("mask", ["sequence", "=101", "sequence=", ""])
def test_a_mask_without_its_two_halves_is_refused(refused, file, tmp_path, mask):
    assert "TRACK=RESIDUES" in refused("design", file, f"--mask={mask}", "--out", tmp_path)


def test_an_unknown_track_is_refused_with_the_tracks_there_are(refused, file, tmp_path):
    complaint = refused("design", file, "--mask", "colour=101", "--out", tmp_path)
    assert "no track 'colour'" in complaint
    assert "sequence, structure" in complaint


def test_an_unknown_model_is_refused_with_the_models_there_are(refused, file, tmp_path):
    masked = ["--mask", "sequence=101"]
    complaint = refused("design", file, *masked, "--model", "esm9", "--out", tmp_path)
    assert "no model 'esm9'" in complaint
    assert "esm3-nano" in complaint


@pytest.mark.parametrize("recipe", ["", "sequence", "sequence:0", "colour:8", "residue:8"])
def test_a_bad_recipe_is_refused(refused, file, tmp_path, recipe):
    without_sites = ["--model", "esm3-nano", "--mask", "sequence=101"]
    refused("design", file, *without_sites, f"--recipe={recipe}", "--out", tmp_path)


@pytest.mark.parametrize("recipe", [[], ["--recipe", "structure:8"]])
def test_a_recipe_with_nothing_to_fill_is_refused(refused, file, tmp_path, recipe):
    assert "nothing is masked" in refused("design", file, *recipe, "--out", tmp_path)


def test_an_unknown_chain_is_refused(refused, file, tmp_path):
    assert "'Q'" in refused("design", file, "--chain", "Q", "--out", tmp_path)


def test_an_unknown_device_is_refused(refused, file, tmp_path):
    masked = ["--mask", "sequence=101"]
    complaint = refused("design", file, *masked, "--device", "abacus", "--out", tmp_path)
    assert "'abacus'" in complaint


@pytest.mark.parametrize("below", ["twelve.cif", "twelve.cif/designs"])
def test_a_folder_that_cannot_be_written_is_refused(refused, file, tmp_path, below):
    assert below in refused("design", file, "--mask", "sequence=101", "--out", tmp_path / below)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
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
def test_a_command_that_makes_no_sense_is_refused(refused, arguments, complaint):
    assert complaint in refused(*arguments.split())


def test_the_command_itself_leaves_with_code_2_and_one_line(tmp_path):
    command = [sys.executable, "-m", "workbench", "design", "nowhere.pdb", "--out", "designs"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("workbench: error: there is no file 'nowhere.pdb'")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["open", "rebuild", "report"])
def test_a_file_that_is_no_record_is_refused(refused, tmp_path, command):
    (tmp_path / "letter.design").write_text("Dear editor,\n")
    assert "letter.design" in refused(command, tmp_path / "letter.design")
