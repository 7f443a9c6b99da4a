"""A bench on a notebook page: gestures in residues and rows instead of pixels."""

from contextlib import suppress

from playwright.sync_api import TimeoutError

from .lab import LabPage

ROWS = ("sequence", "structure", "ss8", "sasa", "function", "residue")
TRACKS = ".esm-canvas"
STAGE = ".esm-stage canvas"
EXTENT = """() => {
  const { viewer, alphas, stage } = document.querySelector('.esm-structure').structureView;
  const spots = viewer.modelToScreen(alphas);
  const reach = (axis) => {
    const places = spots.map((spot) => spot[axis]);
    return Math.max(...places) - Math.min(...places);
  };
  return [reach('x'), reach('y'), stage.clientWidth];
}"""
PLOT = ".esm-area-plot .js-plotly-plot, .js-plotly-plot"
SPOT = """([row, position]) => {
  const view = document.querySelector('.esm-tracks').trackView;
  view.viewport.reveal(position);
  const box = view.canvas.getBoundingClientRect();
  const {y, h} = view.rowBox(row);
  return [box.left + view.cellsLeft + view.viewport.xOf(position) + view.viewport.cell / 2,
          box.top + y + h / 2];
}"""
ATOM = """(position) => {
  const view = document.querySelector('.esm-structure').structureView;
  const box = view.stage.getBoundingClientRect();
  if (box.top < 40 || box.bottom > innerHeight - 40) view.stage.scrollIntoView({block: 'center'});
  const atom = view.atoms.find((one) => one.position === position && one.atom === 'CA');
  const at = view.viewer.modelToScreen({x: atom.x, y: atom.y, z: atom.z});
  return [at.x, at.y];
}"""

CUT_OFF = """() => [...document.querySelectorAll('[class*=esm-area-]')]
  .filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)
  .map((area) => [...area.classList].find((name) => name.startsWith('esm-area-')))"""


class BenchPage:
    """The bench that the kernel calls ``bench``."""

    def __init__(self, lab: LabPage) -> None:
        self.lab = lab
        self.page = lab.page

    @classmethod
    def opened(cls, lab: LabPage, notebook: str, *cells: str) -> "BenchPage":
        """The bench that these cells make in a new notebook, all drawn."""
        lab.open(list(cells), notebook).run_all()
        bench = cls(lab)
        bench.await_views()
        return bench

    def await_views(self) -> None:
        """Wait until tracks, structure and plot are drawn, and scroll to them."""
        for selector in (TRACKS, STAGE, f"{PLOT} >> nth=0"):
            self.page.wait_for_selector(selector, timeout=60_000)
        self.page.evaluate("() => document.querySelector('.esm-bench').scrollIntoView()")
        self.page.wait_for_function(
            "() => document.querySelector('.esm-structure').structureView.drawn > 0", timeout=30_000
        )
        self.await_rest()

    def await_rest(self) -> None:
        """Wait until the page shows what the kernel has sent, and nothing is left to draw."""
        self.lab.await_rest(self.lab.ask("(bench.tracks.seq, bench.structure.pushes)"))

    def spot(self, row: str | int, position: int) -> tuple[float, float]:
        """Centre of a cell on the page; row -1 is the ruler."""
        number = ROWS.index(row) if isinstance(row, str) else row
        x, y = self.page.evaluate(SPOT, [number, position])
        return x, y

    def drag(self, row: str | int, first: int, last: int, modifiers: tuple[str, ...] = ()) -> None:
        """Drag the mouse along a row from one residue to another."""
        x, y = self.spot(row, first)
        mouse, keyboard = self.page.mouse, self.page.keyboard
        for modifier in modifiers:
            keyboard.down(modifier)
        mouse.move(x, y)
        mouse.down()
        mouse.move(*self.spot(row, (first + last) // 2), steps=4)
        mouse.move(*self.spot(row, last), steps=4)
        mouse.up()
        for modifier in modifiers:
            keyboard.up(modifier)

    def brush(self, name: str) -> None:
        """Take a brush from the toolbar."""
        self.page.click(f'[data-brush="{name}"]')

    def press(self, act: str) -> None:
        """Press a button with the mouse, at once: a run does not wait."""
        selector = f'.esm-bench [data-act="{act}"]:enabled'
        button = self.page.wait_for_selector(selector)
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def unfold_settings(self) -> None:
        """Show the settings of the whole run, which a bench with room shows by itself."""
        if self.page.get_attribute('[data-act="settings"]', "aria-expanded") != "true":
            self.press("settings")
        self.page.wait_for_selector(".esm-more:visible")

    def pick(self, position: int, attempts: int = 6) -> list[int]:
        """Click a residue in the 3D view until one is selected: a page still moving costs a click.

        Gives back what the kernel has selected.
        """
        for _ in range(attempts):
            self.page.mouse.click(*self.page.evaluate(ATOM, position))
            with suppress(AssertionError):
                return self.lab.ask_until("list(bench._state.selection)", bool, seconds=5)
        raise AssertionError(f"{attempts} clicks on residue {position} selected nothing")

    def box_in_3d(self, first: int, last: int) -> None:
        """Draw a box around residues in the 3D view."""
        spots = [self.page.evaluate(ATOM, i) for i in range(first, last + 1)]
        across, down = zip(*spots, strict=True)
        mouse = self.page.mouse
        mouse.move(min(across) - 5, min(down) - 5)
        mouse.down()
        mouse.move(max(across), max(down), steps=4)
        mouse.move(max(across) + 5, max(down) + 5)
        mouse.up()

    def drag_in_plot(self, start: float, stop: float) -> None:
        """Drag along the pLDDT curve, from and to these parts of its width, and rest there."""
        area = self.page.wait_for_selector(".esm-area-plot .nsewdrag")
        box = area.bounding_box()
        y, mouse = box["y"] + box["height"] / 2, self.page.mouse
        mouse.move(box["x"] + start * box["width"], y)
        mouse.down()
        for part in (0.3, 0.6, 1.0):
            at = start + part * (stop - start)
            mouse.move(box["x"] + at * box["width"], y, steps=2)
        mouse.up()

    def masked(self, track: str) -> list[int]:
        """Positions that the kernel's prompt has masked on a track."""
        return self.lab.ask(f"bench.prompt.masked({track!r}).nonzero()[0].tolist()")

    def history(self) -> list[str]:
        """The undo history in the kernel."""
        return self.lab.ask("bench.session.history")

    def phase_until(self, *phases: str, seconds: float = 90) -> str:
        """Wait for the run to reach one of these phases."""
        return self.lab.ask_until("bench._state.run.phase", lambda phase: phase in phases, seconds)

    def seen(self) -> dict[str, list[int]]:
        """What tracks and structure look like now."""
        self.await_rest()
        return {"tracks": self.lab.pixels(TRACKS), "structure": self.lab.pixels(STAGE)}

    def cut_off(self) -> list[str]:
        """Views that lack room for what is in them."""
        return self.page.evaluate(CUT_OFF)

    def picture(self, path) -> None:
        """Screenshots of the page as it is, and of the whole bench in light and dark.

        No view may be cut off in them.
        """
        size = self.page.viewport_size
        self.await_room()
        self.page.screenshot(path=path)
        self.page.set_viewport_size(size | {"height": 1100})
        self.await_room()
        self.page.screenshot(path=path.with_stem(f"{path.stem}_whole"))
        self.lab.theme("JupyterLab Dark")
        self.page.screenshot(path=path.with_stem(f"{path.stem}_dark"))
        self.lab.theme("JupyterLab Light")
        self.page.set_viewport_size(size)
        self.page.evaluate("() => document.querySelector('.esm-bench').scrollIntoView()")
        self.await_rest()

    def await_room(self) -> None:
        """Wait until nothing is cut off, or fail with the views that are."""
        self.await_rest()
        with suppress(TimeoutError):
            self.page.wait_for_function(f"() => !({CUT_OFF})().length", timeout=5_000)
        assert self.cut_off() == []
