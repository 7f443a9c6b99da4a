"""``~`` is the home folder in every path that a person may give."""

import pytest
from ideal_chains import ideal_chain

from workbench.archive import design_in, open_record, save
from workbench.campaign import Campaign
from workbench.cli import main
from workbench.errors import StructureError, WorkbenchError
from workbench.io import read_protein, read_records, write_protein
from workbench.model.checkpoint import convert_model, load_model
from workbench.paths import given_path
from workbench.protein import Protein
from workbench.session import Session


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder that is not the working directory."""
    (tmp_path / "home").mkdir()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "elsewhere")
    yield tmp_path / "home"
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_files_are_written_to_and_read_from_the_home_folder(home, prompt):
    small = Protein("MKT", coordinates=ideal_chain("MKT"))
    assert write_protein(small, "~/small.cif") == home / "small.cif"
    assert read_protein("~/small.cif").sequence == "MKT"
    write_protein(small, "~/small.fa")
    assert [read_record.sequence for read_record in read_records("~/small.fa")] == ["MKT"]
    assert save(Session(prompt), "~/mine.design") == home / "mine.design"
    assert len(open_record("~/mine.design").prompt) == len(prompt)
    assert design_in("~/small.cif") is None


def test_models_and_campaigns_are_kept_in_the_home_folder(home, prompt):
    convert_model("esm3-nano", "~/model")
    assert load_model("~/model").name
    campaign = Campaign([(prompt, 0)], "~/runs", "sequence:2")
    assert campaign.folder == home / "runs"


@pytest.mark.parametrize("form", ["--out=~/designs", "--out ~/designs"])
def test_the_command_line_makes_no_folder_called_tilde(home, form, capsys):
    command = ["design", "MKTAYIAK_", "--recipe", "sequence:1", *form.split()]
    assert main([*command, "--record=~/all.design"]) == 0
    assert (home / "designs" / "designs.csv").is_file()
    assert (home / "all.design").is_file()
    assert main(["open", "~/all.design"]) == 0
    assert "design-1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("path", "complaint"),
    [("~nobody-here/x", "no home folder for '~nobody-here'"), ("a\0b", "holds a zero byte"),
     (3, "3 is no path; give the name of a file or folder")],
)  # fmt: skip
def test_what_is_no_path_is_refused_in_words(path, complaint):
    with pytest.raises(WorkbenchError, match=complaint):
        given_path(path)
    if isinstance(path, str):
        with pytest.raises(StructureError, match=complaint):
            read_protein(path)
