"""Benches in tabs of their own: from the file browser, the launcher, and after the page is gone."""

import gzip
import json
import urllib.request
from pathlib import Path

import pytest

from workbench import example_path

from .accessible import complaints, prepare
from .bench_page import BenchPage
from .lab import READY, LabPage

FILE = '.jp-DirListing-item:has-text("{0}")'
CARD = '.jp-LauncherCard[data-category="ESM3 bench"] >> visible=true'
START = ".esm3-start >> visible=true"
LISTED = ".jp-mod-kernel-widget .jp-RunningSessions-itemLabel >> visible=true"
ALERT = ".esm3-notice [role=alert] >> visible=true"
BENCH = ".esm3-tab .esm-bench >> visible=true"
CLOSE = ".lm-TabBar-tab.jp-mod-current .lm-TabBar-tabCloseIcon"
FILLS = """() => {
  const [tab, bench] = ['.esm3-tab', '.esm-bench'].map((one) =>
    [...document.querySelectorAll(one)].find((node) => node.offsetParent).getBoundingClientRect());
  return Math.abs(bench.top - tab.top) < 2 && bench.bottom >= tab.bottom - 2
    && Math.abs(bench.width - tab.width) < 20;
}"""
AWKWARD = """it's "one" ü.cif.gz"""
SEQUENCE = "MKTAYIAKQRQISFVKSHFSRQ"


@pytest.fixture
def lab(lab_page: LabPage) -> LabPage:
    """JupyterLab as ``workbench lab`` opens it, with two files in view."""
    folder = lab_page.server.notebooks
    (folder / AWKWARD).write_bytes(gzip.compress(example_path().read_bytes()))
    (folder / "broken.pdb").write_text("no atoms here\n")
    return lab_page.home()


def opened(lab: LabPage) -> BenchPage:
    """The bench of the tab in front, once it is drawn."""
    lab.page.wait_for_selector(BENCH, timeout=90_000)
    bench = BenchPage(lab)
    lab.page.wait_for_function(
        "() => document.querySelector('.esm-tracks')?.trackView", timeout=60_000
    )
    return bench


def running(lab: LabPage) -> set[str]:
    """Ids of the kernels that the server runs."""
    with urllib.request.urlopen(f"{lab.server.url}/api/kernels", timeout=10) as answer:
        return {kernel["id"] for kernel in json.load(answer)}


def test_a_file_opens_by_a_double_click_and_its_bench_outlives_the_page(
    lab: LabPage, artifacts: Path
):
    lab.page.dblclick(FILE.format("one"))
    bench = opened(lab)
    lab.page.wait_for_function(FILLS, timeout=15_000)
    bench.await_views()
    bench.picture(artifacts / "tab_file.png")
    assert lab.ask("bench.prompt.template.sequence") == lab.ask(
        "__import__('workbench').example().sequence"
    )
    assert str(lab.server.notebooks) not in lab.ask("bench.code()")
    bench.brush("mask")
    bench.drag("sequence", 4, 9)
    lab.ask_until("bench.prompt.masked('sequence').nonzero()[0].tolist()", lambda at: len(at) == 6)
    identity = lab.ask("id(bench)")

    lab.page.evaluate("() => sessionStorage.clear()")  # as in another window
    lab.page.goto(lab.server.url)
    lab.page.wait_for_selector(CARD, timeout=60_000)
    lab.page.click(".lm-TabBar-tab:has-text('one')")
    bench = opened(lab)
    assert lab.ask("id(bench)") == identity
    bench.await_views()
    lab.page.click(".lm-TabBar-tab:has-text('one')")
    lab.page.keyboard.press("?")
    lab.page.wait_for_selector(".esm-help >> visible=true")
    lab.page.keyboard.press("Escape")
    bench.drag("sequence", 20, 22)
    lab.ask_until("bench.prompt.masked('sequence').nonzero()[0].tolist()", lambda at: len(at) == 9)

    lab.command("esm3-bench:restartKernel")
    lab.page.click(".jp-Dialog button.jp-mod-warn")
    lab.page.wait_for_selector(".esm3-notice:has-text('starting again') >> visible=true")
    assert lab.page.query_selector(BENCH) is None
    opened(lab)
    lab.page.click("text=Bring it back >> visible=true", timeout=90_000)
    lab.ask_until("bench.prompt.masked('sequence').nonzero()[0].tolist()", lambda at: len(at) == 9)


def test_a_file_that_cannot_be_opened_says_so_in_its_tab(lab: LabPage, artifacts: Path):
    lab.page.dblclick(FILE.format("broken"))
    alert = lab.page.wait_for_selector(ALERT, timeout=90_000)
    assert "broken.pdb: it has no ATOM records" in alert.inner_text()
    lab.page.screenshot(path=artifacts / "tab_refused.png")
    (lab.server.notebooks / "broken.pdb").write_text(pdb_text())
    lab.page.click("text=Try again >> visible=true")
    opened(lab)


def pdb_text() -> str:
    """The example protein as a PDB file."""
    from workbench import example, structure_text

    return structure_text(example(), "pdb")


def test_a_new_bench_starts_from_a_sequence_and_goes_on_in_a_notebook(
    lab: LabPage, artifacts: Path
):
    lab.page.click(CARD)
    lab.page.wait_for_selector(START)
    lab.page.screenshot(path=artifacts / "tab_start.png")
    lab.page.fill(f"{START} >> textarea", "no protein!")
    lab.page.click(f"{START} >> text=Open it")
    assert "no protein!" in lab.page.wait_for_selector(ALERT, timeout=90_000).inner_text()
    lab.page.click("text=Begin with something else >> visible=true")
    lab.page.fill(f"{START} >> textarea", SEQUENCE)
    lab.page.click(f"{START} >> text=Open it")
    bench = opened(lab)
    assert lab.ask("bench.prompt.template.sequence") == SEQUENCE
    bench.brush("mask")
    bench.drag("sequence", 4, 9)
    lab.ask_until("bench.session.history", lambda history: len(history) == 2)

    lab.page.click("text=Show as notebook >> visible=true")
    lab.page.wait_for_selector(".jp-Notebook >> visible=true", timeout=30_000)
    lab.page.wait_for_function(READY, timeout=60_000)
    lab.run_all()
    assert lab.ask("bench.prompt.masked('sequence').nonzero()[0].tolist()") == list(range(4, 10))
    assert lab.errors_shown() == []


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_launcher_and_tabs_are_open_to_everybody(lab: LabPage, artifacts: Path, theme: str):
    page, tab = lab.page, ".esm3-tab:not(.lm-mod-hidden)"
    prepare(page)
    lab.home()
    lab.theme(f"JupyterLab {theme}")
    wrong = complaints(page, '.jp-LauncherCard[data-category="ESM3 bench"]')
    page.screenshot(path=artifacts / f"launcher_{theme}.png")
    page.click(CARD)
    page.wait_for_selector(START)
    wrong += complaints(page, tab)
    page.screenshot(path=artifacts / f"tab_start_{theme}.png")
    page.fill(f"{START} >> textarea", "no protein!")
    page.click(f"{START} >> text=Open it")
    page.wait_for_selector(ALERT, timeout=90_000)
    wrong += complaints(page, tab)
    page.screenshot(path=artifacts / f"tab_refused_{theme}.png")
    page.click("text=Begin with something else >> visible=true")
    page.click(f"{START} >> text=Open the example")
    opened(lab).await_views()
    wrong += complaints(page, tab)
    page.screenshot(path=artifacts / f"tab_bench_{theme}.png")
    assert wrong == []


def test_closing_asks_what_becomes_of_the_kernel(lab: LabPage):
    lab.page.click(CARD)
    lab.page.click(f"{START} >> text=Open the example")
    opened(lab)
    (kernel,) = running(lab)
    lab.page.click(CLOSE)
    lab.page.click(".jp-Dialog >> text=Cancel")
    assert lab.page.is_visible(BENCH)
    lab.page.click(CLOSE)
    lab.page.click(".jp-Dialog >> text=Shut Down Kernel")
    lab.page.wait_for_selector(".esm3-tab", state="detached")
    assert kernel not in running(lab)


def test_a_bench_whose_kernel_was_kept_is_opened_again_with_its_work(lab: LabPage, artifacts: Path):
    lab.page.click(CARD)
    lab.page.fill(f"{START} >> textarea", SEQUENCE)
    lab.page.click(f"{START} >> text=Open it")
    bench = opened(lab)
    bench.brush("mask")
    bench.drag("sequence", 4, 9)
    lab.ask_until("bench.prompt.masked('sequence').sum().item()", lambda masked: masked == 6)
    identity = lab.ask("id(bench)")
    (kernel,) = running(lab)
    lab.page.click(CLOSE)
    lab.page.click(".jp-Dialog >> text=Keep Kernel Running")
    lab.page.wait_for_selector(".esm3-tab", state="detached")
    assert running(lab) == {kernel}

    lab.page.click(CARD)
    kept = lab.page.wait_for_selector(f'{START} >> text="MKTAYIAKQR…"')
    lab.page.screenshot(path=artifacts / "tab_kept.png")
    kept.click()
    lab.page.wait_for_selector(".esm3-start", state="detached")
    bench = opened(lab)
    lab.page.wait_for_function(READY)
    assert lab.ask("id(bench)") == identity
    bench.drag("sequence", 12, 14)
    lab.ask_until("bench.prompt.masked('sequence').sum().item()", lambda masked: masked == 9)
    assert running(lab) == {kernel}

    lab.page.click(CLOSE)
    lab.page.click(".jp-Dialog >> text=Keep Kernel Running")
    lab.page.wait_for_selector(".esm3-tab", state="detached")
    lab.command("running:show-panel")
    lab.page.click(LISTED)
    opened(lab)
    lab.page.wait_for_function(READY)
    assert lab.ask("id(bench)") == identity
    lab.page.screenshot(path=artifacts / "tab_running.png")
    lab.command("launcher:create")
    lab.page.wait_for_selector(CARD)
    lab.page.click(LISTED)
    lab.page.wait_for_selector(BENCH)
    assert lab.page.locator(".jp-Dialog").count() == 0
    assert lab.page.locator(".esm3-tab").count() == 1
    lab.command("esm3-bench:restartKernel")
    lab.page.click(".jp-Dialog button.jp-mod-warn")
    lab.page.wait_for_selector(".esm3-notice:has-text('starting again') >> visible=true")
    opened(lab)
    assert lab.ask("bench.session.opened.template.sequence") == SEQUENCE


def test_a_tab_takes_a_notebook_s_kernel_and_keeps_its_bench_when_the_notebook_closes(
    lab_page: LabPage,
):
    lab_page.open(["mine = 1"], "kernel.ipynb").run_all()
    process = lab_page.ask("__import__('os').getpid()")
    (kernel,) = running(lab_page)
    lab_page.command("esm3-bench:create", {"what": {"text": "12"}})
    bench = opened(lab_page)
    lab_page.command("esm3-bench:changeKernel")
    choice = f'.jp-Dialog option[value*="{kernel}"]'
    value = lab_page.page.wait_for_selector(choice, state="attached").get_attribute("value")
    lab_page.page.select_option(".jp-Dialog select", value=value)
    lab_page.page.click(".jp-Dialog button.jp-mod-accept")
    lab_page.page.wait_for_function(
        "(id) => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.id === id",
        arg=kernel,
    )
    lab_page.page.wait_for_function(READY)
    assert lab_page.ask("__import__('os').getpid()") == process
    bench = opened(lab_page)
    lab_page.page.evaluate(
        "() => [...window.jupyterapp.shell.widgets('main')]"
        ".find((one) => one.title.label === 'kernel.ipynb').dispose()"
    )
    bench.brush("mask")
    bench.drag("ss8", 4, 9)
    bench.brush("ss8-H")
    bench.drag("ss8", 4, 9)
    lab_page.ask_until("''.join(bench.prompt.ss8)[4:10]", lambda ss8: ss8 == "HHHHHH")


def test_new_benches_take_model_and_device_from_the_settings(lab: LabPage):
    page, save = lab.page, "(text) => window.jupyterapp.serviceManager.settings.save(ID, text)"
    save = save.replace("ID", repr("esm3-workbench:plugin"))
    page.evaluate(save, json.dumps({"model": "folder/of-mine", "device": "cpu"}))
    try:
        lab.home()
        page.click(CARD)
        page.fill(f"{START} >> input", "30")
        page.click(f"{START} >> text=Open an empty chain")
        opened(lab)
        assert lab.ask("len(bench.prompt)") == 30
        assert "model='folder/of-mine', device='cpu'" in lab.ask("bench.code()")
    finally:
        page.evaluate(save, "{}")
