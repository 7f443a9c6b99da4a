"""A journey around a ligand: seen, pointed at, selected around, hidden."""

from pathlib import Path

import pytest

from .bench_page import BenchPage
from .lab import LabPage

OPEN = """
import numpy as np
from widgets import Bench
from workbench import example
from workbench.protein import Ligand

protein = example()
alpha = protein.coordinates[:, 1]
out = alpha - alpha.mean(0)
beside = (alpha + 4 * out / np.linalg.norm(out, axis=1, keepdims=True)).astype(np.float32)
turn = np.deg2rad(60 * np.arange(6))
ring = 1.4 * np.stack([np.cos(turn), np.sin(turn), 0 * turn], 1).astype(np.float32)
at = np.argsort(alpha[:, 0])[[0, -1]]
ligands = (Ligand("BNZ", "A:201", ("C",) * 6, beside[at[0]] + ring),
           Ligand("ZN", "A:202", ("ZN",), beside[at[1:]]))
bench = Bench(protein.with_(ligands=ligands))
bench
"""
SPOT = """(name) => {
  const view = document.querySelector('.esm-structure').structureView;
  view.stage.scrollIntoView({block: 'center'});
  const its = view.ligands.all.filter((one) => one.ligand === name);
  const middle = (axis) => its.reduce((sum, one) => sum + one[axis], 0) / its.length;
  const at = view.viewer.modelToScreen({x: middle('x'), y: middle('y'), z: middle('z')});
  return [at.x, at.y];
}"""


@pytest.fixture
def bench(lab_page: LabPage) -> BenchPage:
    return BenchPage.opened(lab_page, "ligand.ipynb", OPEN)


def test_a_ligand_is_seen_named_selected_around_and_hidden(bench: BenchPage, artifacts: Path):
    page, lab = bench.page, bench.lab
    proposed = "els => els.map(e => e.value)"
    assert page.eval_on_selector_all("datalist option", proposed) == [
        "within 5 of BNZ",
        "within 5 of ZN",
    ]
    page.fill('[data-field="selection"]', "within 5 of ZN")
    page.keyboard.press("Enter")
    near = lab.ask("bench.prompt.positions('within 5 of ZN').tolist()")
    assert near
    lab.ask_until("list(bench._state.selection)", near.__eq__, 10)
    page.fill('[data-field="selection"]', "within 5 of ATP")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=there is no ligand 'ATP' in this protein; it has BNZ, ZN")

    lab.ask("setattr(bench, 'selection', None)")
    around = lab.ask("bench.prompt.positions('within 5 of BNZ').tolist()")
    page.mouse.move(*page.evaluate(SPOT, "BNZ A:201"))
    page.wait_for_function("() => document.querySelector('.esm-tip').textContent === 'BNZ A:201'")
    page.screenshot(path=artifacts / "ligand.png")
    page.mouse.click(*page.evaluate(SPOT, "BNZ A:201"))
    lab.ask_until("list(bench._state.selection)", around.__eq__, 10)

    shown = bench.seen()["structure"]
    page.click(".esm-ligands input")
    page.wait_for_function(
        "() => !document.querySelector('.esm-structure').structureView.ligands.shown"
    )
    assert bench.seen()["structure"] != shown
