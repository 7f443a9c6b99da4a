"""Journeys of the header: open, save and share; and of the menu on a track."""

from pathlib import Path

import pytest

from .bench_page import BenchPage
from .lab import LabPage, difference

DROP = """([name, text, selector]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name));
  const target = document.querySelector(selector);
  const given = { bubbles: true, cancelable: true, dataTransfer };
  const taken = ['dragover', 'drop'].map((kind) => {
    const left = target.dispatchEvent(new DragEvent(kind, given));
    return !left && target.closest('.esm-bench')?.classList.contains('esm-catching');
  });
  return taken;
}"""
OPEN = """
from widgets import Bench
from workbench import example
bench = Bench(example())
bench
"""


@pytest.fixture
def bench(lab_page: LabPage) -> BenchPage:
    return BenchPage.opened(lab_page, "files.ipynb", OPEN)


def submit(bench: BenchPage, act: str, name: str | None = None) -> str:
    """Open one of the boxes, type a name and submit; gives back what it says in the end."""
    box = bench.page.locator(f'.esm-files-box:has([data-field="{act}"])')
    if not box.is_visible():
        bench.page.click(f'[data-act="{act}"]')
    if name is not None:
        bench.page.fill(f'[data-field="{act}"]', name)
    bench.page.keyboard.press("Enter")
    bench.page.wait_for_function(
        "(act) => !document.querySelector(`[data-act='${act}-now']`).disabled", arg=act
    )
    return box.locator(".esm-files-message").text_content() or ""


def test_a_bench_is_saved_shared_and_opened_anew_by_hand(bench: BenchPage, artifacts: Path):
    page, lab = bench.page, bench.lab
    length = lab.ask("len(bench.prompt)")
    assert submit(bench, "save").startswith("written: ")
    page.screenshot(path=artifacts / "files_saved.png")
    record = "Bench(bench._header.drafts['save'])"
    assert lab.ask(f"{record}.prompt.template.sequence == bench.prompt.template.sequence")
    assert submit(bench, "share", "by-hand").startswith("written: by-hand.html")
    assert lab.ask("__import__('pathlib').Path('by-hand.html').stat().st_size") > 1_000_000
    assert "no file 'nowhere.pdb'" in submit(bench, "open", "nowhere.pdb")
    assert page.locator(".esm-files-message.esm-wrong").is_visible()
    page.screenshot(path=artifacts / "files_refused.png")
    assert "is open" in submit(bench, "open", "33")
    lab.ask_until("len(bench.prompt)", lambda count: count == 33, 10)
    assert page.locator('.esm-files-box:has([data-field="open"])').is_hidden()
    fasta = {"name": "brought.fasta", "mimeType": "text/plain", "buffer": b">p\nMKTAYIAKQR\n"}
    page.set_input_files('.esm-files-box input[type="file"]', fasta)
    lab.ask_until("bench.prompt.template.sequence", lambda text: text == "MKTAYIAKQR", 10)
    for _ in range(2):
        page.click('[data-act="undo"]')
    lab.ask_until("len(bench.prompt)", lambda count: count == length, 10)


def test_pasted_fasta_and_long_sequences_are_opened(bench: BenchPage, artifacts: Path):
    """A sequence of more letters than a file name may have, in lines, of two chains."""
    lines = "\n".join(["MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ"] * 9)
    assert "is open" in submit(bench, "open", f">long|Chain H\n{lines}\n>short|Chain L\nGSHML\n")
    lab = bench.lab
    lab.ask_until("bench.prompt.template.chains", lambda chains: chains == ("H", "L"), 10)
    assert lab.ask("len(bench.prompt)") == 9 * 33 + 5
    message = submit(bench, "open", "MKTAYIAKJ" * 60)
    assert "and as a sequence 'J' at position 9 of the record" in message
    box = bench.page.locator('.esm-files-box:has([data-field="open"])')
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    bench.page.screenshot(path=artifacts / "files_long_refused.png")
    assert "is open" in submit(bench, "open", "MKTAY:GSHML")
    lab.ask_until("len(bench.prompt)", lambda count: count == 10, 10)


def test_a_cell_that_is_run_again_gives_its_session_back(bench: BenchPage, artifacts: Path):
    page, lab = bench.page, bench.lab
    bench.drag("sequence", 10, 19)
    lab.ask_until("len(bench.session.history)", (2).__eq__, 10)
    lab.ask("str(bench.run('sequence:3').wait())")
    page.click('[data-side="prompt"]')
    page.wait_for_selector('[data-side="prompt"][aria-checked="true"]')
    bench.drag("sequence", 30, 35)
    made = lab.ask_until("bench.session.history", lambda history: len(history) == 3, 10)
    lab.run_all()
    bench.await_views()
    assert lab.ask("(bench.session.history, len(bench.session.designs))") == (["open"], 0)
    offer = page.wait_for_selector('.esm-earlier:has-text("2 edits, 1 design")')
    page.screenshot(path=artifacts / "files_earlier.png")
    page.click('[data-act="bring"]')
    lab.ask_until("bench.session.history", made.__eq__, 10)
    page.wait_for_selector('.esm-gallery [data-design="design-1"]')
    assert not offer.is_visible()
    page.keyboard.press("Escape")
    page.click('[data-act="undo"]')
    lab.ask_until("len(bench.session.history)", (2).__eq__, 10)


SAID_BEFORE = "() => getComputedStyle(document.querySelector('.esm-bench'), '::before').content"


def test_a_bench_whose_kernel_has_gone_says_so_and_its_session_comes_back(
    bench: BenchPage, artifacts: Path
):
    page, lab = bench.page, bench.lab
    bench.drag("sequence", 10, 19)
    lab.ask_until("len(bench.session.history)", (2).__eq__, 10)
    lab.ask_until("bench._autosave.wait(5)", (True).__eq__, 10)
    assert page.evaluate(SAID_BEFORE) == "none"
    lab.lose_kernel()
    page.wait_for_selector(".esm-bench.jupyter-widgets-disconnected")
    assert "Run the cell again" in page.evaluate(SAID_BEFORE)
    page.screenshot(path=artifacts / "kernel_gone.png")
    lab.run_all()
    bench.await_views()
    page.click('.esm-earlier:has-text("1 edit") [data-act="bring"]')
    lab.ask_until("len(bench.session.history)", (2).__eq__, 10)
    assert bench.masked("sequence") == list(range(10, 20))


def test_a_file_dropped_on_the_bench_is_opened_and_elsewhere_left_alone(
    bench: BenchPage, artifacts: Path
):
    page, lab = bench.page, bench.lab
    fasta = ">p\nMKTAYIAKQR\n"
    assert page.evaluate(DROP, ["far.fasta", fasta, ".jp-Toolbar"]) == [False, False]
    assert page.evaluate(DROP, ["near.fasta", fasta, ".esm-canvas"]) == [True, False]
    lab.ask_until("bench.prompt.template.sequence", "MKTAYIAKQR".__eq__, 10)
    written = "[__import__('pathlib').Path(one).exists() for one in ('near.fasta', 'far.fasta')]"
    assert lab.ask(written) == [True, False]
    page.wait_for_selector('.esm-files-box:has([data-field="open"])', state="hidden")
    page.evaluate(DROP, ["notes.html", "<b>no protein</b>", ".esm-stage"])
    page.wait_for_selector(
        '.esm-files-message.esm-wrong:has-text("notes.html is none of the files")'
    )
    page.screenshot(path=artifacts / "files_dropped.png")
    assert lab.ask("bench.session.history") == ["open", "open near"]


def test_right_click_keeps_a_motif_and_help_tells_of_it(bench: BenchPage, artifacts: Path):
    page, lab = bench.page, bench.lab
    length = lab.ask("len(bench.prompt)")
    bench.drag(-1, 10, 19)
    page.mouse.click(*bench.spot("structure", 14), button="right")
    menu = page.locator(".esm-menu")
    menu.wait_for(state="visible")
    assert page.locator(".lm-Menu").count() == 0
    page.screenshot(path=artifacts / "residue_menu.png")
    page.click('[data-act="keep-selection"]')
    kept = list(range(10, 20))
    others = [i for i in range(length) if i not in kept]
    lab.ask_until("bench.prompt.masked('sequence').nonzero()[0].tolist()", others.__eq__, 10)
    assert bench.masked("structure") == others
    assert menu.is_hidden()
    assert len(bench.history()) == 2
    page.mouse.click(*bench.spot("sequence", 30), button="right")
    lab.ask_until("list(bench._state.selection)", [30].__eq__, 10)
    page.click('[data-act="invert-selection"]')
    lab.ask_until("len(bench._state.selection)", (length - 1).__eq__, 10)
    page.click('[data-act="help"]')
    assert "right click on a track" in page.locator(".esm-help").inner_text()
    page.screenshot(path=artifacts / "help.png")
    page.keyboard.press("Escape")
    assert page.locator(".esm-help").is_hidden()


def test_another_model_of_an_nmr_file_is_taken_in_the_header(lab_page: LabPage, shared: Path):
    source = str(shared / "data/structures/1l2y.bcif")
    bench = BenchPage.opened(
        lab_page, "nmr.ipynb", f"from widgets import Bench\nbench = Bench({source!r})\nbench"
    )
    before = bench.seen()["structure"]
    models = bench.page.locator('[data-field="conformer"]')
    models.focus()
    models.select_option("30")
    bench.lab.ask_until("bench.session.history[-1]", "open 1l2y, model 30".__eq__)
    assert difference(before, bench.seen()["structure"]) > 10
    bench.page.keyboard.press("Control+z")
    bench.lab.ask_until("len(bench.session.history)", (1).__eq__)
    bench.page.wait_for_function("(one) => one.value === '1'", arg=models.element_handle())
