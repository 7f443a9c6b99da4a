"""Write the API reference into a folder: one HTML page per module, from the docstrings.

The pages need no network. ``make docs`` runs it.
"""

import argparse
import warnings
from collections.abc import Iterator
from pathlib import Path
from pkgutil import walk_packages

import pdoc
import pdoc.render

import widgets
import workbench

LEFT_OUT = ("workbench.__main__", "workbench.cli", "widgets.confidence.plotly_without_iri_grammar")
"""Not imported by people; the last would bring in all that plotly says of itself."""


def build(folder: Path) -> None:
    """Write a page for each module of both packages, and an index."""
    for name in workbench.__all__:  # they load on first use, and pdoc lists what is loaded
        getattr(workbench, name)
    pdoc.render.configure(docformat="markdown", show_source=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pdoc.pdoc(*modules(), output_directory=folder)


def modules() -> Iterator[str]:
    """The names of all modules with a page."""
    for package in (workbench, widgets):
        yield package.__name__
        for found in walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.startswith(LEFT_OUT):
                yield found.name


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path("site"))
    build(parser.parse_args().folder)
