"""Snapshot: what a bench shows, as HTML that needs no kernel, no script and no network.

It is published beside the live bench under a display id and brought up to date when a run rests or
a while after an edit, never at each step. The live views hide it (``snapshot.js``); where
they cannot run, in a saved notebook on a code-hosting site for example, it is what people see.
"""

import base64
import html
import threading
import uuid
from contextvars import copy_context
from typing import Any

from workbench.metrics.agreement import ss8_of
from workbench.session import Session, columns_of, rows_of
from workbench.tracks import Track

from .. import palette
from ..designs.still import still_table
from ..frame import Frame
from ..state import BenchState
from ..tracks.rows import cell_states
from . import svg

QUIET_SECONDS = 1.5
"""How long a person must leave the prompt alone before the snapshot follows."""

ROWS = 40
"""Designs listed at most."""

STYLE = (
    "<style>.jp-LabShell .esm-snapshot,.jp-NotebookShell .esm-snapshot"
    "{animation:esm-appear .01s 5s both}@keyframes esm-appear"
    "{from{max-height:0;overflow:hidden;opacity:0}to{max-height:none;opacity:1}}</style>"
)
"""In JupyterLab the snapshot waits for the live bench, which hides it before it is seen."""


class Snapshot:
    """The picture of one bench; ``publish`` puts it into the output of the running cell."""

    def __init__(self, state: BenchState) -> None:
        self._state = state
        self.name = uuid.uuid4().hex
        self._published: str | None = None
        self._timer: threading.Timer | None = None
        state.observe_run(self._rested, "phase")
        state.observe(self._soon, ["revision", "frame", "designs"])

    def html(self) -> str:
        """The snapshot now."""
        return snapshot_html(self._state.session, self._state.frame, self._state.model, self.name)

    def publish(self) -> None:
        """Display it, in a kernel; elsewhere nobody would look."""
        display = _publisher()
        if display is not None:
            self._published = self.html()
            display(_bundle(self._published), display_id=self.name, raw=True)

    def update(self) -> None:
        """Bring the published picture up to date, if it is not."""
        display = _publisher()
        if self._published is None or display is None:
            return
        with self._state.lock:
            now = self.html()
            if now != self._published:
                self._published = now
                display(_bundle(now), display_id=self.name, raw=True, update=True)

    def _rested(self, change: Any) -> None:
        if not change["new"].active:
            self._cancel()
            self.update()

    def _soon(self, _: object) -> None:
        if self._published is None or self._state.run.active:
            return
        self._cancel()
        self._timer = threading.Timer(QUIET_SECONDS, copy_context().run, [self.update])
        self._timer.daemon = True
        self._timer.start()

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def snapshot_html(session: Session, frame: Frame | None, model: str, name: str) -> str:
    """A session as static HTML: tracks, structure and designs; every text is escaped."""
    prompt = session.prompt
    subject = prompt if frame is None else frame.prompt
    shown = "the prompt" if frame is None else frame.title
    head = (
        f"<p><b>{html.escape(subject.template.name or 'unnamed protein')}</b> · {len(subject)} "
        f"residues · {html.escape(model)} · {html.escape(shown)} on view. "
        "<i>A still picture; run this cell for the live bench.</i></p>"
    )
    pictures = [image(svg.tracks_svg(prompt, frame), "Tracks of the prompt")]
    structure = _structure(subject, frame)
    if structure:
        pictures.append(image(structure, "Structure, drawn from its CA trace"))
    return (
        f'{STYLE}<div class="esm-snapshot esm-snapshot-{name}">{head}'
        f"{''.join(f'<p>{picture}</p>' for picture in pictures)}{_designs(session)}</div>"
    )


def _structure(subject: Any, frame: Frame | None) -> str:
    protein = subject.structure if frame is None else frame.protein
    if protein is None:
        return ""
    if protein.confidence is not None:
        colors = palette.plddt_colors(protein.confidence.plddt * 100)
    else:
        states = cell_states(subject)
        colors = palette.state_colors(states[list(Track).index(Track.STRUCTURE)])
    return svg.structure_svg(protein, colors, ss8_of(protein))


def _designs(session: Session) -> str:
    if not session.designs:
        return ""
    columns = [
        column for column in columns_of(session.designs) if column.name not in ("length", "recipe")
    ]
    rows = rows_of(session.designs, session.remarks)
    more = f"<p>… and {len(rows) - ROWS} earlier designs</p>" if len(rows) > ROWS else ""
    return still_table(columns, rows[-ROWS:]) + more


def image(svg: str, title: str) -> str:
    """An SVG picture as an ``img`` element; ``title`` goes in as it is."""
    data = base64.b64encode(svg.encode()).decode()
    return f'<img alt="{title}" src="data:image/svg+xml;base64,{data}"/>'


def _bundle(text: str) -> dict[str, str]:
    return {"text/html": text, "text/plain": "<picture of the bench>"}


def _publisher() -> Any:
    """IPython's display inside a kernel, else None."""
    from IPython import get_ipython
    from IPython.display import display

    shell = get_ipython()
    return display if shell is not None and hasattr(shell, "kernel") else None
