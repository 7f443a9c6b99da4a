"""What Python and the browser must agree on. node replays the same files in tests/js/contract."""

import json

import pytest
from contract_cases import DOCUMENTS, FOLDER, text_of


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_contract_says_what_python_does(name):
    assert json.loads((FOLDER / f"{name}.json").read_text("utf-8")) == json.loads(text_of(name))
