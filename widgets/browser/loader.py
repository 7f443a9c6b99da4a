"""The browser's part of the widgets: ES modules, style sheets and the vendored 3Dmol.

anywidget wants one module per widget. ``linked`` puts a module and the local modules it imports
into one text, in order of need; the files stay as they are for node's test runner. Nothing is
fetched by a page.
"""

import hashlib
import json
import posixpath
import re
from functools import cache
from pathlib import Path

ROOMS = Path(__file__).parents[1]
VENDOR = Path(__file__).parent / "vendor"
_IMPORT = re.compile(r'^import \{[^}]*\} from "(\.\.?/[\w./-]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|let|function|class)\b)", re.MULTILINE)


@cache
def linked(entry: str) -> str:
    """One ES module: ``entry``, such as ``"tracks/editor.js"``, after all it imports."""
    order: list[str] = []
    _visit(entry, order)
    parts = []
    for name in order:
        text = _IMPORT.sub("", (ROOMS / name).read_text("utf-8"))
        parts.append(f"// {name}\n{_EXPORT.sub('', text)}")
    return "\n".join(parts)


@cache
def linked_with_3dmol(entry: str) -> str:
    """Like ``linked``, with the promise ``threedmol`` of the vendored 3Dmol, one copy per page.

    It loads with the module, before there is anything to draw.
    """
    source = (VENDOR / "3Dmol.es6-min.js").read_text("utf-8")
    digest = hashlib.sha256(source.encode()).hexdigest()[:12]
    loader = (
        f"const THREEDMOL = {json.dumps(source)};\n"
        f'const threedmol = (globalThis[Symbol.for("esm-bench.3dmol@{digest}")] ??= (() => {{\n'
        '  const blob = new Blob([THREEDMOL], { type: "text/javascript" });\n'
        "  const url = URL.createObjectURL(blob);\n"
        "  return import(url).finally(() => URL.revokeObjectURL(url));\n"
        "})());\n"
    )
    return loader + linked(entry)


@cache
def style(*names: str) -> str:
    """These style sheets after the one that all views share."""
    return "\n".join((ROOMS / name).read_text("utf-8") for name in ("browser/bench.css", *names))


def _visit(name: str, order: list[str]) -> None:
    folder = posixpath.dirname(name)
    for needed in _IMPORT.findall((ROOMS / name).read_text("utf-8")):
        path = posixpath.normpath(posixpath.join(folder, needed))
        if path not in order:
            _visit(path, order)
    if name not in order:
        order.append(name)
