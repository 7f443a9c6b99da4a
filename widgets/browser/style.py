"""Style sheets of the views, after the colours and rules that all share."""

from functools import cache

from .. import palette
from .loader import ROOMS

VIEWS = ".esm-view", ".esm-bench"
LAB = {"line": "--jp-border-color2", "accent": "--jp-brand-color1"}
DARK = '[data-jp-theme-light="false"] '


@cache
def style(*names: str) -> str:
    """These style sheets, such as ``"tracks/editor.css"``, after what all views share."""
    sheets = [(ROOMS / name).read_text("utf-8") for name in ("browser/bench.css", *names)]
    return "\n".join([_variables(False), _variables(True), *sheets])


def _variables(dark: bool) -> str:
    views = ", ".join(f"{DARK if dark else ''}{view}" for view in VIEWS)
    values = "".join(f" --b-{name}: {_color(name, dark)};" for name in palette.THEME)
    return f"{views} {{{values} }}"


def _color(name: str, dark: bool) -> str:
    """JupyterLab's own colour where it has one for this; ours elsewhere, as in a shared page."""
    own = palette.themed(name, dark)
    return f"var({LAB[name]}, {own})" if name in LAB else own
