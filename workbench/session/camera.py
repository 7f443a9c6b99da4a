"""Camera: where the structure is looked at from, eight numbers as 3Dmol writes them."""

from collections.abc import Iterable
from typing import SupportsFloat

from ..errors import WorkbenchError

NUMBERS = 8
FARTHEST = 1e6
"""Below which every number of a camera lies, either way."""

Camera = tuple[float, ...]
"""Empty where nobody has turned the structure."""


def camera_of(numbers: Iterable[SupportsFloat]) -> Camera:
    """The camera of these numbers; a WorkbenchError where they are none."""
    camera = tuple(float(number) for number in numbers)
    if len(camera) != NUMBERS or not all(abs(number) < FARTHEST for number in camera):
        raise WorkbenchError(f"a camera is {NUMBERS} numbers, each below {FARTHEST:g}")
    return camera
