"""Where JupyterLab starts: a notebook in the working directory."""

import shutil
from pathlib import Path

from ..errors import WorkbenchError

QUICKSTART = "01_quickstart.ipynb"
DISTRIBUTION = "esm3-workbench"


def quickstart() -> Path:
    """The notebook in or below the working directory, else a copy of the shipped one."""
    for path in (Path("notebooks", QUICKSTART), Path(QUICKSTART)):
        if path.is_file():
            return path
    shutil.copyfile(_shipped(QUICKSTART), QUICKSTART)
    return Path(QUICKSTART)


def _shipped(name: str) -> Path:
    """A notebook of this installation: beside the package in a checkout, else where pip put it."""
    from importlib.metadata import PackageNotFoundError, files

    beside = Path(__file__).parents[2] / "notebooks" / name
    if beside.is_file():
        return beside
    try:
        installed = [Path(str(f.locate())) for f in files(DISTRIBUTION) or () if f.name == name]
    except PackageNotFoundError:
        installed = []
    for path in installed:
        if path.is_file():
            return path
    raise WorkbenchError(f"this installation came without {name}; open a notebook of your own")
