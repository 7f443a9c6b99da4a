"""Records that are small and would be huge once they are opened, and sessions too large for one."""

import json
import os
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from workbench.archive import open_record, rebuild, save
from workbench.errors import RecordError
from workbench.model.checkpoint import load_model, save_model
from workbench.prompt import Prompt
from workbench.protein import Confidence, Protein
from workbench.sampling.recipe import Recipe
from workbench.session import Session


@pytest.fixture
def session(model, prompt) -> Session:
    """One design with its PAE and its steps."""
    session = Session(prompt, model)
    list(run := session.start(Recipe.parse("sequence:2,structure:2"), 1))
    session.keep(run)
    return session


def rewritten(path, change) -> None:
    """The record with another document."""
    with zipfile.ZipFile(path) as packed:
        contents = {name: packed.read(name) for name in packed.namelist()}
    document = json.loads(contents["record.json"])
    change(document)
    contents["record.json"] = json.dumps(document).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in contents.items():
            packed.writestr(name, data)


def copied(name: str, times: int):
    def change(document) -> None:
        document[name] += [document[name][-1]] * times

    return change


@pytest.mark.parametrize(
    ("table", "times"), [("proteins", 200), ("prompts", 2_000), ("runs", 1_500)]
)
def test_one_array_that_many_values_share_is_counted_for_each(table, times, model, tmp_path):
    sequence = "MKTAYIAKQR" * 180
    blank = np.zeros((len(sequence), len(sequence)), np.float32)
    protein = Protein(sequence, confidence=Confidence(np.ones(len(sequence), np.float32), blank))
    prompt = Prompt.from_protein(protein).mask("1-80", "sequence")
    session = Session(prompt, model)
    if table == "runs":
        run = session.start(Recipe.parse("sequence:80"), 1, False)
        run.advance()
        run.advance()
    path = save(session, tmp_path / "x.design")
    rewritten(path, copied(table, times))
    assert path.stat().st_size < 500_000
    with pytest.raises(RecordError, match="take more than 64 MiB of memory"):
        open_record(path, memory=64 << 20)


def test_a_document_of_nothing_but_lists(session, tmp_path):
    path = save(session, tmp_path / "x.design")
    rewritten(path, lambda document: document.update(past=[[]] * 5_000_000))
    with pytest.raises(RecordError, match="keep fewer designs"):
        open_record(path)


def test_a_session_that_no_record_could_give_back_is_not_written(session, tmp_path):
    path = save(session, tmp_path / "x.design")
    before = path.read_bytes()
    with pytest.raises(RecordError, match="keep fewer designs"):
        save(session, path, memory=20_000)
    assert path.read_bytes() == before


def test_what_is_written_can_be_opened_again_however_narrow_the_bound(session, tmp_path):
    """Writing counts no less than reading does."""
    path = tmp_path / "x.design"
    for memory in range(20_000, 200_000, 20_000):
        try:
            save(session, path, memory=memory)
        except RecordError:
            continue
        assert len(open_record(path, memory=memory).designs) == 1
    assert path.exists()


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_only_files_are_opened(kind, tmp_path):
    path = tmp_path / "x.design"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    with pytest.raises(RecordError, match="cannot be read: it is a"):
        open_record(path)


def test_numbers_beyond_all_numbers_are_refused(session, tmp_path):
    path = save(session, tmp_path / "x.design")

    def change(document) -> None:
        document["designs"][0]["metrics"]["ptm"] = "huge"

    rewritten(path, change)
    with zipfile.ZipFile(path) as packed:
        contents = {name: packed.read(name) for name in packed.namelist()}
    contents["record.json"] = contents["record.json"].replace(b'"huge"', b"1e999")
    with zipfile.ZipFile(path, "w") as packed:
        for member, data in contents.items():
            packed.writestr(member, data)
    with pytest.raises(RecordError, match="1e999"):
        open_record(path)


def test_a_name_with_half_a_letter_is_kept_readable(session, tmp_path):
    """A file name that is no UTF-8 reaches Python as lone surrogates."""
    (design,) = session.designs
    session.designs[0] = replace(design, protein=design.protein.with_(name="caf\udce9"))
    again = open_record(save(session, tmp_path / "x.design"))
    assert again.designs[0].protein.name == "caf?"


@pytest.mark.parametrize("named", ["a checkpoint", "esm3-sm-open-v1", "somebody/else", ""])
def test_a_record_chooses_no_model_but_an_embedded_one(named, session, tmp_path):
    if named == "a checkpoint":
        save_model(session.model, tmp_path / "toy")
        named = str(tmp_path / "toy")
        assert load_model(named).fingerprint == session.model.fingerprint
    (design,) = session.designs
    session.designs[0] = replace(design, origin={**design.origin, "model": named})
    path = save(session, tmp_path / "x.design")
    with pytest.raises(RecordError, match="not embedded; give it yourself"):
        rebuild(path)


@pytest.mark.parametrize("value", [1e30, -2.0])
def test_a_confidence_that_is_none_is_refused(value, session, tmp_path):
    (design,) = session.designs
    confidence = replace(
        design.protein.confidence, plddt=np.full(len(design.prompt), value, np.float32)
    )
    session.designs[0] = replace(design, protein=design.protein.with_(confidence=confidence))
    with pytest.raises(RecordError, match="confidence goes up to"):
        open_record(save(session, tmp_path / "x.design"))
