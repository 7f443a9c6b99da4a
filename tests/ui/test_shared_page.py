"""What leaves the bench: a page from disk and a saved notebook, both with no network."""

from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from widgets import palette
from widgets.sharing.page import Shared, share
from widgets.whatif.reading import MUTATIONS, Reading
from workbench import landscape, load_model, read_protein
from workbench.cli import main
from workbench.prompt import Prompt
from workbench.sampling.recipe import Recipe
from workbench.sampling.settings import RunSettings
from workbench.session import Session

from .accessible import complaints, prepare
from .bench_page import BenchPage
from .lab import AT_REST, KERNEL, PIXELS, ROOT, LabPage, colours, difference

EXAMPLE = ROOT / "workbench" / "examples" / "three_helix_bundle.cif"
WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""
HOSTILE = "</script><img src=x onerror=\"document.body.dataset.hacked = 'yes'\">"
SCRUB = """(index) => {
  const slider = document.querySelector('.esm-timeline input');
  slider.value = index;
  slider.dispatchEvent(new Event('input', {bubbles: true}));
  slider.dispatchEvent(new Event('change', {bubbles: true}));
}"""
GROUND = "() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
SPOKEN = ".esm-whatif .esm-spoken"
CELLS = [
    f"from widgets import Bench\nbench = Bench({str(EXAMPLE)!r}, model='esm3-nano')\n"
    "bench.prompt = bench.prompt.mask('20-40', ['sequence', 'structure'])"
    ".annotate('</script><b>bold', '3-9', 'residue')\nbench",
    "bench.run('structure:2,sequence:2', seed=1)\nassert bench.wait(240)",
]


class OfflinePage:
    """A file in a browser without a network; every request and complaint is kept."""

    def __init__(self, browser, path: Path, screen: str = "light") -> None:
        self._context = browser.new_context(
            viewport={"width": 1400, "height": 950}, offline=True, color_scheme=screen
        )
        self.page = self._context.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on(
            "console",
            lambda message: message.type in ("error", "warning") and self.said.append(message.text),
        )
        self.page.add_init_script(WATCH)
        self.path = path

    def open(self) -> "OfflinePage":
        """Open the file."""
        self.page.goto(self.path.as_uri())
        return self

    def drawn(self) -> "OfflinePage":
        """Wait until all of a shared page is drawn."""
        self.page.wait_for_selector("body[data-open]", timeout=120_000)
        self.page.wait_for_function(
            "() => document.querySelector('.esm-structure').structureView.drawn > 0", timeout=60_000
        )
        self.page.wait_for_function(AT_REST, arg=[0, 0], timeout=60_000)
        return self

    def pixels(self, selector: str) -> list[int]:
        return self.page.eval_on_selector(selector, PIXELS)

    def close(self) -> tuple[list[str], list[str], list[str]]:
        """Requests to elsewhere, complaints and policy violations."""
        violations = self.page.evaluate("window.violations")
        self._context.close()
        away = [url for url in self.asked if not url.startswith(("file:", "blob:null/", "data:"))]
        messages = [text for text in self.said if "GPU stall due to ReadPixels" not in text]
        return away, messages, violations


@pytest.fixture(scope="module")
def session() -> Session:
    """Two designs of a masked helix, under a name that would break out of the page."""
    protein = read_protein(EXAMPLE).with_(name=HOSTILE)
    prompt = Prompt.from_protein(protein).mask("20-40", ["sequence", "structure"])
    session = Session(
        prompt.annotate(HOSTILE, "3-9"), replace(load_model("esm3-nano"), folder=None)
    )
    for seed in (1, 2):
        trajectory = session.start(Recipe.parse("structure:2,sequence:2"), seed)
        for _ in trajectory:
            pass
        session.keep(trajectory)
    return session


def test_a_shared_page_is_explored_from_disk_without_a_network(
    browser, session: Session, tmp_path: Path, artifacts: Path, capsys: pytest.CaptureFixture
):
    path = share(session, tmp_path / "x.html", Shared(RunSettings(), "esm3-nano"))
    assert path.stat().st_size < 6e6
    opened = OfflinePage(browser, path).open().drawn()
    page = opened.page
    page.screenshot(path=artifacts / "shared_page.png", full_page=True)
    assert page.evaluate("document.body.dataset.picture") == "design:design-2"
    assert page.evaluate("document.body.dataset.hacked") is None
    assert HOSTILE in page.inner_text(".esm-name")
    before = {name: opened.pixels(name) for name in (".esm-canvas", ".esm-stage canvas")}
    assert all(colours(image) > 5 for image in before.values())

    page.evaluate(SCRUB, 1)
    page.wait_for_selector("body[data-picture='design:design-2#1']")
    page.wait_for_function(AT_REST, arg=[0, 0], timeout=60_000)
    assert difference(before[".esm-canvas"], opened.pixels(".esm-canvas")) > 20
    assert difference(before[".esm-stage canvas"], opened.pixels(".esm-stage canvas")) > 20
    page.screenshot(path=artifacts / "shared_page_step.png", full_page=True)

    page.click("[data-design='design-1']")
    page.wait_for_selector("body[data-picture='design:design-1']")
    page.evaluate(SCRUB, 3)
    page.wait_for_selector("body[data-picture='design:design-1#3']")
    page.evaluate(SCRUB, 4)
    page.wait_for_selector("body[data-picture='design:design-1']")
    page.select_option(".esm-structure select", "chain")
    legend = page.locator(".esm-legend")
    page.wait_for_function(
        "() => document.querySelector('.esm-legend').innerText.includes('chain A')"
    )
    assert palette.PLDDT_BANDS[0][2] not in legend.inner_text()
    page.fill(".esm-header input", "A:5-9")
    page.press(".esm-header input", "Enter")
    page.wait_for_function(
        "() => document.querySelector('.esm-tracks').trackView.selection[0]?.[1] === 9"
    )
    with page.expect_download(timeout=120_000) as waiting:
        page.click("#record")
    assert waiting.value.suggested_filename == "x.design"
    waiting.value.save_as(tmp_path / "again.design")
    assert main(["open", str(tmp_path / "again.design")]) == 0
    assert "design-2: structure:2,sequence:2, seed 2" in capsys.readouterr().out
    assert opened.close() == ([], [], [])


@pytest.mark.parametrize("screen", ["light", "dark"])
def test_a_shared_page_is_open_to_everybody_on_their_screen(
    browser, session: Session, tmp_path: Path, artifacts: Path, screen: str
):
    path = share(session, tmp_path / "x.html", Shared(RunSettings(), "esm3-nano"))
    opened = OfflinePage(browser, path, screen)
    page = opened.page
    prepare(page)
    opened.open().drawn()
    wrong = complaints(page, "body")
    for tab in page.query_selector_all("[role=tab]"):
        tab.click()
        page.wait_for_function(AT_REST, arg=[0, 0], timeout=60_000)
        wrong += complaints(page, "body")
    page.click("[role=tab] >> nth=0")
    page.screenshot(path=artifacts / f"shared_page_{screen}.png", full_page=True)
    assert wrong == []
    red, green, blue = page.evaluate(GROUND)
    assert (red + green + blue > 600) == (screen == "light")
    assert opened.close() == ([], [], [])


def test_a_saved_notebook_shows_its_bench_without_kernel_or_network(
    browser, tmp_path: Path, artifacts: Path, monkeypatch: pytest.MonkeyPatch
):
    nbclient, nbconvert = pytest.importorskip("nbclient"), pytest.importorskip("nbconvert")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    cells = [nbformat.v4.new_code_cell(code) for code in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=KERNEL)
    nbclient.NotebookClient(notebook, timeout=400, store_widget_state=False).execute()
    outputs = notebook.cells[0].outputs
    texts = [output["data"].get("text/html", "") for output in outputs if "data" in output]
    (snapshot,) = [text for text in texts if "esm-snapshot" in text]
    assert "design-1" in snapshot
    assert "<b>bold" not in snapshot
    assert len(nbformat.writes(notebook)) < 150_000

    text, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
    path = tmp_path / "saved.html"
    path.write_text(text, "utf-8")
    opened = OfflinePage(browser, path).open()
    pictures = opened.page.locator(".esm-snapshot img")
    pictures.nth(1).wait_for(state="visible", timeout=60_000)
    widths = pictures.evaluate_all("(all) => all.map((one) => one.naturalWidth)")
    assert len(widths) == 2
    assert min(widths) > 200
    opened.page.screenshot(path=artifacts / "saved_notebook.png", full_page=True)
    opened.close()


def test_the_still_picture_is_hidden_beside_the_live_bench(lab_page: LabPage):
    lab_page.open(CELLS[:1]).run_all(240)
    BenchPage(lab_page).await_views()
    still = lab_page.page.locator(".esm-snapshot")
    assert still.count() == 1
    assert not still.is_visible()
    assert lab_page.errors_shown() == []


NAMES = ("design-1", "design-2", "wild-type")


def test_what_needs_no_kernel_works_on_a_shared_page_by_keyboard_in_both_themes(
    browser, session: Session, tmp_path: Path, artifacts: Path
):
    table = landscape(session.model, session.prompt)
    readings = {MUTATIONS: Reading(session.prompt, "masked-marginal", table)}
    session.add_control(session.prompt.template, "wild type")
    session.remark("design-2", 2, "to order")
    shared = Shared(RunSettings(), "esm3-nano", readings=readings)
    opened = OfflinePage(browser, share(session, tmp_path / "x.html", shared)).open().drawn()
    assert opened.page.evaluate("document.body.dataset.picture") == "design:design-2"
    page, keys = opened.page, opened.page.keyboard
    tabs = page.locator("[role=tab]").all_inner_texts()
    assert tabs == ["Residues", "PAE", "Steps", "Mutations", "Ramachandran"]
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.focus('[data-tab="steps"]')
        keys.press("ArrowRight")
        page.wait_for_selector(".esm-landscape canvas", state="visible")
        page.focus(".esm-landscape canvas")
        keys.press("End")
        keys.press("w")
        assert "Compute" not in page.inner_text(".esm-whatif-words")
        assert f"to W: log-odds {table['W'].iloc[-1]:+.2f}" in page.inner_text(SPOKEN)
        page.screenshot(path=artifacts / f"shared_what_if_{theme}.png", full_page=True)
        page.focus('[data-tab="mutations"]')
        keys.press("ArrowRight")
        page.wait_for_selector(".esm-ramachandran canvas", state="visible")
        page.focus(".esm-ramachandran canvas")
        keys.press("Home")
        keys.press("Enter")
        assert "φ" in page.inner_text(SPOKEN)
        page.wait_for_function("document.querySelector('.esm-header input').value === 'A:2'")
        for act, panel in (
            ("scatter", ".esm-scatter path.point"),
            ("align", ".esm-alignment canvas"),
        ):
            if not page.is_visible(f"{panel} >> nth=0"):
                page.focus(f'.esm-gallery [data-act="{act}"]')
                keys.press("Enter")
            page.wait_for_selector(f"{panel} >> nth=0", state="visible")
        page.focus(".esm-scatter-stage")
        keys.press("ArrowRight")
        page.wait_for_selector(".esm-scatter .hoverlayer .hovertext")
        assert page.inner_text(".esm-scatter-readout").split(" · ")[0] in NAMES
        page.focus(".esm-alignment canvas")
        keys.press("ArrowRight")
        assert "template" in page.inner_text(".esm-alignment-bar [aria-live]")
        page.focus('[data-tab="ramachandran"]')
        for _ in range(2):
            keys.press("ArrowLeft")
        page.screenshot(path=artifacts / f"shared_designs_{theme}.png", full_page=True)
        page.wait_for_function("document.querySelectorAll('.esm-scatter path.point').length > 3")
    assert page.inner_text(".esm-gallery tbody").count("★★☆") == 1
    assert page.locator(".esm-control .esm-link").count() == 1
    assert opened.close() == ([], [], [])
