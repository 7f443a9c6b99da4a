"""An agent at a bench: the SDK's client, the server and the bench meet at a desk."""

import asyncio
import sys

import pytest

from widgets import Bench
from workbench.agent.desk import Desk
from workbench.agent.proposal import Proposal
from workbench.errors import PromptError

MASK = {"call": "mask", "where": "5-9", "track": "sequence"}
HELIX = {"call": "paint", "where": "2-12", "track": "ss8", "value": "H"}


@pytest.fixture
def bench(tmp_path) -> Bench:
    """A bench that has invited agents to a desk."""
    bench = Bench("MKTAYIAKQRQISFVKSHFSRQ")
    bench.invite(tmp_path / "desk")
    yield bench
    bench._leave_desk()


def proposed(bench: Bench, *edits: dict) -> str:
    """Leave a proposal at the bench's desk and have it looked at; gives back its name."""
    desk = bench._visitors._desk
    name = desk.propose(Proposal.create(bench.prompt, edits, "Ada", "free a loop"))
    bench._visitors.tend(bench._state)
    return name


def test_what_an_agent_proposes_is_shown_and_made_only_when_a_person_accepts(bench):
    before, desk = bench.prompt, bench._visitors._desk
    name = proposed(bench, MASK, HELIX)
    assert bench.prompt is before
    assert bench.tracks.proposed == [[0, 4, 5, 6, 7, 8], [2, *range(1, 12)]]
    assert bench._header.proposed == ("Ada proposes: free a loop (sequence A:5-9; ss8 A:2-12)")
    assert desk.answer_to(name) == "waiting for a person"
    bench._header.on_accept()
    assert bench.prompt.masked("sequence").nonzero()[0].tolist() == [4, 5, 6, 7, 8]
    assert bench.session.history[-1] == "free a loop (proposed by Ada)"
    assert (desk.answer_to(name), bench.tracks.proposed, bench._header.proposed) == (
        "accepted",
        [],
        "",
    )
    bench.undo()
    assert bench.prompt.same_as(before)


def test_what_is_rejected_changes_nothing_and_the_next_one_is_shown(bench):
    before, desk = bench.prompt, bench._visitors._desk
    first, second = proposed(bench, MASK), proposed(bench, HELIX)
    bench._header.on_reject()
    assert bench.prompt is before
    assert (desk.answer_to(first), desk.waiting()) == ("rejected", [second])
    bench._visitors.tend(bench._state)
    assert "ss8" in bench._header.proposed


def test_a_bench_that_goes_to_another_desk_leaves_the_first_with_what_waits_there(bench, tmp_path):
    first = bench._visitors
    waiting = proposed(bench, MASK)
    bench.invite(tmp_path / "other")
    assert (bench._header.proposed, bench.tracks.proposed) == ("", [])
    assert first._desk.answer_to(waiting) == "waiting for a person"
    bench.prompt = bench.prompt.mask("20-22", "sequence")
    later = first._desk.propose(Proposal.create(bench.prompt, [HELIX], "Ada", "a helix"))
    first.tend(bench._state)
    assert bench._state.proposed is None
    assert first._desk.waiting() == [waiting, later]
    assert not first._desk.session().prompt.same_as(bench.prompt)
    bench._visitors.tend(bench._state)
    assert bench._visitors._desk.session().prompt.same_as(bench.prompt)


def test_a_bench_whose_place_is_taken_leaves_its_desk(bench):
    waiting = proposed(bench, MASK)
    visitors = bench._visitors
    bench._moved_out()
    visitors.tend(bench._state)
    assert bench._state.proposed is None
    assert visitors._desk.waiting() == [waiting]


def test_a_proposal_for_other_residues_is_refused(bench):
    name = proposed(bench, MASK)
    bench.insert("3", 2)
    with pytest.raises(PromptError, match="22 residues"):
        bench._state.answer_proposal(True)
    assert "could not be made" in bench._visitors._desk.answer_to(name)


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"length": 22}', "[" * 9000, '{"author":"a","summary":"b","length":22,'
             '"edits":[{"call":"with_tokens","where":"1"}]}'],
)  # fmt: skip
def test_a_hostile_proposal_is_refused_at_the_desk_and_the_bench_goes_on(bench, text):
    desk = bench._visitors._desk
    (desk.folder / "odd.proposal.json").write_text(text)
    bench._visitors.tend(bench._state)
    assert "refused" in desk.answer_to("odd")
    assert bench._state.proposed is None


def test_an_agent_reads_the_bench_as_it_is_now_and_hears_the_answer(bench):
    mcp = pytest.importorskip("mcp")
    bench.prompt = bench.prompt.mask("1-3", "sequence")
    bench._visitors.tend(bench._state)
    desk = bench._visitors._desk

    async def work() -> None:
        command = ["-m", "workbench", "mcp", "--desk", str(desk.folder)]
        server = mcp.StdioServerParameters(command=sys.executable, args=command)
        async with mcp.Client(mcp.stdio_client(server)) as client:

            async def tool_text(tool: str, **arguments: object) -> str:
                answer = await client.call_tool(tool, arguments)
                return "\n".join(part.text for part in answer.content)

            opened = await tool_text("open", source="bench")
            assert "3 masked" in opened
            assert "edited in code" in opened
            proposal = {"edits": [MASK], "summary": "free a loop", "author": "Ada"}
            await tool_text("propose", **proposal)
            bench._visitors.tend(bench._state)
            bench._header.on_accept()
            assert await tool_text("answer", name="proposal-1") == "accepted"
            bench._visitors.tend(bench._state)
            assert "8 masked" in await tool_text("open", source="bench")

    asyncio.run(work())
    assert "8 masked" in bench.describe()
    assert Desk(desk.folder).session().prompt.same_as(bench.prompt)
