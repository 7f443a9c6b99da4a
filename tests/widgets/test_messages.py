"""The messages that a view's JavaScript may send are those that its Python has an answer to."""

import inspect
import re

import pytest

from widgets.browser.loader import ROOMS
from widgets.confidence.tabs import PlotTabs
from widgets.designs.table import DesignsTable
from widgets.files.header import Header
from widgets.running.panel import RunPanel
from widgets.structure.view import StructureView
from widgets.tracks.editor import TrackEditor

VIEWS = {
    "confidence/types.d.ts": (PlotTabs, "TabMessage"),
    "designs/types.d.ts": (DesignsTable, "TableMessage"),
    "files/types.d.ts": (Header, "HeaderMessage"),
    "running/types.d.ts": (RunPanel, "PanelMessage"),
    "structure/types.d.ts": (StructureView, "StructureMessage"),
    "tracks/types.d.ts": (TrackEditor, "TrackMessage"),
}


def declared(text: str, union: str) -> str:
    """The type of this name, with the types of this file that it is made of."""
    found = re.search(rf"^export type {union} =(.*?);$", text, re.M | re.S)
    if found is None:
        return ""
    parts = [declared(text, name) for name in re.findall(r"\b[A-Z]\w+", found[1])]
    return "\n".join([found[1], *parts])


def messages(path: str, union: str) -> dict[str, set[str]]:
    """Fields of each message by its type, of a union of a room's types."""
    text = (ROOMS / path).read_text("utf-8") + (ROOMS / "browser/types.d.ts").read_text("utf-8")
    interfaces = dict(re.findall(r"^export interface (\w+) \{\n(.*?)^\}", text, re.M | re.S))
    named = declared(text, union)
    bodies = re.findall(r"\{([^{}]*)\}", named)
    bodies += [interfaces[name] for name in re.findall(r"\b\w+", named) if name in interfaces]
    sent: dict[str, set[str]] = {}
    for body in bodies:
        fields = dict(re.findall(r"(\w+)\??: ([^;\n]+)", body))
        if "type" not in fields:  # a value inside a message
            continue
        names = re.findall(r'"([\w-]+)"', fields["type"]) or re.findall(
            r'"([\w-]+)"', declared(text, fields["type"].strip())
        )
        for name in names:
            sent.setdefault(name, set()).update(set(fields) - {"type"})
    return sent


@pytest.mark.parametrize("path", VIEWS)
def test_every_message_has_a_handler_that_takes_its_fields(path):
    view, union = VIEWS[path]
    handlers = {
        name.removeprefix("on_"): set(inspect.signature(method).parameters) - {"self"}
        for owner in view.__mro__
        if owner.__module__.startswith("widgets.")
        for name, method in vars(owner).items()
        if name.startswith("on_") and inspect.isfunction(method)
    }
    sent = messages(path, union)
    assert set(sent) == set(handlers)
    for name, fields in sent.items():
        assert fields <= handlers[name], name
