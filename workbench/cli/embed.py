"""``workbench embed``: the vectors that the model's layers compute for proteins."""

import argparse
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..embedded import DEFAULT_MODEL
from ..errors import FileError, WorkbenchError
from .parser import Commands, path

if TYPE_CHECKING:
    import numpy as np

FORMATS = (".npz", ".parquet")


def add(commands: Commands) -> None:
    """Register the command."""
    command = commands.add_parser(
        "embed",
        help="embeddings of proteins, for other programs",
        description=run.__doc__,
        epilog="example: workbench embed 1ubq P69905 MKTAYIAKQR --pooled --out features.npz",
    )
    command.add_argument(
        "inputs", metavar="INPUT", nargs="+",
        help="a protein or .design file, a PDB or AlphaFold database id, or a sequence with : "
        "between chains",
    )  # fmt: skip
    command.add_argument(
        "--out", metavar="FILE", type=path, required=True,
        help="X.npz (an array per protein, by its name) or X.parquet (a row per residue, or per "
        "protein with --pooled)",
    )  # fmt: skip
    command.add_argument(
        "--layer", metavar="N", type=int, default=-1,
        help="a block of the model from 0, or from the end as -1 (default: -1, the last)",
    )  # fmt: skip
    command.add_argument("--pooled", action="store_true", help="the mean over residues")
    command.add_argument(
        "--model", default=DEFAULT_MODEL, help="name or folder (default: %(default)s)"
    )
    command.add_argument("--device", help="such as cpu or cuda:1 (default: a GPU if there is one)")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write the model's embeddings of proteins to one file.

    A protein is read with its sequence and, where it has them, its coordinates; of a record the
    prompt is read as it is painted.
    """
    if options.out.suffix.lower() not in FORMATS:
        raise FileError(f"{options.out.name} is no name for embeddings; end it in .npz or .parquet")

    from ..atomic_files import write_file
    from ..model.checkpoint import load_model
    from ..opening import open_prompt
    from ..whatif.embedding import embed

    prompts = [open_prompt(source) for source in options.inputs]
    names = _names([prompt.template.name for prompt in prompts])
    model = load_model(options.model, device=options.device)
    embeddings = embed(
        model,
        prompts,
        options.layer,
        pooled=options.pooled,
        progress=_report if len(names) > 1 else None,
    )
    labels = [[prompt.template.label(i) for i in range(len(prompt))] for prompt in prompts]
    as_bytes = _npz if options.out.suffix.lower() == ".npz" else _parquet
    write_file(options.out, as_bytes(names, labels, embeddings))
    width = embeddings[0].shape[-1]
    print(f"{options.out}: {len(names)} proteins, {width} numbers each, layer {options.layer}")


def _report(done: int, proteins: int) -> None:
    print(f"{done} of {proteins}", file=sys.stderr)


def _names(given: list[str]) -> list[str]:
    """A name for each protein, no two alike."""
    names: list[str] = []
    for number, name in enumerate(given, start=1):
        stem = Path(name).name or f"protein-{number}"
        names.append(stem if stem not in names else f"{stem}-{number}")
    return names


def _npz(names: list[str], labels: list[list[str]], embeddings: "list[np.ndarray]") -> bytes:
    import numpy as np

    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **dict(zip(names, embeddings, strict=True)))
    return packed.getvalue()


def _parquet(names: list[str], labels: list[list[str]], embeddings: "list[np.ndarray]") -> bytes:
    import pandas as pd

    pooled = embeddings[0].ndim == 1
    rows = (
        {"protein": name, "embedding": values}
        if pooled
        else {"protein": name, "residue": label, "embedding": value}
        for name, own, values in zip(names, labels, embeddings, strict=True)
        for label, value in ([("", values)] if pooled else zip(own, values, strict=True))
    )
    packed = io.BytesIO()
    try:
        pd.DataFrame(rows).to_parquet(packed, index=False)
    except ImportError:
        raise WorkbenchError(
            "a .parquet file needs the package pyarrow (pip install pyarrow); or write .npz"
        ) from None
    return packed.getvalue()
