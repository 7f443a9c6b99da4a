"""The types of the browser's modules are what Python sends and answers: messages, traits, words."""

import inspect
import re
from typing import get_args

import anywidget
import pytest

from widgets import palette
from widgets.browser.loader import ROOMS
from widgets.confidence.tabs import PlotTabs
from widgets.designs.table import DesignsTable
from widgets.files.header import Header
from widgets.run_status import Phase
from widgets.running.panel import RunPanel
from widgets.structure.view import StructureView
from widgets.tracks.editor import TrackEditor
from widgets.tracks.painting import OPERATIONS
from widgets.tracks.spec import spec
from widgets.whatif.card import CellCard
from widgets.whatif.view import WhatIfView
from workbench.findings import Severity
from workbench.sampling.stage_options import OPTIONS
from workbench.session.columns import Kind

VIEWS = {
    "confidence/types.d.ts": (PlotTabs, "TabMessage", "TabTraits"),
    "designs/types.d.ts": (DesignsTable, "TableMessage", "TableTraits"),
    "files/types.d.ts": (Header, "HeaderMessage", "HeaderTraits"),
    "running/types.d.ts": (RunPanel, "PanelMessage", "PanelTraits"),
    "structure/types.d.ts": (StructureView, "StructureMessage", "StructureTraits"),
    "tracks/types.d.ts": (TrackEditor, "TrackMessage", "TrackTraits"),
    "whatif/types.d.ts": (WhatIfView, "WhatIfMessage", "WhatIfTraits"),
    "whatif/card_types.d.ts": (CellCard, "CardMessage", "CardTraits"),
}
WORDS = {
    ("running/types.d.ts", r"type Phase = (.*?);"): get_args(Phase),
    ("running/types.d.ts", r"interface StageOption .*?kind: (.*?);"): {o.kind for o in OPTIONS},
    ("tracks/types.d.ts", r"type Op = (.*?);"): OPERATIONS,
    ("tracks/types.d.ts", r"severity: (.*?);"): get_args(Severity),
    ("designs/types.d.ts", r"type Column = .*?kind: (.*?);"): get_args(Kind),
}
"""Words of a type, and where the browser's types list them."""


def declared(text: str, union: str) -> str:
    """The type of this name, with the types of this file that it is made of."""
    match = re.search(rf"^export type {union} =(.*?);$", text, re.M | re.S)
    if match is None:
        return ""
    parts = [declared(text, name) for name in re.findall(r"\b[A-Z]\w+", match[1])]
    return "\n".join([match[1], *parts])


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


def fields_of(path: str, interface: str) -> set[str]:
    """Names of the fields of an interface, with those of the interfaces that it extends."""
    text = (ROOMS / path).read_text("utf-8") + (ROOMS / "browser/types.d.ts").read_text("utf-8")
    match = re.search(
        rf"interface {interface}(?: extends ([\w, ]+))? \{{\n(.*?)^\}}", text, re.M | re.S
    )
    assert match is not None, interface
    inherited = [fields_of(path, name) for name in re.findall(r"\w+", match[1] or "")]
    return set(re.findall(r"^  (\w+)\??:", match[2], re.M)).union(*inherited)


@pytest.mark.parametrize("path", VIEWS)
def test_the_traits_of_a_view_are_those_that_the_browser_knows(path):
    view, _, interface = VIEWS[path]
    own = set(view.class_trait_names(sync=True))
    own -= set(anywidget.AnyWidget.class_trait_names(sync=True))
    assert fields_of(path, interface) == own


@pytest.mark.parametrize("place", WORDS, ids=str)
def test_words_that_both_sides_tell_apart_are_the_same(place):
    path, pattern = place
    match = re.search(pattern, (ROOMS / path).read_text("utf-8"), re.S)
    assert match is not None
    assert set(re.findall(r'"([\w-]+)"', match[1])) == set(WORDS[place])


def test_the_spec_and_the_colours_have_the_fields_that_the_browser_reads():
    assert fields_of("tracks/types.d.ts", "Spec") == set(spec())
    assert fields_of("browser/types.d.ts", "Theme") <= {*palette.THEME, "bg", "dark"}


@pytest.mark.parametrize("path", VIEWS)
def test_every_message_has_a_handler_that_takes_its_fields(path):
    view, union, _ = VIEWS[path]
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
