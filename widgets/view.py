"""LiveWidget: a browser view that any thread may push to.

Traits carry state out, messages carry intent in: the browser never writes a trait, so the two sides
cannot overwrite each other. All views of one bench share one lock; what one change of the bench
makes a view push goes out as one message.
"""

import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any
from weakref import ref

import anywidget
import traitlets

_UNWATCHED = ContextVar("unwatched", default=False)


@contextmanager
def unwatched() -> Iterator[None]:
    """Views made in here never reach a browser: they only work out what they would show."""
    before = _UNWATCHED.set(True)
    try:
        yield
    finally:
        _UNWATCHED.reset(before)


class SharedLock:
    """The lock of one bench, taken again at will by the thread that has it."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._views: list[ref[LiveWidget]] = []

    def __enter__(self) -> "SharedLock":
        self._lock.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def join(self, view: "LiveWidget") -> None:
        """Have this view's pushes kept back in ``together`` too; who joins first is sent last."""
        self._views = [*(one for one in self._views if one() is not None), ref(view)]

    @contextmanager
    def together(self) -> Iterator[None]:
        """With the lock: whatever is pushed in here leaves at the end, one message for each view.

        A browser takes every message by itself, so that a paint sent in ten is drawn in ten.
        """
        with self, ExitStack() as held:
            for view in filter(None, (one() for one in self._views)):
                held.enter_context(view.hold_sync())
            yield


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


class LiveWidget(Unwatchable, anywidget.AnyWidget):
    """An anywidget with a locked ``push`` and messages routed to ``on_<type>`` methods."""

    own_id = traitlets.Unicode().tag(sync=True)
    pushes = traitlets.Int(0).tag(sync=True)

    def __init__(self, lock: SharedLock, **traits: Any) -> None:
        self._bench_lock = lock
        own_id = uuid.uuid4().hex
        super().__init__(model_id=own_id, own_id=own_id, **traits)
        lock.join(self)
        self.on_msg(self._receive)

    def set_state(self, sync_data: dict) -> None:
        """Take a state update from the browser, one thread at a time."""
        with self._bench_lock:
            super().set_state(sync_data)

    def push(self, **values: Any) -> None:
        """Set these traits and send what changes to the browser as one message."""
        with self._bench_lock, self.hold_sync():
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

    def on_hello(self, heard: int = -1) -> None:
        """Send everything again to a view that was slow to load and has missed a push."""
        if heard == self.pushes:
            return
        ours = set(type(self).class_trait_names(sync=True))
        ours -= {*anywidget.AnyWidget.class_trait_names(sync=True), "_esm", "_css", "_anywidget_id"}
        with self._bench_lock:
            self.send_state(ours)

    def refused(self, error: Exception) -> None:
        """What happens with an error that a message caused; views show it."""
        raise error


def _as_bytes(value: object, _: object) -> bytes:
    return bytes(value)  # type: ignore[call-overload]
