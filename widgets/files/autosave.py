"""Autosave: the session in a file of its own, so that a kernel that dies loses nothing made.

Every bench writes its own file. A change is written within a fraction of a second, of a session
with very many designs within seconds; while a run goes on, writing takes a hundredth of the time at
most, and steps that were not yet written are made again from the seed, token for token. The folder
is ``ESM3_WORKBENCH_SESSIONS``, or a cache folder.
"""

import itertools
import os
import re
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import psutil

from workbench.archive import save
from workbench.archive.record import SUFFIX

from ..state import BenchState, error_text
from .session_files import NAMED, Mark, make_room, prepared, session_files, session_folder

WATCHED = ("revision", "remarks", "camera", "designs", "run")
DELAY_SECONDS = 0.3
"""Changes this close together are written once."""

PATIENCE, RUN_PATIENCE = 4.0, 99.0
"""Rest after a write in units of what it cost: where nothing runs, and beside a run."""

IDLE_SECONDS = 60.0

_count = itertools.count(1)
_writing: "weakref.WeakSet[Autosave]" = weakref.WeakSet()


def left_behind(protein: str) -> Iterator[Path]:
    """Session files on a protein of this name that no bench writes any more, the last one first."""
    in_use = _in_use()
    for path in session_files():
        named = NAMED.fullmatch(path.stem)
        if named is None or named["protein"] != _stem(protein) or path in in_use:
            continue
        process = int(named["process"])
        if process == os.getpid() or not psutil.pid_exists(process):
            yield path


def _in_use() -> set[Path]:
    return {autosave.path for autosave in _writing if not autosave.replaced}


def _stem(protein: str) -> str:
    return re.sub(r"[^\w.-]+", "_", protein or "protein")[:40]


class Autosave:
    """Writes the session of one bench after every change, in a thread that waits for changes.

    ``replaced`` says that another bench stands in the place of this one.
    """

    def __init__(self, state: BenchState) -> None:
        """Nothing is written before the first change."""
        name = f"{_stem(state.prompt.template.name)}-{os.getpid()}-{next(_count)}"
        self.path = session_folder() / f"{time.strftime('%Y%m%d-%H%M%S')}-{name}{SUFFIX}"
        self.replaced = False
        self.problem = ""
        self._state = weakref.ref(state)
        self._changed, self._settled = threading.Event(), threading.Event()
        self._settled.set()
        self._thread: threading.Thread | None = None
        self._written = self._cost = 0.0
        state.observe(self._wake, WATCHED)
        _writing.add(self)

    def replace(self) -> None:
        """Another bench stands in the place of this one: write what is not written, soon."""
        self.replaced = True
        self._cost = 0.0

    def wait(self, timeout: float) -> bool:
        """Block until every change is written, False on timeout."""
        return self._settled.wait(timeout)

    def _wake(self, _: object) -> None:
        self._settled.clear()
        self._changed.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="autosave", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while self._state() is not None:
            if not self._changed.wait(IDLE_SECONDS):
                continue
            time.sleep(DELAY_SECONDS)
            while time.monotonic() < self._written + self._cost * self._patience():
                time.sleep(DELAY_SECONDS)
            self._changed.clear()
            began = time.monotonic()
            self.write()
            self._written = time.monotonic()
            self._cost = 0.0 if self.replaced else self._written - began
            if not self._changed.is_set():
                self._settled.set()

    def _patience(self) -> float:
        state = self._state()
        return RUN_PATIENCE if state is not None and state.run.active else PATIENCE

    def write(self) -> None:
        """Write now. An error is shown in the bench each time, until a write succeeds again."""
        state = self._state()
        if state is None:
            return
        try:
            prepared(self.path.parent)
            save(state.session, self.path, mark=str(Mark.own()), private=True)
            make_room(_in_use() | {self.path})
        except Exception as error:
            self.problem = error_text(error)
            state.update(notice=f"this session is not being saved: {self.problem}")
        else:
            if self.problem:
                state.update(notice="this session is saved again")
            self.problem = ""
