"""Tracks and structure as SVG pictures drawn here, for places where nothing can run.

They say what the live views say, in the same colours, small enough to lie in a notebook. Text goes
in escaped; numbers are rounded to whole units of the picture.
"""

import html
import math
from collections.abc import Iterable

import numpy as np
from jaxtyping import Float

from workbench.constants import CA, SS8_TO_SS3
from workbench.prompt import ANNOTATION_TRACKS, Prompt, State
from workbench.protein import Protein
from workbench.runs import equal_ranges
from workbench.tracks import Track

from .. import palette
from ..frame import Frame
from ..structure import scene
from ..tracks.rows import cell_states, labelled_ranges, result_rows
from ..tracks.spec import LABELS, RESULTS

CELL, PER_LINE, GUTTER = 10, 80, 78
LINES = 12
"""Lines of residues drawn at most; a longer protein is cut short, and the picture says so."""

NAMES = (*LABELS.values(), RESULTS[0])
HEIGHTS = (14, 8, 14, 16, 14, 14, 18)
GAP, RULER, BETWEEN = 3, 14, 14
FINE = 400
"""Residues up to which the chain is drawn with an outline."""

MOST = 1000
"""Residues that the chain is drawn through at most, evenly taken."""

TRACK_STYLE = (
    f"text{{font:9px sans-serif;fill:{palette.themed('fg')}}}"
    f".n{{fill:{palette.themed('muted')};text-anchor:middle}}"
    f".k{{text-anchor:end;fill:{palette.themed('muted')}}}.a{{stroke:{palette.themed('exposed')}}}"
    ".l{font:bold 8.5px monospace;text-anchor:middle}path{fill:none;stroke-width:8}"
    ".m{fill:url(#h)}.g{fill:#c3ddee}.o{fill:#dfe3e6}.s{fill:#bfe3d4}"
)
HATCH = (
    '<pattern id="h" width="5" height="5" patternUnits="userSpaceOnUse"><path d="M0 5L5 0" '
    f'stroke="{palette.themed("hatch")}" style="stroke-width:1"/></pattern>'
)
STATE_CLASSES = dict(zip(State, "mgos", strict=True))


def tracks_svg(prompt: Prompt, frame: Frame | None) -> str:
    """The rows of the track editor, in lines of ``PER_LINE`` residues."""
    return _TrackDrawing(prompt, frame).svg()


class _TrackDrawing:
    def __init__(self, prompt: Prompt, frame: Frame | None) -> None:
        shown = prompt if frame is None else frame.filled
        source_prompt = prompt if frame is None else frame.prompt
        self.template = source_prompt.template
        self.length = min(len(shown), LINES * PER_LINE)
        self.cut = len(shown) - self.length
        self.states = cell_states(shown)
        self.letters = {0: "".join(shown.sequence), 2: "".join(shown.ss8)}
        self.sasa = shown.sasa
        self.plddt = result_rows(source_prompt, frame)[0] * 100
        self.labels = labelled_ranges(source_prompt, shown)
        annotated = {list(Track).index(track) for track in ANNOTATION_TRACKS}
        used = {label["row"] for label in self.labels}
        self.rows = [
            row
            for row in range(len(NAMES))
            if (row not in annotated or row in used or (self.states[row] == 2).any())
            and (row != len(NAMES) - 1 or np.isfinite(self.plddt).any())
        ]

    def svg(self) -> str:
        columns = min(self.length, PER_LINE)
        tall = RULER + sum(HEIGHTS[row] + GAP for row in self.rows)
        parts, y = [], 0
        for first in range(0, self.length, PER_LINE):
            parts += self._line(first, min(first + PER_LINE, self.length), y)
            y += tall + BETWEEN
        if self.cut:
            parts.append(f'<text x="{GUTTER}" y="{y + 2}">… and {self.cut} more residues</text>')
            y += BETWEEN
        return _svg(GUTTER + columns * CELL + 8, y, TRACK_STYLE, HATCH, parts)

    def _line(self, first: int, last: int, y: int) -> Iterable[str]:
        numbers = self.template.residue_number
        step = 10 if last - first > 20 else 5
        for i in range(first, last):
            if numbers[i] % step == 0 or i == first:
                yield f'<text class="n" x="{_middle(i - first)}" y="{y + 10}">{numbers[i]}</text>'
        y += RULER
        for row in self.rows:
            yield f'<text class="k" x="{GUTTER - 8}" y="{y + HEIGHTS[row] - 3}">{NAMES[row]}</text>'
            yield from self._row(row, first, last, y, HEIGHTS[row])
            y += HEIGHTS[row] + GAP

    def _row(self, row: int, first: int, last: int, y: int, high: int) -> Iterable[str]:
        if row == len(NAMES) - 1:
            yield from self._confidence(first, last, y + high, high)
            return
        for start, stop in equal_ranges(self.states[row, first:last]):
            css = STATE_CLASSES[State(self.states[row, first + start])]
            x, wide = GUTTER + start * CELL, (stop - start) * CELL
            yield f'<rect class="{css}" x="{x}" y="{y}" width="{wide - 1}" height="{high}"/>'
        if row in self.letters:
            at = " ".join(str(_middle(i)) for i in range(last - first))
            letters = self.letters[row][first:last].replace("_", " ")
            if letters.strip():
                yield f'<text class="l" x="{at}" y="{y + 10}" xml:space="preserve">{letters}</text>'
        elif row == list(Track).index(Track.SASA):
            bars = _bars(self.sasa[first:last] / palette.AREA_TOP, y + high, high)
            if bars:
                yield f'<path class="a" d="{bars}"/>'
        else:
            yield from self._annotations(row, first, last, y)

    def _annotations(self, row: int, first: int, last: int, y: int) -> Iterable[str]:
        for label in self.labels:
            if label["row"] == row and label["start"] < last and label["stop"] > first:
                start, stop = max(label["start"], first) - first, min(label["stop"], last) - first
                text = html.escape(str(label["label"])[: max(1, (stop - start) * 2)])
                yield f'<text x="{GUTTER + start * CELL + 2}" y="{y + 10}">{text}</text>'

    def _confidence(self, first: int, last: int, base: int, high: int) -> Iterable[str]:
        values, top = self.plddt[first:last], 101.0
        for edge, color, _ in palette.PLDDT_BANDS:
            inside = np.where((values >= edge) & (values < top), values / 100, np.nan)
            bars = _bars(inside, base, high)
            if bars:
                yield f'<path stroke="{color}" d="{bars}"/>'
            top = edge


WIDE, HIGH, MARGIN = 460, 380, 14
CHAIN_STYLE = "path{fill:none;stroke-linecap:round}.w{stroke:#fff;stroke-linecap:butt}"
HAZE = 0.45
"""How much of the farthest residue's colour is lost in white."""


def structure_svg(protein: Protein, colors: palette.Colors, ss8: str) -> str:
    """The CA trace seen along its thinnest axis, near parts over far ones; empty without any.

    Helices and strands are drawn thick, coil thin. ``colors`` has one colour per residue.
    """
    alpha = protein.coordinates[:, CA].astype(float)
    known = np.flatnonzero(np.isfinite(alpha).all(1))
    at = known[:: max(1, math.ceil(len(known) / MOST))]
    if len(at) < 2:
        return ""
    flat, depth = _projected(alpha[at])
    high = min(HIGH, round(float(np.ptp(flat[:, 1]))) + 2 * MARGIN)
    flat[:, 1] -= (HIGH - high) / 2
    piece = np.cumsum(scene.breaks(protein))[at]
    near = (depth - depth.min()) / max(float(np.ptp(depth)), 1.0)
    shades = 255 - (255 - colors[at].astype(float)) * (1 - HAZE * (1 - near))[:, None]
    parts = []
    for k in np.argsort(depth, kind="stable"):
        before = k - 1 if k and piece[k - 1] == piece[k] else k
        after = k + 1 if k + 1 < len(at) and piece[k + 1] == piece[k] else k
        (x0, y0), (x, y), (x1, y1) = (
            (flat[k] + flat[before]) / 2, flat[k], (flat[k] + flat[after]) / 2,
        )  # fmt: skip
        curve = f'd="M{x0:.0f} {y0:.0f}Q{x:.0f} {y:.0f} {x1:.0f} {y1:.0f}"'
        wide = 4 if SS8_TO_SS3.get(ss8[at[k]], "C") == "C" else 8
        if len(at) <= FINE:
            parts.append(f'<path class="w" stroke-width="{wide + 3}" {curve}/>')
        color = "#{:02x}{:02x}{:02x}".format(*shades[k].astype(int))
        parts.append(f'<path stroke="{color}" stroke-width="{wide}" {curve}/>')
    return _svg(WIDE, high, CHAIN_STYLE, "", parts)


def _projected(
    alpha: Float[np.ndarray, "length 3"],
) -> tuple[Float[np.ndarray, "length 2"], Float[np.ndarray, " length"]]:
    """Places on the picture and how near each residue is, the longest axis across."""
    centred = alpha - alpha.mean(0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    axes = np.vstack([axes, np.zeros((3 - len(axes), 3))])
    axes[2] = np.cross(axes[0], axes[1])
    turned = centred @ axes.T
    span = np.ptp(turned, axis=0)
    scale = min((WIDE - 2 * MARGIN) / max(span[0], 1.0), (HIGH - 2 * MARGIN) / max(span[1], 1.0))
    middle = (turned.max(0) + turned.min(0)) / 2
    flat = (turned - middle)[:, :2] * [scale, -scale] + [WIDE / 2, HIGH / 2]
    return flat, turned[:, 2]


def _svg(wide: int, high: int, style: str, defs: str, parts: Iterable[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}"><style>{style}</style><defs>{defs}</defs>'
        f'<rect width="{wide}" height="{high}" fill="#fff"/>{"".join(parts)}</svg>'
    )


def _bars(shares: np.ndarray, base: int, high: int) -> str:
    return "".join(
        f"M{_middle(i)} {base}v-{max(1, round(min(1.0, float(share)) * high))}"
        for i, share in enumerate(shares)
        if np.isfinite(share)
    )


def _middle(column: int) -> int:
    return GUTTER + column * CELL + CELL // 2
