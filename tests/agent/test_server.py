"""An agent at the workbench: the SDK's own client against the real server, and a real bench."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.agent.desk import Desk
from workbench.opening import open_session

mcp = pytest.importorskip("mcp")

SEQUENCE = "MKTAYIAKQRQISFVKSHFSRQ"
MASK = {"call": "mask", "where": "5-9", "track": "sequence"}


def at_server(*options: object, work: Callable[[Any], Awaitable[None]]) -> None:
    """Have a client of the SDK start ``workbench mcp`` and work with it."""

    async def session() -> None:
        command = ["-m", "workbench", "mcp", *map(str, options)]
        server = mcp.StdioServerParameters(command=sys.executable, args=command)
        async with mcp.Client(mcp.stdio_client(server)) as client:
            await work(client)

    asyncio.run(session())


async def answer_to(client: Any, tool: str, **arguments: object) -> str:
    """What a tool answers; an error's text where it refuses."""
    answer = await client.call_tool(tool, arguments)
    return "\n".join(part.text for part in answer.content)


def test_an_agent_opens_edits_plans_and_runs_within_its_budget():
    async def work(client: Any) -> None:
        tools = {tool.name for tool in (await client.list_tools()).tools}
        assert tools >= {"open", "describe", "check", "propose", "plan", "run", "table"}
        assert "nothing is open" in await answer_to(client, "describe")
        assert "22 residues" in await answer_to(client, "open", source=SEQUENCE)
        assert "5-9" in await answer_to(client, "edit", edits=[MASK], summary="free a loop")
        assert "5 masked" in await answer_to(client, "describe")
        assert "3 model passes" in await answer_to(client, "plan", recipe="sequence:3")
        table = (await answer_to(client, "run", recipe="sequence:3", seed=7)).splitlines()
        assert len(table) == 2
        refused = await answer_to(client, "run", recipe="sequence:3", designs=2)
        assert "6 model passes" in refused
        assert "2 are left" in refused
        assert "1 model passes" not in await answer_to(client, "describe")
        assert (await answer_to(client, "table")).splitlines() == table

    at_server("--budget", 5, work=work)


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ({"call": "__class__", "where": "1"}, "an edit names one of these calls"),
        ({"call": "mask", "where": "900", "track": "sequence"}, "900"),
        (
            {"call": "paint", "where": "1-3", "track": "ss8"},
            "paint takes where and track and value",
        ),
        ({"call": "mask", "where": {"a": 1}}, "where of mask is a text"),
    ],
)
def test_what_an_agent_may_not_ask_for_is_refused_in_one_sentence(edit, reason):
    async def work(client: Any) -> None:
        await answer_to(client, "open", source=SEQUENCE)
        refused = await answer_to(client, "edit", edits=[edit], summary="odd")
        assert reason in refused
        assert "Traceback" not in refused
        assert "22 given" in await answer_to(client, "describe")

    at_server(work=work)


def test_a_proposal_reaches_the_desk_and_its_answer_comes_back(tmp_path: Path):
    desk = Desk(tmp_path / "desk")
    desk.show(open_session(SEQUENCE))

    async def work(client: Any) -> None:
        assert "22 residues" in await answer_to(client, "open", source="bench")
        outcome = await answer_to(
            client, "propose", edits=[MASK], summary="free a loop", author="Ada"
        )
        assert "proposal-1 waits" in outcome
        assert "waiting" in await answer_to(client, "answer", name="proposal-1")
        (name,) = desk.waiting()
        proposal = desk.proposal(name)
        assert proposal.label == "free a loop (proposed by Ada)"
        after = proposal.applied(desk.session().prompt)
        assert after.masked("sequence").nonzero()[0].tolist() == [4, 5, 6, 7, 8]
        desk.answer(name, "accepted")
        assert "accepted" in await answer_to(client, "answer", name="proposal-1")
        assert desk.waiting() == []

    at_server("--desk", desk.folder, work=work)
