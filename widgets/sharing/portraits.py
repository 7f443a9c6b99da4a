"""Portraits: proteins side by side as still pictures, for cells that need no live view.

They are drawn here from the CA trace, so they show wherever a saved notebook is opened.
"""

import html
from typing import TYPE_CHECKING

import numpy as np

from workbench.metrics.agreement import ss8_of
from workbench.protein import Protein

from .. import palette
from . import svg
from .snapshot import image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from IPython.display import HTML


def portraits(*proteins: Protein, marked: "Sequence[int] | np.ndarray" = ()) -> "HTML":
    """Pictures of these proteins with their names, each seen along its thinnest axis.

    Coloured by pLDDT where the model says one, else by secondary structure. ``marked`` residues
    (0-based) are drawn in the colour of what a prompt gives, all others in grey.
    """
    from IPython.display import HTML

    at = np.asarray(marked, dtype=np.int64)
    return HTML("".join(_portrait(protein, at) for protein in proteins))


def _portrait(protein: Protein, marked: np.ndarray) -> str:
    ss8 = ss8_of(protein)
    confidence = protein.confidence
    if len(marked):
        colors = np.tile(np.array(palette.rgb(palette.UNKNOWN), np.uint8), (len(protein), 1))
        colors[marked] = palette.rgb(palette.STATE_COLORS[1])
    elif confidence is not None:
        colors = palette.plddt_colors(confidence.plddt * 100)
    else:
        colors = palette.ss8_colors(ss8)
    drawn = svg.structure_svg(protein, colors, ss8)
    name = protein.name or "unnamed protein"
    picture = image(drawn, html.escape(name, quote=True)) if drawn else "no coordinates"
    return (
        '<figure style="display:inline-block;margin:4px;vertical-align:top">'
        f"{picture}<figcaption>{html.escape(name)}</figcaption></figure>"
    )
