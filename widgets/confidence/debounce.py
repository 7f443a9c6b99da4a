"""Debounce: does slow work once changes stop for a moment, not at every change."""

import threading
import time
from collections.abc import Callable
from contextvars import copy_context


class Debounce:
    """Calls ``act`` at once; while calls follow each other within ``seconds``, after the last.

    The late call is made in a thread of its own, with the context of the call that asked for it.
    """

    def __init__(self, act: Callable[[], object], seconds: float) -> None:
        self._act = act
        self._seconds = seconds
        self._last = -float("inf")
        self._waiting: threading.Timer | None = None
        self._lock = threading.Lock()

    def __call__(self) -> None:
        """Act, now or when no more calls come."""
        with self._lock:
            now = time.monotonic()
            soon, self._last = now - self._last < self._seconds, now
            self._forget()
            if soon:
                late = threading.Timer(self._seconds, copy_context().run, (self.finish,))
                late.daemon = True
                self._waiting = late
                late.start()
        if not soon:
            self._act()

    def finish(self) -> None:
        """Act now if that is still to come."""
        with self._lock:
            late = self._forget()
        if late:
            self._act()

    def _forget(self) -> bool:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.cancel()
        return waiting is not None
