"""Execute notebooks in place and keep what can be seen without a kernel.

``make notebooks`` runs it on all of them but the quickstart, which is committed without outputs.
Live views are dropped (their pictures stay), and so are warnings and whatever differs from run to
run without anyone seeing it. A notebook that grows too large for the repository is an error.
"""

import argparse
import os
import re
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from workbench.atomic_files import write_file

ROOT = Path(__file__).parents[1]
MOST_BYTES = 400_000
LIVE_VIEW = "application/vnd.jupyter.widget-view+json"
SNAPSHOT_NAME = re.compile(r"esm-snapshot-[0-9a-f]{32}")


def execute(path: Path) -> int:
    """Execute one notebook in a folder of its own and write it back; return its size in bytes."""
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(
            notebook,
            timeout=600,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
            store_widget_state=False,
            record_timing=False,
        ).execute()
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    for number, cell in enumerate(cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.outputs = [
            _seen(output, number) for output in cell.outputs if output.get("name") != "stderr"
        ]
    text = nbformat.writes(notebook) + "\n"
    if len(text.encode()) > MOST_BYTES:
        raise SystemExit(f"{path} would take {len(text.encode())} bytes; at most {MOST_BYTES}")
    write_file(path, text)
    return len(text.encode())


def _seen(output: nbformat.NotebookNode, cell: int) -> nbformat.NotebookNode:
    data = output.get("data", {})
    data.pop(LIVE_VIEW, None)
    if "text/html" in data:
        data["text/html"] = SNAPSHOT_NAME.sub(f"esm-snapshot-{cell}", data["text/html"])
    return output


def main() -> None:
    """Execute the notebooks named, or all but the quickstart."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all but the quickstart")
    chosen = parser.parse_args().notebooks
    os.environ["PYTHONPATH"] = str(ROOT)
    for path in chosen or sorted((ROOT / "notebooks").glob("0[2-9]_*.ipynb")):
        print(f"{execute(path):>8,} bytes  {path.name}", flush=True)


if __name__ == "__main__":
    main()
