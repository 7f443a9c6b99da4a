"""Widgets without a browser: a recording comm, small proteins, and a model that ships with us."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import ModuleType

import comm
import numpy as np
import pytest
from comm.base_comm import BaseComm
from ideal_chains import wound_helix
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session as Messages
from traitlets.config import Config

from widgets import Bench
from workbench import load_model
from workbench.prompt import Prompt
from workbench.protein import Confidence, Protein


class RecordingComm(BaseComm):
    """Keeps every message a widget sends; ``say`` plays the browser."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        self.sent: list[dict] = []
        super().__init__(*args, **kwargs)

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys) -> None:
        self.sent.append({"type": msg_type, "data": data or {}, "buffers": buffers or []})

    def say(self, content: dict) -> None:
        """A custom message from the browser."""
        data = {"method": "custom", "content": content}
        self.handle_msg({"content": {"data": data}, "buffers": []})


@pytest.fixture(autouse=True)
def recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every widget of a test talks to a recording comm."""
    monkeypatch.setattr(comm, "create_comm", RecordingComm)


@pytest.fixture(scope="session")
def model():
    """The embedded model, loaded once."""
    return load_model("esm3-nano")


@pytest.fixture(scope="session")
def wordless(model):
    """The embedded model without its vocabulary, which lets any word stand in a prompt."""
    return replace(model, folder=None)


@pytest.fixture
def small() -> Protein:
    """Twenty residues of a helix, numbered from 11, with SS8, SASA and pLDDT."""
    return Protein(
        "MKTAYIAKQRQGHMKTAYIA",
        coordinates=wound_helix(20),
        residue_number=np.arange(11, 31),
        ss8="C" + "H" * 18 + "C",
        sasa=np.linspace(0, 150, 20, dtype=np.float32),
        confidence=Confidence(np.linspace(0.3, 1.0, 20)),
        name="small",
    )


@pytest.fixture
def prompt(small: Protein) -> Prompt:
    """Sequence and structure given."""
    return Prompt.from_protein(small)


@pytest.fixture
def shell(tmp_path, monkeypatch) -> Iterator[ZMQInteractiveShell]:
    """The shell of a notebook's kernel, in this process; it publishes to nobody."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    config = Config(HistoryManager={"enabled": False})
    shell = ZMQInteractiveShell.instance(config=config, user_module=ModuleType("notebook"))
    shell.display_pub.session = Messages()
    yield shell
    shell.restore_sys_module_state()
    ZMQInteractiveShell.clear_instance()


@pytest.fixture
def enter_cell(shell) -> Callable[[str, str], None]:
    """Say which cell of the notebook is run now, and in which of its runs."""

    def enter(cell: str, run: str) -> None:
        shell.set_parent({"metadata": {"cellId": cell}, "header": {"msg_id": run}})

    return enter


@pytest.fixture
def finished_bench(prompt, model) -> Bench:
    """Two designs of the middle of the helix."""
    bench = Bench(prompt.mask(slice(5, 15), ["sequence"]), model=model)
    bench.run("sequence:3", designs=2)
    bench.wait(60)
    return bench
