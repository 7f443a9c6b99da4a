"""Desk: the folder in which a bench and an agent leave each other files.

The bench writes its session there and reads proposals; the agent reads the session and writes
proposals. Neither reaches into the other.
"""

import itertools
import os
from pathlib import Path

from ..archive import open_record, save
from ..atomic_files import make_folder, write_file
from ..errors import PromptError
from ..paths import given_path
from ..regular_files import read_regular
from ..session import Session
from .proposal import Proposal

BENCH = "bench.design"
PROPOSAL = ".proposal.json"
ANSWER = ".answer.txt"
MOST_BYTES = 256 << 10


class Desk:
    """A folder for one bench and the agents at it."""

    def __init__(self, folder: str | os.PathLike) -> None:
        self.folder = make_folder(given_path(folder))

    @property
    def has_bench(self) -> bool:
        """Whether a bench has put its session here."""
        return (self.folder / BENCH).is_file()

    def show(self, session: Session) -> None:
        """Put what the bench holds here."""
        save(session, self.folder / BENCH)

    def session(self) -> Session:
        """What the bench holds."""
        if not self.has_bench:
            raise PromptError(
                f"no bench has been here; call bench.invite({str(self.folder)!r}) in its notebook"
            )
        return open_record(self.folder / BENCH)

    def propose(self, proposal: Proposal) -> str:
        """Leave a proposal; return the name to ask for its answer by."""
        used = {path.name.split(".")[0] for path in self.folder.iterdir()}
        name = next(one for k in itertools.count(1) if (one := f"proposal-{k}") not in used)
        write_file(self.folder / f"{name}{PROPOSAL}", proposal.text)
        return name

    def waiting(self) -> list[str]:
        """Names of the proposals without an answer, the oldest first."""
        times = {
            path.name.removesuffix(PROPOSAL): path.stat().st_mtime_ns
            for path in self.folder.glob(f"*{PROPOSAL}")
        }
        return [
            name
            for name in sorted(times, key=lambda file: (times[file], file))
            if not self._answer(name).exists()
        ]

    def proposal(self, name: str) -> Proposal:
        """A proposal by its name; PromptError where it cannot be read."""
        path = self._file(name, PROPOSAL)
        try:
            return Proposal.parse(read_regular(path, MOST_BYTES, links=False))
        except OSError as error:
            raise PromptError(f"{path.name}: {error.strerror or error}") from None

    def answer(self, name: str, text: str) -> None:
        """Say what became of a proposal."""
        write_file(self._answer(name), text)

    def answer_to(self, name: str) -> str:
        """Return the answer to a proposal; "waiting" until somebody has answered."""
        try:
            return read_regular(self._answer(name), MOST_BYTES, links=False).decode(
                "utf-8", "replace"
            )
        except OSError:
            return "waiting for a person"

    def _answer(self, name: str) -> Path:
        return self._file(name, ANSWER)

    def _file(self, name: str, end: str) -> Path:
        if not name.replace("-", "").isalnum():
            raise PromptError(f"there is no proposal {name!r}")
        return self.folder / f"{name}{end}"
