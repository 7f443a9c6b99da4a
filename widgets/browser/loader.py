"""The browser's part of the widgets: ES modules and the vendored 3Dmol.

anywidget wants one module per widget. ``linked`` puts a module and the local modules it imports
into one text, each in a scope of its own, in order of need. Nothing is fetched by a page. node's
tests load what this file links: ``python loader.py ENTRY`` prints it, and needs nothing installed.
"""

import json
import posixpath
import re
import sys
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

ROOMS = Path(__file__).parents[1]
VENDOR = Path(__file__).parent / "vendor"

_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.\.?/[\w./-]+\.js)";$', re.MULTILINE)
_DECLARED = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_UNREAD = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)
_NAME = re.compile(r"(\w+)(?: as (\w+))?")


class LinkError(ValueError):
    """A module that cannot be linked, with its file and line."""


@cache
def linked(entry: str, root: Path = ROOMS) -> str:
    """One ES module: ``entry``, such as ``"tracks/editor.js"``, after all it imports.

    It exports what ``entry`` exports. A module may import ``{ names }`` of local modules and export
    functions, classes, constants and a default; a LinkError names any other line, a name that the
    other module lacks, and a circle of imports.
    """
    exports: dict[str, list[str]] = {}
    scopes: list[str] = []
    _link(entry, root, exports, scopes, ())
    names = [name for name in exports[entry] if name != "default"]
    ends = [f"export const {{ {', '.join(names)} }} = {_scope_of(entry)};"] if names else []
    if "default" in exports[entry]:
        ends.append(f"export default {_scope_of(entry)}.default;")
    return "\n".join([*scopes, *ends, ""])


@cache
def linked_with_3dmol(entry: str) -> str:
    """Like ``linked``, with the promise ``threedmol`` of the vendored 3Dmol, one copy per page.

    It loads with the module, before there is anything to draw.
    """
    source = (VENDOR / "3Dmol.es6-min.js").read_text("utf-8")
    digest = sha256(source.encode()).hexdigest()[:12]
    loader = (
        f"const THREEDMOL = {json.dumps(source)};\n"
        f'const threedmol = (globalThis[Symbol.for("esm-bench.3dmol@{digest}")] ??= (() => {{\n'
        '  const blob = new Blob([THREEDMOL], { type: "text/javascript" });\n'
        "  const url = URL.createObjectURL(blob);\n"
        "  return import(url).finally(() => URL.revokeObjectURL(url));\n"
        "})());\n"
    )
    return loader + linked(entry)


def plotly_script() -> bytes:
    """plotly's browser script, from the installed package."""
    spec = find_spec("plotly")
    folder = Path(str(spec.submodule_search_locations[0]))  # type: ignore[union-attr,index]
    return (folder / "package_data" / "plotly.min.js").read_bytes()


def _link(
    name: str,
    root: Path,
    exports: dict[str, list[str]],
    scopes: list[str],
    above: tuple[str, ...],
) -> None:
    """Append the scopes of the modules that ``name`` needs, then its own."""
    if name in above:
        raise LinkError(f"{' imports '.join((*above[above.index(name) :], name))}")
    path = root / name
    if not path.is_file():
        raise LinkError(
            f"{above[-1] if above else 'the loader'} imports {name}, which is not there"
        )
    text = path.read_text("utf-8")

    def needed(match: re.Match[str]) -> str:
        other = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[2]))
        if other not in exports:
            _link(other, root, exports, scopes, (*above, name))
        for imported, _ in _NAME.findall(match[1]):
            if imported not in exports[other]:
                raise LinkError(f"{name} imports {imported}, which {other} does not export")
        return f"const {{{_NAME.sub(_renamed, match[1])}}} = {_scope_of(other)};"

    body = _IMPORT.sub(needed, text)
    names = [declared for _, declared in _DECLARED.findall(body)]
    body = _DECLARED.sub(r"\1 \2", body)
    body, defaults = _DEFAULT.subn("const $default = ", body)
    odd = _UNREAD.search(body)
    if odd is not None:
        line = body.count("\n", 0, odd.start()) + 1
        raise LinkError(f"{name}, line {line}: the loader cannot read {odd[0]!r}")
    exports[name] = [*names, *(["default"] if defaults else [])]
    returned = ", ".join([*names, *(["default: $default"] if defaults else [])])
    scopes.append(
        f"const {_scope_of(name)} = (() => {{ // {name}\n{body}\nreturn {{ {returned} }};\n}})();"
    )


def _renamed(match: re.Match[str]) -> str:
    return f"{match[1]}: {match[2]}" if match[2] else match[1]


def _scope_of(name: str) -> str:
    """The variable that holds a module's exports."""
    return "$" + re.sub(r"\W", "_", name)


if __name__ == "__main__":
    sys.stdout.buffer.write(linked(sys.argv[1]).encode())
