"""Tab: what JupyterLab's tabs ask of the kernel. The extension in ``share/jupyter`` calls it.

A tab asks for its bench when it is opened, when its page is loaded again and when its kernel has
restarted. The bench is made once per kernel; after that it is shown again.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from IPython import get_ipython
from IPython.display import JSON

from workbench.archive.record import SUFFIX
from workbench.atomic_files import write_file
from workbench.embedded import DEFAULT_MODEL
from workbench.errors import RecordError
from workbench.notebook import notebook_text
from workbench.opening import Source
from workbench.paths import given_path

from .bench import Bench
from .files.documents import free_path, stem_for
from .tracks.code_text import opening_of


@dataclass(frozen=True, slots=True)
class Tab:
    """The bench of one tab, what it was made of, and the settings it was made with."""

    bench: Bench
    source: Source | None
    model: str
    device: str | None

    def opening(self, source: Source | None) -> str:
        """Lines that open such a bench on this source and show it."""
        return f"{opening_of(source, self.model, self.device)}\nbench"


_tabs: dict[str, Tab] = {}


def show(
    tab: str, path: str = "", text: str = "", model: str = DEFAULT_MODEL, device: str = ""
) -> Bench:
    """Give back the bench of this tab, made now if this kernel does not have it.

    ``path`` is a file, ``text`` what a person typed; without either it is the example protein. The
    bench is called ``bench`` in the kernel, if that name is free.
    """
    if tab not in _tabs:
        source = _beside(path) if path else text or None
        options: dict[str, Any] = {} if source is None else {"source": source}
        bench = Bench(**options, model=model, device=device or None)
        if source is None:
            bench._header.on_keep()
        _tabs[tab] = Tab(bench, source, model, device or None)
    shell = get_ipython()
    if shell is not None:
        shell.user_ns.setdefault("bench", _tabs[tab].bench)
    return _tabs[tab].bench


def source_of(tab: str) -> JSON:
    """What the bench of this tab was made of: a path, a text, or the example protein."""
    source = _tab_of(tab).source
    if source is None:
        return JSON({"example": True})
    return JSON({"path" if isinstance(source, Path) else "text": str(source)})


def write_notebook(tab: str, folder: str = "") -> JSON:
    """Write a notebook that opens the bench of this tab, into this folder, under a free name.

    What was made in the bench goes into a design record beside it. Gives back the notebook's name.
    """
    tab_bench, where = _tab_of(tab), given_path(folder)
    stem = stem_for(tab_bench.bench.prompt.template.name)
    if not tab_bench.bench.session.untouched:
        record = tab_bench.bench.save(free_path(stem, SUFFIX, where))
        code = tab_bench.opening(record.name)
    else:
        code = tab_bench.opening(tab_bench.source)
    path = free_path(stem, ".ipynb", where)
    write_file(path, notebook_text(code))
    return JSON({"notebook": path.name})


def _tab_of(tab: str) -> Tab:
    if tab not in _tabs:
        raise RecordError("this kernel has no bench for this tab; open it again")
    return _tabs[tab]


def _beside(path: str) -> Path:
    """The file's name alone where the kernel works in its folder: nothing of this machine."""
    given = given_path(path)
    return Path(given.name) if given.parent.resolve() == Path.cwd() else given
