"""Colours that mean something, the same in tracks, structure and plots.

AlphaFold's confidence bands as its database shows them; the rest is Okabe and Ito's set, which
people with any colour vision can tell apart, and cividis for quantities. ``THEME`` becomes the
variables of the style sheets, where the browser's modules read it.
"""

import numpy as np
from jaxtyping import Float, UInt8

from workbench.constants import SS8_CLASSES

PLDDT_BANDS = (
    (90.0, "#0053d6", "very high"),
    (70.0, "#65cbf3", "confident"),
    (50.0, "#ffdb13", "low"),
    (0.0, "#ff7d45", "very low"),
)
"""Lower edge of pLDDT (0–100), colour and name, best band first."""

STATE_COLORS = ("#e69f00", "#0072b2", "#999999", "#009e73")
"""Colours of masked, given, none and sampled."""

ELEMENTS = {"N": "#3f63e0", "O": "#d62f2f", "S": "#c9a227"}
"""Of atoms drawn as sticks, by element symbol; carbon has the colour of its residue or ligand."""

SS8_COLORS = dict(
    zip(
        "GHITEBSC",
        ("#e69f00", "#d55e00", "#b8860b", "#009e73", "#0072b2", "#56b4e9", "#7fbf9f", "#9aa0a6"),
        strict=True,
    )
)
SS8_TITLES = {
    "H": "α helix", "G": "3₁₀ helix", "I": "π helix", "E": "β strand",
    "B": "β bridge", "T": "turn", "S": "bend", "C": "coil",
}  # fmt: skip

CHAIN_COLORS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442")
UNKNOWN = "#b9bec4"
AREA_TOP = 160.0
"""SASA in Å² that is drawn as fully exposed."""

THEME = {
    "panel": ("#f4f6f8", "#1d232a"),
    "fg": ("#1c2733", "#e6ebf0"),
    "muted": ("#5b6875", "#9aa7b4"),
    "line": ("#dde2e7", "#343c45"),
    "given": ("#0072b2", "#5ab4ea"),
    "structure": ("#35648c", "#7fa8cf"),
    "sampled": ("#00875f", "#3fcf9f"),
    "hatch": ("#c9d0d7", "#434d58"),
    "accent": ("#0b62b0", "#7fc1ff"),
    "select": ("#b0247e", "#f28ac6"),
    "template": ("#8b949d", "#c3ccd5"),
    "compared": ("#cc79a7", "#cc79a7"),
    "against": ("#d55e00", "#d55e00"),
    "exposed": ("#8a6d1f", "#d8b95a"),
    "warn": ("#a33a00", "#ffb48a"),
    "warn-bg": ("#fff1e8", "#3a2418"),
}
"""Colours of the bench in the light and the dark theme."""
CIVIDIS = ("#00224e", "#35456c", "#666970", "#948e77", "#c8b866", "#fee838")

Colors = UInt8[np.ndarray, "length 3"]


def themed(name: str, dark: bool = False) -> str:
    """A colour of ``THEME``."""
    return THEME[name][dark]


def rgb(color: str) -> tuple[int, int, int]:
    """Red, green and blue (0–255) of ``#rrggbb``."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def plddt_colors(plddt: Float[np.ndarray, " length"]) -> Colors:
    """Band colour of each pLDDT (0–100), grey where NaN."""
    colors = np.tile(np.array(rgb(UNKNOWN), np.uint8), (len(plddt), 1))
    for edge, color, _ in reversed(PLDDT_BANDS):
        colors[np.nan_to_num(plddt, nan=-1.0) >= edge] = rgb(color)
    return colors


def state_colors(states: UInt8[np.ndarray, " length"]) -> Colors:
    """Colour of each display state: 0 masked, 1 given, 2 none, 3 sampled."""
    return np.array([rgb(color) for color in STATE_COLORS], np.uint8)[states]


def ss8_colors(letters: str) -> Colors:
    """Colour of each SS8 class, grey where unknown."""
    return np.array([rgb(SS8_COLORS.get(letter, UNKNOWN)) for letter in letters], np.uint8)


def scale_colors(share: Float[np.ndarray, " length"]) -> Colors:
    """Cividis colour of each share (0 dark to 1 yellow, clipped); grey where NaN."""
    stops = np.array([rgb(color) for color in CIVIDIS], float)
    place = np.clip(np.nan_to_num(share), 0, 1) * (len(stops) - 1)
    low = np.minimum(place.astype(int), len(stops) - 2)
    rest = (place - low)[:, None]
    colors = (stops[low] * (1 - rest) + stops[low + 1] * rest).round().astype(np.uint8)
    colors[~np.isfinite(share)] = rgb(UNKNOWN)
    return colors


def chain_colors(ranges: tuple[tuple[int, int], ...]) -> Colors:
    """One colour per chain, in order."""
    colors = np.zeros((ranges[-1][1], 3), np.uint8)
    for number, (start, stop) in enumerate(ranges):
        colors[start:stop] = rgb(CHAIN_COLORS[number % len(CHAIN_COLORS)])
    return colors


def brushes() -> list[dict[str, str]]:
    """SS8 brushes for the track editor: class, name and colour."""
    order = "HEGIBTSC"
    if set(order) != set(SS8_CLASSES):
        raise ValueError(f"brushes {order} do not cover the SS8 classes {SS8_CLASSES}")
    return [
        {"value": letter, "title": SS8_TITLES[letter], "color": SS8_COLORS[letter]}
        for letter in order
    ]
