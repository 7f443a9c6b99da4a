"""The tools over the Model Context Protocol, by the official SDK, on standard input and output."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from ..errors import WorkbenchError
from .tools import Tools

NAMES = ("open", "describe", "check", "edit", "propose", "answer", "plan", "run", "table")
ABOUT = (
    "Protein design with ESM3. Open a protein, or the person's bench, read its description, check "
    "it, edit your own copy or propose edits to the person, plan a run before you start it, and "
    "read the table of designs. Metrics are the model's own opinion, not evidence."
)


def serve(tools: Tools) -> None:
    """Serve one client until it disconnects."""
    server_of(tools).run("stdio")


def server_of(tools: Tools) -> MCPServer:
    """A server that offers these tools."""
    server = MCPServer("esm3-workbench", instructions=ABOUT)
    for name in NAMES:
        server.add_tool(_described(getattr(tools, name)), name=name)
    return server


def _described(tool: Callable[..., Any]) -> Callable[..., Any]:
    """The same tool; what its user can put right reaches them as one sentence."""

    @wraps(tool)
    def called(*given: Any, **named: Any) -> Any:
        try:
            return tool(*given, **named)
        except (WorkbenchError, OSError) as error:
            raise ToolError(" ".join(str(error).split())) from None

    return called
