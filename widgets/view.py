"""BenchView: a view of a bench in the browser, which any thread may push to.

Traits carry state out, messages carry intent in: the browser never writes a trait, so the two sides
cannot overwrite each other. All views of one bench share one lock; what one change of the bench
makes a view push goes out as one message.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import anywidget
import traitlets

from .state import BenchState

_UNWATCHED = ContextVar("unwatched", default=False)


@contextmanager
def unwatched() -> Iterator[None]:
    """Views made in here never reach a browser: they only work out what they would show."""
    before = _UNWATCHED.set(True)
    try:
        yield
    finally:
        _UNWATCHED.reset(before)


class Unwatchable:
    """A widget that opens no line to the browser when it is made ``unwatched``."""

    def open(self) -> None:
        """Open the line, if somebody will be looking."""
        if not _UNWATCHED.get():
            super().open()  # type: ignore[misc]


class Buffer(traitlets.Bytes):
    """Bytes for a typed array in the browser; sent as a binary buffer, never as JSON."""

    def __init__(self) -> None:
        super().__init__(b"")
        self.tag(sync=True, from_json=_as_bytes)


class BenchView(Unwatchable, anywidget.AnyWidget):
    """An anywidget on a bench's state, with a locked ``push``.

    Messages go to the methods ``on_<type>``; an error in one is shown in the bench.
    """

    own_id = traitlets.Unicode().tag(sync=True)
    pushes = traitlets.Int(0).tag(sync=True)

    def __init__(self, state: BenchState, **traits: Any) -> None:
        self._state = state
        own_id = uuid.uuid4().hex
        super().__init__(model_id=own_id, own_id=own_id, **traits)
        state.lock.join(self)
        self.on_msg(self._receive)

    def set_state(self, sync_data: dict) -> None:
        """Take a state update from the browser, one thread at a time."""
        with self._state.lock:
            super().set_state(sync_data)

    def push(self, **values: Any) -> None:
        """Set these traits and send what changes to the browser as one message."""
        with self._state.lock, self.hold_sync():
            changed = {name: new for name, new in values.items() if getattr(self, name) != new}
            for name, value in changed.items():
                setattr(self, name, value)
            self.pushes += bool(changed)

    def _receive(self, _: object, content: dict, buffers: list) -> None:
        handler = getattr(self, f"on_{content.get('type', '')}", None)
        if handler is None:
            return
        arguments = {name: value for name, value in content.items() if name != "type"}
        if buffers:
            arguments["data"] = bytes(buffers[0])
        try:
            handler(**arguments)
        except Exception as error:  # the message border: shown to the person
            self.refused(error)

    def on_hello(self, pushes: int = -1) -> None:
        """Send everything again to a view that was slow to load and has missed a push."""
        if pushes == self.pushes:
            return
        ours = set(type(self).class_trait_names(sync=True))
        ours -= {*anywidget.AnyWidget.class_trait_names(sync=True), "_esm", "_css", "_anywidget_id"}
        with self._state.lock:
            self.send_state(ours)

    def refused(self, error: Exception) -> None:
        """Show the error that a message caused."""
        self._state.report(error)


def _as_bytes(value: object, _: object) -> bytes:
    return bytes(value)  # type: ignore[call-overload]
