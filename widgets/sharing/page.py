"""Share: a session as one HTML file that opens from disk, with no kernel and no network.

The file holds the bench's own ES modules, the pictures that its views show (see ``recording``), the
vendored 3Dmol and plotly's script, compressed in one block, and the design record to download. Its
content policy lets only its own script run and nothing be fetched. All text is escaped; no path of
this machine is in it.
"""

import base64
import hashlib
import html
import os
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.archive.record import SUFFIX, record_bytes
from workbench.atomic_files import write_file
from workbench.errors import PromptError, WorkbenchError
from workbench.paths import given_path
from workbench.sampling.settings import RunSettings
from workbench.session import Session

from ..browser import loader
from ..browser.style import style
from ..confidence.figure import selection_bands, theme_of, traces_of
from ..frame import Frame
from ..state import BenchState
from . import summary
from .pack import Pack
from .recording import KEPT, key_of, record

MODULES = {
    "header": loader.linked("files/header.js"),
    "tracks": loader.linked("tracks/editor.js"),
    "structure": loader.linked_with_3dmol("structure/view.js"),
    "run": loader.linked("running/panel.js"),
    "designs": loader.linked("designs/table.js"),
    "tabs": loader.linked("confidence/tabs.js"),
    "whatif": loader.linked("whatif/view.js"),
}
STYLES = (
    "files/header.css", "tracks/editor.css", "structure/view.css", "running/panel.css",
    "designs/table.css", "confidence/tabs.css", "whatif/view.css", "sharing/page.css",
)  # fmt: skip
POLICY = (
    "default-src 'none'; script-src '{script}' blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; worker-src 'none'; base-uri 'none'; form-action 'none'"
)
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<main class="esm-view esm-page">
<noscript><p>Without scripts this page shows only what follows; with them it can be explored.</p>
</noscript>
<p id="failed" class="esm-error" role="alert" hidden></p>
<div class="esm-bench"><div class="esm-grid">
<div class="esm-area-header"></div>
<div class="esm-area-tracks"></div>
<div class="esm-area-run"></div>
<div class="esm-area-side"><div class="esm-area-structure"></div>
<div class="esm-area-plot"><div class="esm-area-tabs"></div><div id="plot"></div>
<div class="esm-area-whatif"></div></div></div>
<div class="esm-area-designs"></div>
</div></div>
<section class="esm-words">
{words}
{download}
<details><summary>Licence of 3Dmol.js, which draws the structure here</summary>
<pre>{licence}</pre></details>
</section>
</main>
<script id="pack" type="application/octet-stream">{pack}</script>
<script type="module">{script}</script>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Shared:
    """What a page is made of besides the session; it opens on ``shown`` or the last picture.

    ``readings`` are what the model said when it was asked what if.
    """

    settings: RunSettings
    model: str = ""
    code: str = ""
    shown: Frame | None = None
    readings: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, state: BenchState, code: Callable[[], str]) -> "Shared":
        """What a bench shows now; ``code`` gives the text that makes it, or says why none can."""
        try:
            text = code()
        except PromptError as error:
            text = f"# {error}"
        viewed = state.viewed_design
        frame = state.frame if viewed is None else Frame.of_design(viewed)
        return cls(state.settings, state.model, text, frame, state.readings)


def share(session: Session, path: str | os.PathLike, shared: Shared) -> Path:
    """Write the page and return its path; a file of that name is replaced when all went well."""
    target = given_path(path)
    if target.suffix.lower() not in (".html", ".htm"):
        raise WorkbenchError(f"{target.name} is no name for a page; give one that ends in .html")
    if not target.parent.is_dir():
        raise WorkbenchError(f"there is no folder {target.parent} to write {target.name} to")
    text = page(session, shared, target.stem)
    write_file(target, text)
    return target


def share_record(session: Session, path: Path, model: str) -> Path:
    """Write the page of a record that was just opened."""
    return share(session, path, Shared(RunSettings(), model))


def page(session: Session, shared: Shared, name: str = "session") -> str:
    """The page as text; ``name`` is that of the record inside."""
    pack = Pack()
    recording = record(session, shared.settings, shared.model, pack, shared.readings).data()
    pictures = recording["others"]
    start = None if shared.shown is None else key_of(shared.shown)
    main = {
        "bus": uuid.uuid4().hex,
        "views": {area: pack.keep(text) for area, text in MODULES.items()},
        "plotly": pack.keep(loader.plotly_script()),
        "recording": recording,
        "kept": list(KEPT),
        "band": selection_bands([[0, 0]], ("x",), dark=False)[0] | {"yref": "paper"},
        "themes": [{"layout": theme_of(dark), "traces": traces_of(dark)} for dark in (False, True)],
        "start": start if start in pictures else next(reversed(pictures), "prompt"),
        "record": _record(session, name, pack),
    }
    script = loader.linked("sharing/page.js")
    if re.search(r"</script|<!--", script, re.IGNORECASE):
        raise ValueError("page.js would end its own script element")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    title = session.prompt.template.name or "Protein design"
    return PAGE.format(
        policy=html.escape(POLICY.format(script=f"sha256-{digest}"), quote=True).replace(
            "&#x27;", "'"
        ),
        title=html.escape(f"{title} · ESM3 workbench"),
        style=style(*STYLES),
        words=summary.session_html(session, shared.settings, shared.model, shared.code),
        download=_download(main["record"]),
        licence=html.escape((loader.VENDOR / "LICENSE").read_text("utf-8")),
        pack=as_text(pack.compressed(main)),
        script=script,
    )


def as_text(data: bytes) -> str:
    """Five letters for every four bytes, none of which means anything to HTML in a script."""
    return base64.b85encode(data).decode().replace("<", ",")


def _record(session: Session, name: str, pack: Pack) -> dict:
    data = record_bytes(session)
    return {"name": f"{name}{SUFFIX}", "data": pack.keep(data), "size": len(data)}


def _download(document: dict) -> str:
    name, size = html.escape(document["name"]), document["size"] / 1000
    return (
        f'<p><button type="button" id="record" class="esm-button esm-go">Download {name}</button> '
        f"{size:.0f} kB: prompt, recipe, seeds and the tokens of every step. "
        '<code>Bench("…")</code> opens it, <code>workbench rebuild</code> makes it again.</p>'
    )
