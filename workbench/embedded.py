"""Models and example proteins that ship inside the package. No torch here."""

from pathlib import Path
from typing import TYPE_CHECKING

from .errors import StructureError

if TYPE_CHECKING:
    from .protein import Protein

PACKAGE = Path(__file__).parent
DEFAULT_MODEL = "esm3-mini"
"""The model wherever none is named."""


def embedded_models() -> dict[str, Path]:
    """Folder of each embedded model, by name."""
    return {
        path.parent.name: path.parent for path in sorted(PACKAGE.glob("checkpoints/*/config.json"))
    }


def list_models() -> list[str]:
    """Names of the embedded models."""
    return list(embedded_models())


def example_path(name: str = "three_helix_bundle") -> Path:
    """File of an example protein that ships with the package."""
    files = {path.stem: path for path in sorted(PACKAGE.glob("examples/*.cif"))}
    if name not in files:
        raise StructureError(f"there is no example {name!r}; the examples are {', '.join(files)}")
    return files[name]


def example(name: str = "three_helix_bundle") -> "Protein":
    """An example protein that ships with the package."""
    from .io import read_protein

    return read_protein(example_path(name))
