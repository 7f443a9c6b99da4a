"""The lock that the worker thread of a bench and the pushes of its views share."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from weakref import ref

from ipywidgets import Widget


class SharedLock:
    """The lock of one bench, taken again at will by the thread that has it."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._views: list[ref[Widget]] = []

    def __enter__(self) -> "SharedLock":
        self._lock.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def join(self, view: Widget) -> None:
        """Hold this view's pushes back in ``together`` too; the first to join is sent last."""
        self._views = [*(view for view in self._views if view() is not None), ref(view)]

    @contextmanager
    def together(self) -> Iterator[None]:
        """With the lock: whatever is pushed in here leaves at the end, one message for each view.

        A browser takes every message by itself, so that a paint sent in ten is drawn in ten.
        """
        with self, ExitStack() as stack:
            for view in filter(None, (view() for view in self._views)):
                stack.enter_context(view.hold_sync())
            yield
