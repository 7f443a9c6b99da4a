"""Portraits: still pictures of proteins beside each other."""

import base64
import re

import numpy as np

from widgets import palette
from widgets.sharing.portraits import portraits
from workbench.embedded import example
from workbench.protein import Confidence, Protein


def pictures(*proteins: Protein, **options: object) -> list[str]:
    shown = portraits(*proteins, **options).data
    return [
        base64.b64decode(picture).decode()
        for picture in re.findall(r"svg\+xml;base64,([^\"]+)", shown)
    ]


def test_each_protein_is_drawn_and_a_sequence_alone_says_that_it_has_no_shape():
    shown = portraits(example(), Protein("MKT", name="a sequence")).data
    assert shown.count("<figure") == 2
    assert len(pictures(example(), Protein("MKT"))) == 1
    assert "no coordinates<figcaption>a sequence" in shown


def test_a_name_from_a_file_cannot_bring_markup_along():
    shown = portraits(example().with_(name='<script>alert("x")</script>')).data
    assert "<script" not in shown
    assert 'alert("x")' not in shown


def test_residues_without_confidence_are_coloured_by_structure_and_with_it_by_plddt():
    protein = example()
    sure = protein.with_(confidence=Confidence(np.full(len(protein), 0.95, np.float32)))
    (by_structure,), (by_plddt,) = pictures(protein), pictures(sure)
    blue = shades(palette.PLDDT_BANDS[0][1])
    assert colours(by_plddt) <= blue
    assert not colours(by_structure) <= blue


def test_marked_residues_alone_have_the_colour_of_what_is_given():
    (drawn,) = pictures(example(), marked=[10, 11, 12])
    given = [stroke for stroke in strokes(drawn) if stroke in shades(palette.STATE_COLORS[1])]
    assert len(given) == 3


def strokes(svg: str) -> list[str]:
    return re.findall(r'stroke="(#\w{6})" stroke-width', svg)


def colours(svg: str) -> set[str]:
    return set(strokes(svg))


def shades(color: str) -> set[str]:
    """A colour at every depth: mixed with white up to the haze of the sketch."""
    base = np.array(palette.rgb(color), float)
    mixes = (255 - (255 - base) * (1 - share) for share in np.linspace(0, 0.45, 20000))
    return {"#{:02x}{:02x}{:02x}".format(*mix.astype(int)) for mix in mixes}
