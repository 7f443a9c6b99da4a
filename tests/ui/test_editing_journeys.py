"""Journeys of the track editor: every track, functions, residues, findings, keys and code."""

import csv
from pathlib import Path

import pytest

from workbench import vocabulary

from .bench_page import BenchPage
from .lab import LabPage

OPEN = """
from widgets import Bench
bench = Bench({source!r}, model={model!r})
bench
"""


@pytest.fixture(scope="module")
def protein_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A helix of sixty residues with all its backbone, numbered from 101."""
    import numpy as np
    from ideal_chains import wound_helix

    from workbench import Protein, write_protein

    helix = Protein(
        "ADEKLRQMEK" * 6, coordinates=wound_helix(60), residue_number=np.arange(101, 161)
    )
    return write_protein(helix, tmp_path_factory.mktemp("proteins") / "helix.pdb")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder with words to annotate with; the bench never loads the model."""
    data = tmp_path_factory.mktemp("model") / "data"
    data.mkdir()
    (data / vocabulary.KEYWORDS_FILE).write_text("atp binding\nkinase\nkinase activity\n")
    entries = [("IPR000719", "Domain", "Protein kinase domain"), ("IPR000001", "Domain", "Kringle")]
    with (data / vocabulary.ENTRIES_FILE).open("w", newline="") as file:
        rows = csv.writer(file, delimiter="\t")
        rows.writerows([("ENTRY_AC", "ENTRY_TYPE", "ENTRY_NAME"), *entries])
    with (data / vocabulary.RESIDUE_LABELS_FILE).open("w", newline="") as file:
        sites = [("Active site", "active site", 9000), ("Zinc", "zinc binding", 5000)]
        csv.writer(file).writerows([("label", "label_clean", "count"), *sites])
    return data.parent


@pytest.fixture
def bench(lab_page: LabPage, protein_file: Path, tables: Path) -> BenchPage:
    cell = OPEN.format(source=str(protein_file), model=str(tables))
    return BenchPage.opened(lab_page, "editing.ipynb", cell)


def find(bench: BenchPage, text: str, name: str) -> None:
    """Search for a term and choose it with the keyboard."""
    field = bench.page.locator('[data-brush="annotate"]')
    field.fill(text)
    bench.page.wait_for_selector(f'.esm-found-term:has-text("{name}")')
    for _ in range(bench.page.locator(".esm-found-term").count()):
        if name in bench.page.locator('.esm-found-term[aria-selected="true"]').inner_text():
            break
        field.press("ArrowDown")
    field.press("Enter")
    bench.page.wait_for_selector(".esm-found", state="hidden")


def test_every_track_is_painted_and_undone(bench: BenchPage):
    strokes = {
        "sequence": ("residue", "W", "''.join(bench.prompt.sequence)[5:8]", "WWW"),
        "ss8": ("ss8-E", None, "''.join(bench.prompt.ss8)[5:8]", "EEE"),
        "sasa": ("sasa", "110", "bench.prompt.sasa[5:8].tolist()", [110, 110, 110]),
        "structure": ("mask", None, "bench.prompt.masked('structure')[5:8].tolist()", [True] * 3),
        "function": ("none", None, "bench.prompt.function_none[5:8].tolist()", [True] * 3),
        "residue": ("none", None, "bench.prompt.residue_none[5:8].tolist()", [True] * 3),
    }
    for track, (brush, choice, expression, painted) in strokes.items():
        before = bench.lab.ask(f"str({expression})")
        if choice is None:
            bench.brush(brush)
        else:
            bench.page.select_option(f'[data-brush="{brush}"]', choice)
        bench.drag(track, 5, 7)
        bench.lab.ask_until(expression, lambda value, expected=painted: value == expected)
        bench.page.keyboard.press("Control+z")
        bench.lab.ask_until(f"str({expression})", lambda value, was=before: value == was)
    assert bench.history() == ["open"]


def test_a_function_is_found_by_its_name_and_painted(bench: BenchPage, artifacts: Path):
    find(bench, "kinase", "Protein kinase domain")
    bench.drag("function", 4, 30)
    expression = "[(a.label, a.start, a.stop) for a in bench.prompt.function]"
    bench.lab.ask_until(expression, lambda value: value == [("IPR000719", 4, 31)])
    find(bench, "atp", "atp binding")
    bench.drag("function", 20, 44)
    bench.lab.ask_until(expression, lambda value: len(value) == 2)
    find(bench, "zinc", "zinc binding")
    bench.drag("residue", 12, 12)
    find(bench, "sorcery", "sorcery")
    bench.drag("residue", 50, 50)
    bench.lab.ask_until("len(bench.prompt.function)", lambda value: value >= 2)
    bench.page.select_option('[data-brush="limit"]', label="no cysteine")
    bench.drag("sequence", 15, 25)
    bench.lab.ask_until("int(bench.prompt.allowed[15:26].sum())", lambda value: value == 11 * 19)
    bench.picture(artifacts / "editing_functions.png")


def test_residues_come_go_and_move_with_keys_and_menu(bench: BenchPage, artifacts: Path):
    length = "len(bench.prompt)"
    bench.brush("select")
    bench.drag("sequence", 10, 12)
    bench.lab.ask_until("bench.selection", lambda text: text == "A:111-113")
    bench.page.keyboard.press("Insert")
    bench.lab.ask_until(length, lambda value: value == 61)
    assert bench.lab.ask("bench.selection") == "A:113A"
    bench.page.keyboard.press("Control+Delete")
    bench.lab.ask_until(length, lambda value: value == 60)
    bench.drag("sequence", 10, 12)
    bench.lab.ask_until("bench.selection", lambda text: text == "A:111-113")
    bench.page.keyboard.press("Alt+ArrowRight")
    bench.lab.ask_until("int(bench.prompt.positions('A:111')[0])", lambda value: value == 11)
    bench.press("residues")
    bench.page.fill('[data-field="insert-count"]', "4")
    bench.picture(artifacts / "editing_menu.png")
    bench.press("insert-after")
    bench.lab.ask_until(length, lambda value: value == 64)
    bench.page.wait_for_selector('[data-act="insert-after"]', state="hidden")
    bench.press("residues")
    bench.page.wait_for_function(
        "() => document.querySelector('[data-field=length]').value === '64'"
    )
    bench.page.fill('[data-field="length"]', "70")
    bench.press("resize")
    bench.lab.ask_until(length, lambda value: value == 70)
    bench.page.wait_for_function(
        "() => document.querySelector('.esm-tracks').trackView.axis.length === 70"
    )
    bench.drag("sequence", 30, 30)
    bench.lab.ask_until("len(bench._state.selection)", lambda value: value == 1)
    bench.page.keyboard.press("Control+g")
    bench.lab.ask_until("len(bench._state.selection)", lambda value: value > 4)
    for length_after in (64, 60, 60, 61, 60):
        bench.page.keyboard.press("Control+z")
        bench.lab.ask_until(length, lambda value, expected=length_after: value == expected)
    assert bench.history() == ["open"]


def test_a_finding_selects_its_residues_and_clicks_are_copied_as_code(
    bench: BenchPage, artifacts: Path
):
    heights = "() => ['.esm-canvas', '.esm-stage', '.esm-bench'].map((one) =>"
    heights += " document.querySelector(one).clientHeight)"
    before = bench.page.evaluate(heights)
    bench.brush("ss8-E")
    bench.drag("ss8", 20, 24)
    finding = bench.page.wait_for_selector('.esm-finding:has-text("asks for strand")')
    assert bench.page.evaluate(heights) == before
    bench.picture(artifacts / "editing_finding.png")
    finding.click()
    bench.lab.ask_until("bench.selection", lambda text: text == "A:121-125")
    bench.page.evaluate("() => { navigator.clipboard.writeText = async () => { throw 0 } }")
    bench.page.evaluate("() => { document.execCommand = () => false }")
    bench.press("code")
    text = bench.page.wait_for_selector(".esm-code-text").input_value()
    assert text == bench.lab.ask("bench.code()")
    assert "prompt.paint('A:121-125', 'ss8', 'E')" in text
    bench.page.keyboard.press("Escape")
    bench.page.wait_for_selector(".esm-code", state="detached")
    bench.page.locator(".esm-canvas").focus()
    bench.page.keyboard.press("Delete")
    bench.page.wait_for_selector('.esm-finding:has-text("asks for strand")', state="detached")


def test_the_keyboard_alone_paints_and_says_where_it_is(bench: BenchPage):
    page = bench.page
    bench.brush("ss8-E")
    page.keyboard.press("Home")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    bench.lab.ask_until("len(bench._state.selection)", lambda value: value == 5)
    page.keyboard.press("Enter")
    bench.lab.ask_until("''.join(bench.prompt.ss8)[:6]", lambda text: text == "EEEEE_")
    page.wait_for_selector('.esm-spoken:has-text("A:105, SS8, E, given")', state="attached")
    page.keyboard.press("c")
    bench.lab.ask_until("''.join(bench.prompt.ss8)[:6]", lambda text: text == "CCCCC_")
    page.keyboard.press("/")
    assert page.evaluate("() => document.activeElement.dataset.brush") == "annotate"
