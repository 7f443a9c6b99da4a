"""Stars, notes and controls of a session in its record."""

import json
import zipfile
from pathlib import Path

import jsonschema
import pytest

import workbench.archive.record as record
from workbench.archive import open_record, rebuild, save, write_design
from workbench.equality import same_fields
from workbench.errors import RecordError
from workbench.sampling.recipe import Recipe
from workbench.session import Session

SCHEMA = Path(record.__file__).with_name("record.schema.json")


def test_remarks_and_controls_are_recorded_and_undone_after_opening(model, prompt, tmp_path):
    session = Session(prompt, model)
    list(run := session.start(Recipe.parse("sequence:2"), 3))
    session.keep(run)
    session.remark("design-1", 2, "to order")
    session.add_control(session.prompt.template, "wild type")
    session.remark("wild-type", 1)
    session.undo()
    path = save(session, tmp_path / "x.design")
    with zipfile.ZipFile(path) as packed:
        document = json.loads(packed.read("record.json"))
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    again = open_record(path)
    assert again.table()["stars"].tolist() == [2, 0]
    assert again.table()["note"].tolist() == ["to order", ""]
    again.redo()
    assert again.table()["stars"].tolist() == [2, 1]
    again.undo()
    again.undo()
    assert not again.remarks
    control = again.design("wild-type")
    assert control.is_control
    assert not control.prompt.masked("sequence").any()
    assert same_fields(control.prompt, prompt, ["template"])
    assert [result.name for result in rebuild(path, model)] == ["design-1"]
    with pytest.raises(RecordError, match="wild-type is a control"):
        write_design(control, tmp_path / "x.cif")
