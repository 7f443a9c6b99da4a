"""An agent at a bench in the browser: it proposes, a person sees it hatched and answers."""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .bench_page import TRACKS, BenchPage
from .lab import LabPage, difference

OPEN = """
from widgets import Bench
from workbench import example
bench = Bench(example())
bench.invite("desk")
bench
"""
MASK = {"call": "mask", "where": "20-40", "track": "sequence"}
HELIX = {"call": "paint", "where": "5-60", "track": "ss8", "value": "H"}
PROPOSED = ".esm-earlier:has([data-act=accept]) >> visible=true"


class Agent:
    """The SDK's own client, on a server of its own for each question."""

    def __init__(self, desk: Path) -> None:
        self._mcp = pytest.importorskip("mcp")
        command = ["-m", "workbench", "mcp", "--desk", str(desk), "--budget", "10"]
        self._server = self._mcp.StdioServerParameters(command=sys.executable, args=command)

    def ask(self, *calls: tuple[str, dict]) -> list[str]:
        """What the tools answer, one after the other; Playwright keeps this thread's own loop."""
        with ThreadPoolExecutor(1) as other:
            return other.submit(asyncio.run, self._ask(calls)).result(120)

    async def _ask(self, calls: tuple[tuple[str, dict], ...]) -> list[str]:
        async with self._mcp.Client(self._mcp.stdio_client(self._server)) as client:
            answers = [await client.call_tool(name, given) for name, given in calls]
        return ["\n".join(part.text for part in answer.content) for answer in answers]

    def propose(self, *edits: dict, summary: str) -> str:
        (answer,) = self.ask(
            ("propose", {"edits": list(edits), "summary": summary, "author": "Ada"})
        )
        return answer.split()[0]


def test_what_an_agent_proposes_is_hatched_in_the_bench_and_a_person_answers(
    lab_page: LabPage, artifacts: Path
):
    bench, page = BenchPage.opened(lab_page, "agent.ipynb", OPEN), lab_page.page
    agent = Agent(lab_page.server.notebooks / "desk")
    plain = bench.seen()["tracks"]
    about, _, refused = agent.ask(
        ("open", {"source": "bench"}),
        ("edit", {"edits": [MASK], "summary": "my own copy"}),
        ("run", {"recipe": "sequence:20"}),
    )
    assert "73 residues" in about
    assert "10 are left" in refused

    first = agent.propose(MASK, HELIX, summary="free the second helix")
    line = page.wait_for_selector(PROPOSED, timeout=30_000)
    assert "Ada proposes: free the second helix (sequence A:20-40; ss8 A:5-60)" in (
        line.inner_text()
    )
    assert difference(plain, bench.seen()["tracks"]) > 100
    for theme in ("Dark", "Light"):
        lab_page.theme(f"JupyterLab {theme}")
        page.screenshot(path=artifacts / f"proposed_{theme}.png")
    page.click("[data-act=reject]")
    page.wait_for_selector(PROPOSED, state="hidden")
    assert difference(plain, bench.seen()["tracks"]) == 0
    assert agent.ask(("answer", {"name": first})) == ["rejected"]

    second = agent.propose(MASK, summary="free the second helix")
    page.wait_for_selector(PROPOSED, timeout=30_000)
    assert bench.masked("sequence") == []
    page.click("[data-act=accept]")
    page.wait_for_selector(PROPOSED, state="hidden")
    assert bench.masked("sequence") == list(range(19, 40))
    assert bench.history()[-1] == "free the second helix (proposed by Ada)"
    assert agent.ask(("answer", {"name": second})) == ["accepted"]
    bench.press("undo")
    lab_page.ask_until("bench.prompt.masked('sequence').any().item()", lambda any: not any)
    assert difference(plain, bench.seen()["tracks"]) == 0
    assert page.query_selector(TRACKS)
