"""Residue preferences as they are typed and pasted."""

import numpy as np
import pytest

from workbench.bias_text import parse_bias
from workbench.constants import AMINO_ACIDS
from workbench.errors import PromptError
from workbench.prompt import Prompt

SCORES = [-1, -2, 0, 3, -3, 0, 2, -1, 1, -3, -4, 5, -2, -4, -1, 0, -1, -3, -2, -3]
SHARES = [4] * 20
PSI_BLAST = "\n".join(
    [
        "",
        "Last position-specific scoring matrix computed, weighted observed percentages",
        f"            {'  '.join(AMINO_ACIDS)}   {'   '.join(AMINO_ACIDS)}",
        f"    1 M    {' '.join(map(str, SCORES))}   {' '.join(map(str, SHARES))}  0.59 0.08",
        f"    2 K    {' '.join(map(str, SCORES[::-1]))}   {' '.join(map(str, SHARES))}  0.59 0.08",
        "",
        "                      K         Lambda",
        "Standard Ungapped    0.1353     0.3176",
    ]
)


@pytest.mark.parametrize("text", ["A 1.5, C -2", "A=1.5;C=-2", "a:1.5\nc -2"])
def test_letters_with_numbers_are_a_bias_in_nats(text):
    assert parse_bias(text) == {"A": 1.5, "C": -2.0}


def test_a_pssm_of_psi_blast_is_read_as_it_is_written():
    rows = parse_bias(PSI_BLAST, 0.5)
    assert np.allclose(rows, 0.5 * np.array([SCORES, SCORES[::-1]]))
    prompt = Prompt.blank(2).bias(slice(None), rows)
    assert prompt.constraints.bias[0, AMINO_ACIDS.index("K")] == 2.5


def test_a_bare_table_goes_by_the_letters_above_it():
    order = "".join(sorted(AMINO_ACIDS))
    table = f"{' '.join(order)}\n{', '.join(str(k) for k in range(20))}"
    assert parse_bias(table)[0, AMINO_ACIDS.index("C")] == order.index("C")
    assert parse_bias(" ".join(map(str, SCORES)))[0].tolist() == SCORES


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no bias can be read"),
        ("hydrophobic please", "no bias can be read"),
        ("1 2 3", "line 1 of the PSSM has 3 numbers"),
        (f"{' '.join(map(str, SCORES))}\n1 M 2 3", "line 2 of the PSSM has 2 numbers"),
    ],
)
def test_what_is_no_bias_is_refused_with_the_line(text, words):
    with pytest.raises(PromptError, match=words):
        parse_bias(text)
