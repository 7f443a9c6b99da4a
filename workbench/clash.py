"""Clash: another package that goes by one of the two names this one is imported by.

``workbench`` and ``widgets`` are plain words. A folder of that name in the working directory, or
another distribution, hides ours; Python would only say that a name cannot be imported.
"""

from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
"""The folder that holds both packages."""


def stranger(name: str, offers: str) -> str | None:
    """Say which other package has this name, whose own offers ``offers``; None if it is ours.

    Where ours is absent nothing is hidden: workers have none of the views.
    """
    spec = find_spec(name)
    if spec is None or spec.origin is None or not (HERE / name).is_dir():
        return None
    place = Path(spec.origin).resolve()
    if offers in place.read_text("utf-8", errors="replace"):
        if place.parent.parent == HERE:
            return None
        return (
            f"{name!r} is of another copy of esm3-workbench, in {place.parents[1]}, "
            f"and 'workbench' of that in {HERE}; let Python find one of the two alone"
        )
    return (
        f"{offers} cannot be imported: {name!r} is {place.parent}{_owner(name)}, "
        f"not the {name!r} of esm3-workbench in {HERE}; "
        "rename that folder, start Python elsewhere, or uninstall one of the two"
    )


def _owner(name: str) -> str:
    from importlib.metadata import packages_distributions

    others = sorted(
        {distribution for distribution in packages_distributions().get(name, ())}
        - {"esm3-workbench"}
    )
    return f" of the distribution {', '.join(others)}" if others else ""
