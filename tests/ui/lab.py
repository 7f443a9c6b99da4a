"""A real JupyterLab and a real browser, cut off from every other host.

``LabServer`` starts Lab on a free port with its own settings folders, as ``workbench lab`` does;
``LabPage`` opens a notebook there, runs cells, asks the kernel and measures canvases. Requests to
other hosts are aborted and recorded.
"""

import ast
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"
BROWSER_FLAGS = (
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-quic",
    "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-gpu-compositing",
)  # fmt: skip
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
WATCHDOG = "[anywidget] Failed to initialize model."
"""What anywidget says when a module took over 2 s to load; our views recover from it."""

READY = """() => {
  const s = window.jupyterapp?.shell.currentWidget?.sessionContext;
  return s?.isReady && s.session?.kernel?.connectionStatus === 'connected'
    && s.session.kernel.status === 'idle';
}"""
ALL_RAN = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .filter(w => w.model.type === 'code')
  .every(w => w.model.executionState !== 'running' && w.model.executionCount != null)"""
ASK = """async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const future = kernel.requestExecute({code: '', user_expressions: {answer: code}, silent: true});
  const late = new Promise((done) => setTimeout(done, 60000));
  const reply = await Promise.race([future.done, late]);
  if (!reply) return 'ERROR no answer within 60 s; the kernel is ' + kernel.status;
  const answer = reply.content.user_expressions.answer;
  return answer.status === 'ok' ? answer.data['text/plain'] : 'ERROR ' + answer.evalue;
}"""
SHUTDOWN = "() => window.jupyterapp?.serviceManager.sessions.shutdownAll()"
PIXELS = """(canvas) => {
  const small = new OffscreenCanvas(96, 96);
  const pen = small.getContext('2d', {willReadFrequently: true});
  pen.drawImage(canvas, 0, 0, 96, 96);
  return Array.from(pen.getImageData(0, 0, 96, 96).data);
}"""

NEXT_FRAME = """() => new Promise(
  (drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())))"""
AT_REST = """([seq, pushes]) => {
  const tracks = document.querySelector('.esm-tracks')?.trackView;
  const structure = document.querySelector('.esm-structure')?.structureView;
  const moves = document.querySelector('.esm-bench')?.getAnimations({ subtree: true }) ?? [];
  if (moves.some((one) => one.playState === 'running')) return false;
  if (tracks && (tracks.waiting !== undefined || tracks.unread)) return false;
  if (tracks && (tracks.flash.now.positions.length || (tracks.drawnSeq ?? -1) < seq)) return false;
  if (!structure) return true;
  if (structure.model.get('pushes') < pushes || structure.waiting !== undefined) return false;
  if (!structure.parts || structure.parts.motion?.fast) return false;
  return !structure.stage.clientWidth || Object.values(structure.stale).every((one) => !one);
}"""
THEMED = """() => {
  const tracks = document.querySelector('.esm-tracks')?.trackView;
  return !tracks || tracks.theme.dark === (document.body.dataset.jpThemeLight === 'false');
}"""


LAB = (
    "workbench", "lab", "--LabApp.expose_app_in_browser=True",
    "--LabApp.extension_manager=readonly",
)  # fmt: skip
NOTEBOOK = ("notebook", "--JupyterNotebookApp.expose_app_in_browser=True")
"""Front ends, as a module and its arguments."""


class LabServer:
    """One front end for a test session; ``tree`` is the address below which it opens a notebook."""

    def __init__(
        self, folder: Path, front_end: tuple[str, ...] = LAB, tree: str = "lab/tree"
    ) -> None:
        self.tree = tree
        self.notebooks = folder / "notebooks"
        self.notebooks.mkdir(parents=True)
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = (folder / "lab.log").open("wb")
        settings = folder / "settings"
        places = {
            "JUPYTER_CONFIG_DIR": folder / "config",
            "JUPYTER_DATA_DIR": folder / "data",
            "JUPYTER_RUNTIME_DIR": folder / "runtime",
            "JUPYTERLAB_SETTINGS_DIR": settings,
            "JUPYTERLAB_WORKSPACES_DIR": folder / "workspaces",
            "IPYTHONDIR": folder / "ipython",
            "JUPYTER_PATH": ROOT / "share" / "jupyter",
        }
        _write_settings(settings)
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        self._process = subprocess.Popen(
            [
                sys.executable, "-m", *front_end, "--no-browser", "--allow-root",
                f"--port={self.port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=",
                "--ServerApp.password=", f"--ServerApp.root_dir={self.notebooks}",
            ],
            env=os.environ | {"PYTHONPATH": path} | {k: str(v) for k, v in places.items()},
            cwd=self.notebooks,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        self._await_answer(folder / "lab.log")

    def _await_answer(self, log: Path, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/api", timeout=2):
                    return
            except OSError:
                time.sleep(0.3)
        self.close()
        raise RuntimeError(f"JupyterLab did not answer on {self.url}:\n{log.read_text()[-3000:]}")

    def close(self) -> None:
        """End the server and its kernels."""
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._log.close()


class LabPage:
    """A notebook in the browser; ``blocked`` and ``errors`` must stay empty."""

    def __init__(
        self, server: LabServer, browser, width: int = 1280, height: int = 720,
        newcomer: bool = False,
    ) -> None:  # fmt: skip
        self.server = server
        self.blocked: list[str] = []
        self.errors: list[str] = []
        self._context = browser.new_context(viewport={"width": width, "height": height})
        self._context.route("**/*", self._route)
        if not newcomer:
            self._context.add_init_script("localStorage.setItem('esm3-bench.tour', 'seen')")
        self.page = self._context.new_page()
        self.page.on("pageerror", self._note_error)

    def _note_error(self, error) -> None:
        if WATCHDOG not in str(error):
            self.errors.append(error.stack or str(error))

    def _route(self, route) -> None:
        url = route.request.url
        if url.startswith((self.server.url, "data:", "blob:")):
            route.continue_()
        else:
            self.blocked.append(url)
            route.abort()

    def open(self, notebook: Path | list[str], name: str = "test.ipynb") -> "LabPage":
        """Open a copy of a notebook, or one made of these code cells, and wait for its kernel."""
        target = self.server.notebooks / name
        if isinstance(notebook, Path):
            shutil.copy(notebook, target)
        else:
            made = nbformat.v4.new_notebook(
                cells=[nbformat.v4.new_code_cell(code) for code in notebook], metadata=KERNEL
            )
            nbformat.write(made, target)
        address = f"{self.server.url}/{self.server.tree}/{name}?reset"
        self.page.goto(address, wait_until="domcontentloaded")
        self.page.wait_for_function(READY, timeout=60_000)
        return self

    def home(self) -> "LabPage":
        """Open JupyterLab with nothing but the launcher."""
        self.page.goto(f"{self.server.url}/lab?reset", wait_until="domcontentloaded")
        self.page.wait_for_selector(".jp-LauncherCard >> visible=true", timeout=60_000)
        return self

    def command(self, name: str, arguments: dict | None = None) -> None:
        """Start a JupyterLab command without waiting for its end."""
        self.page.evaluate(
            "([name, args]) => { window.jupyterapp.commands.execute(name, args ?? {}) }",
            [name, arguments],
        )

    def save(self) -> None:
        """Save the notebook and wait until it is written."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")

    def reload(self) -> None:
        """Load the page again; the kernel goes on."""
        self.page.goto(self.page.url.split("?")[0], wait_until="domcontentloaded")
        self.page.wait_for_function(READY, timeout=60_000)

    def run_all(self, timeout: float = 120) -> None:
        """Run every cell and wait for the last."""
        self.command("notebook:run-all-cells")
        self.page.wait_for_function(ALL_RAN, timeout=timeout * 1000)

    def lose_kernel(self) -> None:
        """Start another kernel in place of the notebook's."""
        self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
        )

    def await_frame(self) -> None:
        """Wait until the browser has drawn a picture of the page as it is now."""
        self.page.evaluate(NEXT_FRAME)

    def await_rest(self, seen: tuple[int, int] = (0, 0)) -> None:
        """Wait until no view of a bench on this page has anything left to draw.

        ``seen`` are the numbers of the pictures that the tracks must have drawn and of the pushes
        that the structure must have heard.
        """
        self.page.wait_for_function(AT_REST, arg=list(seen), timeout=60_000)
        self.await_frame()

    def theme(self, name: str) -> None:
        """Switch to ``JupyterLab Light`` or ``JupyterLab Dark``."""
        self.command("apputils:change-theme", {"theme": name})
        self.page.wait_for_function(
            "(name) => document.body.dataset.jpThemeName === name", arg=name, timeout=15_000
        )
        self.page.wait_for_function(THEMED, timeout=15_000)
        self.await_rest()

    def ask(self, expression: str) -> object:
        """Value of a Python expression in the kernel (a literal)."""
        answer = self.page.evaluate(ASK, expression)
        if answer.startswith("ERROR"):
            raise AssertionError(f"{expression}: {answer}")
        return ast.literal_eval(answer)

    def ask_until(self, expression: str, wanted, seconds: float = 30) -> object:
        """Ask until ``wanted(value)``, or fail with the last value."""
        deadline = time.monotonic() + seconds
        while not wanted(value := self.ask(expression)):
            assert time.monotonic() < deadline, f"{expression} stayed {value!r}"
            self.await_frame()
        return value

    def errors_shown(self) -> list[str]:
        """Text of error outputs in the notebook."""
        errors = self.page.query_selector_all('[data-mime-type*="error"]')
        return [element.inner_text() for element in errors]

    def pixels(self, selector: str) -> list[int]:
        """A canvas as 96 × 96 RGBA values."""
        return self.page.eval_on_selector(selector, PIXELS)

    def close(self) -> None:
        """End the kernels, whose widgets would slow the next page down, and close the page."""
        with suppress(Exception):
            self.page.evaluate(SHUTDOWN)
        self._context.unroute_all(behavior="ignoreErrors")
        self._context.close()


def colours(pixels: list[int]) -> int:
    """How many different colours a canvas shows (coarsely)."""
    return len({tuple(v // 24 for v in pixels[k : k + 3]) for k in range(0, len(pixels), 4)})


def difference(before: list[int], after: list[int]) -> int:
    """How many of the 96 × 96 points changed visibly."""
    return sum(
        max(abs(a - b) for a, b in zip(before[k : k + 3], after[k : k + 3], strict=True)) > 24
        for k in range(0, len(before), 4)
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _write_settings(folder: Path) -> None:
    notifications = (
        folder / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    )
    notifications.parent.mkdir(parents=True)
    notifications.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
