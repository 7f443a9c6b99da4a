"""How Sphinx makes the site, for ``make docs``. Nothing is fetched.

The notebooks are shown with the outputs that they hold. The live page is a session shared by the
workbench itself while the site is made.
"""

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from workbench import __version__  # noqa: E402

project = "ESM3 workbench"
author = copyright = "ESM3 workbench contributors"
release = version = __version__
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary"]
exclude_patterns = ["_made", "_build"]
html_theme = "furo"
html_title = project
html_static_path: list[str] = []
html_extra_path = ["_made"]
html_show_sourcelink = False
nb_execution_mode = "off"
nb_merge_streams = True
nb_ipywidgets_js: dict[str, dict] = {}
"""Nothing from other hosts: what a widget showed stands beside it as a picture."""
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
autosummary_generate = True
autodoc_default_options = {"members": True, "undoc-members": False, "member-order": "bysource"}
autodoc_typehints = "none"
autodoc_preserve_defaults = True
suppress_warnings = ["mystnb.unknown_mime_type", "myst.xref_missing", "misc.highlighting_failure"]
linkcheck_ignore = [r"https?://(localhost|127\.0\.0\.1)"]


def setup(app: object) -> None:
    """Bring in the notebooks and the live page before anything is read."""
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        shutil.copy2(notebook, HERE / "jobs" / notebook.name)
    page = HERE / "_made" / "live_session.html"
    if not page.exists():
        page.parent.mkdir(exist_ok=True)
        share_a_session(page)


def share_a_session(page: Path) -> None:
    """Redesign a helix of the example protein, with a fixed seed, and share what came of it."""
    from widgets.sharing.page import Shared, share
    from workbench import Prompt, Recipe, Session, example, load_model
    from workbench.sampling.settings import RunSettings

    tracks = ("sequence", "structure")
    session = Session(Prompt.from_protein(example()).mask("20-40", tracks), load_model("esm3-mini"))
    for seed in (1, 2, 3):
        run = session.start(Recipe.parse("structure:8,sequence:8"), seed=seed)
        for _ in run:
            pass
        session.keep(run)
    share(session, page, Shared(RunSettings(), "esm3-mini"))
