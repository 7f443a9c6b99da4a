"""Shorter journeys on a bench of its own."""

from pathlib import Path

import pytest

from .bench_page import BenchPage

PLOT_WIDTH = "() => document.querySelector('.esm-area-plot').clientWidth"
PLOT_FITS = """(before) => {
  const area = document.querySelector('.esm-area-plot');
  const [place, drawn] = ['.js-plotly-plot', '.main-svg'].map((one) => area?.querySelector(one));
  const filled = (side) => Math.abs(drawn[side] - place[side]) < 4;
  const wide = place && Math.abs(place.clientWidth - area.clientWidth) < 4;
  return area.clientWidth !== before && wide && filled('clientWidth') && filled('clientHeight');
}"""


def test_the_plot_fills_its_place_from_the_first_and_when_the_page_changes(bench: BenchPage):
    bench.page.wait_for_function(PLOT_FITS, arg=0, timeout=15_000)
    before = bench.page.evaluate(PLOT_WIDTH)
    bench.lab.command("application:toggle-left-area")
    bench.page.wait_for_function(PLOT_FITS, arg=before, timeout=15_000)
    before = bench.page.evaluate(PLOT_WIDTH)
    bench.page.set_viewport_size({"width": 900, "height": 600})
    bench.page.wait_for_function(PLOT_FITS, arg=before, timeout=15_000)


def test_tracks_are_painted_with_brushes_keys_and_modifiers(bench: BenchPage, artifacts: Path):
    bench.brush("ss8-E")
    bench.drag("ss8", 10, 14)
    bench.lab.ask_until("''.join(bench.prompt.ss8)[8:17]", lambda text: text == "__EEEEE__")
    bench.drag("sequence", 0, 3, modifiers=("Alt",))
    bench.lab.ask_until(
        "bench.session.history[-1]", lambda label: label == "mask sequence A:101-104"
    )
    bench.brush("select")
    bench.drag("sequence", 20, 22)
    bench.lab.ask_until("bench.selection", lambda text: text == "A:121-123")
    bench.page.keyboard.press("w")
    bench.lab.ask_until("''.join(bench.prompt.sequence)[20:23]", lambda text: text == "WWW")
    bench.page.keyboard.press("Delete")
    bench.lab.ask_until("''.join(bench.prompt.sequence)[20:23]", lambda text: text == "___")
    bench.page.keyboard.press("Control+z")
    bench.page.keyboard.press("Control+z")
    bench.lab.ask_until("bench.session.can_redo", bool)
    bench.page.keyboard.press("Control+y")
    bench.lab.ask_until("''.join(bench.prompt.sequence)[20:23]", lambda text: text == "WWW")
    bench.picture(artifacts / "journey_painted.png")


def test_a_slider_makes_the_next_run_follow_a_track_more_closely(bench: BenchPage, artifacts: Path):
    bench.lab.ask("str(setattr(bench, 'prompt', bench.prompt.paint('110-114', 'ss8', 'E')))")
    bench.unfold_settings()
    slider = bench.page.locator('.esm-guide[data-name="ss8"]')
    slider.focus()
    for _ in range(8):
        bench.page.keyboard.press("ArrowRight")
    bench.lab.ask_until("bench.settings.guide", lambda text: text == "ss8:2")
    assert slider.evaluate("(one) => one.nextSibling.textContent") == "2"
    bench.picture(artifacts / "journey_guidance.png")


@pytest.mark.parametrize("width", [700, 1000, 1280])
def test_a_narrow_page_cuts_nothing_off(bench: BenchPage, artifacts: Path, width: int):
    page = bench.page
    page.set_viewport_size({"width": width, "height": 720})
    bench.lab.ask("str(setattr(bench, 'prompt', bench.prompt.mask('110-130', ['sequence'])))")
    bench.lab.ask("str(bench.run('sequence:2').wait(60))")
    bench.lab.ask("str(bench.show('design-1'))")
    bench.lab.ask("str(bench.choose(['design-1']))")
    page.wait_for_selector('[data-act="discard"]')
    bench.unfold_settings()
    assert bench.cut_off() == []
    page.click('[data-act="residues"]')
    assert bench.cut_off() == []
    page.keyboard.press("Escape")
    page.fill('[data-brush="annotate"]', "kinase")
    page.wait_for_selector(".esm-found-term")
    assert bench.cut_off() == []
    page.screenshot(path=artifacts / f"narrow_{width}.png")


def test_keys_pressed_in_the_bench_are_its_own_but_for_those_it_does_not_use(bench: BenchPage):
    page, cells = bench.page, "() => window.jupyterapp.shell.currentWidget.content.widgets.length"
    before = page.evaluate(cells)
    bench.brush("select")
    bench.drag("structure", 5, 5)
    for focus in (".esm-canvas", '[data-act="centre"]', '[aria-label="Colour by"]', ".esm-tab"):
        page.locator(focus).first.focus()
        for key in ("b", "m", "d", "d", "x", "Shift+Enter"):
            page.keyboard.press(key)
        assert page.evaluate(cells) == before, focus
    while bench.lab.ask("bench.session.can_undo"):
        bench.lab.ask("bench.undo()")
    bench.brush("mask")
    bench.drag("sequence", 20, 22)
    bench.lab.ask_until("len(bench.session.history)", (2).__eq__)
    page.locator('[data-act="centre"]').focus()
    page.keyboard.press("Control+z")
    bench.lab.ask_until("len(bench.session.history)", (1).__eq__)
    page.keyboard.press("Control+Shift+Z")
    bench.lab.ask_until("len(bench.session.history)", (2).__eq__)
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")


def test_the_sequence_of_the_selection_is_copied_and_pasted(bench: BenchPage):
    page = bench.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    bench.brush("select")
    bench.drag("sequence", 10, 14)
    page.keyboard.press("Control+c")
    page.wait_for_selector('.esm-readout:has-text("5 letters copied")')
    copied = bench.lab.ask("bench.prompt.template.sequence[10:15]")
    assert page.evaluate("() => navigator.clipboard.readText()") == copied
    bench.drag("sequence", 30, 30)
    page.keyboard.press("Control+v")
    bench.lab.ask_until("''.join(bench.prompt.sequence)[30:35]", copied.__eq__)


def test_a_mistake_in_the_recipe_is_shown_and_stays_to_be_mended(bench: BenchPage, artifacts: Path):
    field = bench.page.locator('[aria-label="Recipe"]')
    field.fill("dance:3")
    field.press("Enter")
    bench.page.wait_for_selector('.esm-error:has-text("dance")')
    bench.page.wait_for_selector('[aria-label="Recipe"][aria-invalid="true"]')
    assert field.input_value() == "dance:3"
    bench.picture(artifacts / "journey_error.png")
    bench.press("dismiss")
    bench.page.wait_for_selector(".esm-error", state="hidden")
    bench.page.wait_for_selector('[aria-label="Recipe"][aria-invalid="false"]')
    assert field.input_value() == bench.lab.ask("bench.settings.recipe")


def test_the_bench_comes_back_when_the_page_is_reloaded(bench: BenchPage):
    bench.brush("mask")
    bench.drag("sequence", 10, 20)
    bench.lab.ask_until("len(bench.session.history)", lambda n: n == 2)
    bench.lab.save()
    bench.lab.reload()
    bench.await_views()
    assert bench.masked("sequence") == list(range(10, 21))
    bench.drag("sequence", 30, 32)
    bench.lab.ask_until("len(bench.session.history)", lambda n: n == 3)


def test_the_kernel_stays_free_while_the_bench_samples(bench: BenchPage):
    bench.lab.ask("str(setattr(bench, 'prompt', bench.prompt.mask('all', ['sequence'])))")
    bench.lab.ask("str(bench.run('sequence:50'))")
    answers = [bench.lab.ask("(1 + 1, bench._state.run.phase)") for _ in range(3)]
    assert all(count == 2 for count, _ in answers)
    bench.press("stop")
    bench.phase_until("stopped", "done")
    assert len(bench.lab.ask("bench.designs['design'].tolist()")) == 1


def test_designs_are_filtered_laid_over_and_taken_as_prompt_and_the_plot_selects(
    bench: BenchPage, artifacts: Path
):
    bench.lab.ask("str(setattr(bench, 'prompt', bench.prompt.mask('110-130', ['sequence'])))")
    bench.lab.ask("str(bench.run('sequence:2', designs=3))")
    bench.phase_until("done")
    rows = bench.page.locator(".esm-gallery tbody tr")
    bench.page.wait_for_function(
        "() => document.querySelectorAll('.esm-gallery tbody tr').length === 3"
    )
    for name in ("design-1", "design-3"):
        bench.page.check(f'[data-key="tick-{name}"]')
    bench.lab.ask_until("bench.chosen", ["design-1", "design-3"].__eq__)
    with bench.page.expect_download() as saved:
        bench.page.click('[data-act="save-fasta"]')
    names = [line for line in saved.value.path().read_text().splitlines() if line[:1] == ">"]
    assert [name[1:9] for name in names] == ["design-1", "design-3"]
    bench.page.check('[data-key="tick-all"]')
    bench.lab.ask_until("len(bench.chosen)", (3).__eq__)
    bench.page.fill(".esm-gallery input[type=search]", "design-1")
    bench.page.press('[data-act="discard"]', "Enter")
    bench.lab.ask_until("bench.designs['design'].tolist()", ["design-2", "design-3"].__eq__)
    bench.page.fill(".esm-gallery input[type=search]", "")
    bench.picture(artifacts / "journey_discarded.png")
    bench.page.press('[data-act="bring-back"]', "Enter")
    bench.lab.ask_until("len(bench.designs)", (3).__eq__)
    bench.page.wait_for_selector('[data-act="bring-back"]', state="hidden")
    assert bench.page.evaluate("document.activeElement.type") == "search"
    bench.page.fill(".esm-gallery input[type=search]", "design-2")
    assert rows.count() == 1
    bench.page.click('[data-act="compare"]')
    bench.lab.ask_until("bench._table.compared", lambda name: name == "design-2")
    bench.picture(artifacts / "journey_designs.png")
    bench.page.click('[data-act="to-prompt"]')
    bench.lab.ask_until(
        "bench.session.history[-1]", lambda label: label == "continue from design-2"
    )
    bench.page.click('[data-design="design-2"]')
    bench.lab.ask_until("bench._table.shown", lambda name: name == "design-2")
    bench.page.wait_for_function(
        "() => document.querySelectorAll('.esm-area-plot .scatterlayer .points path').length === 60"
    )
    bench.drag_in_plot(0.2, 0.4)
    first, last = bench.lab.ask_until(
        "[bench._state.selection[0], bench._state.selection[-1]] if bench._state.selection else []",
        bool,
    )
    assert 6 <= first <= 18
    assert 18 <= last <= 30
    bench.page.click('[data-tab="pae"]')
    bench.lab.ask_until("bench.confidence.tab", lambda tab: tab == "pae")
    bench.picture(artifacts / "journey_pae.png")


def test_a_run_goes_on_while_the_page_is_loaded_again(bench: BenchPage):
    bench.lab.ask("str(setattr(bench, 'prompt', bench.prompt.mask('all', ['sequence'])))")
    bench.lab.save()
    bench.lab.ask("str(bench.run('sequence:60'))")
    bench.lab.reload()
    bench.await_views()
    bench.phase_until("done")
    bench.page.wait_for_selector('.esm-gallery [data-design="design-1"]')


def test_a_run_is_paused_the_prompt_painted_and_a_step_branched_from(
    bench: BenchPage, artifacts: Path
):
    bench.lab.ask("str(setattr(bench, 'prompt', bench.prompt.mask('all', ['sequence'])))")
    bench.lab.ask("str(bench._state.update(settings=bench.settings.with_(recipe='sequence:6')))")
    for taken in (1, 2):
        bench.press("step")
        bench.lab.ask_until(
            "bench._state.run.taken", lambda value, expected=taken: value == expected
        )
        bench.phase_until("paused")
    bench.page.select_option('[data-brush="residue"]', "W")
    bench.page.wait_for_selector('[data-side="result"][aria-checked="true"]')
    bench.drag("sequence", 5, 7)
    bench.page.wait_for_selector(".esm-question:visible")
    assert bench.cut_off() == []
    bench.page.screenshot(path=artifacts / "journey_question.png")
    assert bench.lab.ask("''.join(bench.prompt.sequence)") == "_" * 60
    bench.page.keyboard.press("Enter")
    bench.lab.ask_until("''.join(bench.prompt.sequence)[5:8]", lambda text: text == "WWW")
    bench.page.wait_for_selector('[data-side="prompt"][aria-checked="true"]')
    bench.drag("sequence", 10, 10)
    bench.lab.ask_until("''.join(bench.prompt.sequence)[5:11]", lambda text: text == "WWW__W")
    bench.picture(artifacts / "journey_painted_on.png")
    bench.press("run")
    bench.phase_until("done")
    sequence = bench.lab.ask("bench.session.designs[-1].protein.sequence")
    assert sequence[5:8] == "WWW"
    first, second = bench.lab.ask("[len(one.steps) for one in bench.session.designs]")
    assert first == 2 < second

    steps = bench.lab.ask("bench._state.run.total")
    bench.page.wait_for_selector(f'.esm-timeline output:has-text("step {steps}/{steps}")')
    slider = bench.page.locator('[aria-label="Step on view"]')
    slider.fill("1")
    bench.lab.ask_until("bench._state.index", lambda index: index == 1)
    step = bench.lab.ask("''.join(bench._state.frame.filled.sequence)")
    bench.press("branch")
    bench.lab.ask_until("''.join(bench.prompt.sequence)", lambda text: text == step)
    bench.page.click('[data-design="design-1"]')
    bench.page.wait_for_selector('.esm-timeline output:has-text("design-1 · step")')
    slider.fill("1")
    bench.lab.ask_until("bench._state.index", lambda index: index == 1)
    assert bench.lab.ask("bench._state.frame.entropy.tolist() != [] and bench._table.shown")
    bench.picture(artifacts / "journey_timeline.png")
    bench.drag("sequence", 20, 21)
    bench.page.click('[data-answer="continue"]')
    bench.lab.ask_until("bench.session.origin", "continue from design-1, step 1".__eq__)
    bench.page.wait_for_selector('.esm-named:has-text("continue from design-1, step 1")')
    bench.picture(artifacts / "journey_continued.png")
    bench.page.click('[data-act="free"]')
    bench.lab.ask_until("''.join(bench.prompt.sequence)", ("_" * 20 + "WW" + "_" * 38).__eq__)
