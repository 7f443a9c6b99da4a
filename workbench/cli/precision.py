"""``workbench precision``: what reduced precision costs on a protein."""

import argparse

from .parser import Commands


def add(commands: Commands) -> None:
    """Register the command."""
    command = commands.add_parser(
        "precision",
        help="what bfloat16 or int8 changes in a model's answers",
        description=run.__doc__,
        epilog="example: workbench precision esm3-sm-open-v1 --dtype int8 --protein 1ubq.cif",
    )
    command.add_argument("model", metavar="MODEL", help="name or folder of a model")
    command.add_argument("--dtype", default="int8", help="bf16, fp16 or int8 (default int8)")
    command.add_argument(
        "--protein", metavar="INPUT", help="structure to ask about (default: an example)"
    )
    command.add_argument("--device", help="cpu, cuda or mps (default: the best there is)")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Compare a model with itself in float32 on one protein, of which half the sequence is
    hidden.
    """
    import time

    import torch

    from .. import Prompt
    from ..embedded import example
    from ..model.checkpoint import load_model
    from ..model.fidelity import compare_precision
    from ..opening import open_protein
    from ..tokenizers.codec import encode, to_rows
    from ..tokenizers.layout import Layout

    protein = example() if options.protein is None else open_protein(options.protein)
    prompt = Prompt.from_protein(protein).mask(range(0, len(protein), 2), "sequence")
    exact, reduced = (
        load_model(options.model, device=options.device, dtype=dtype)
        for dtype in ("float32", options.dtype)
    )
    row = to_rows([encode(prompt, exact)], [Layout.of(protein)], exact.device)
    print(f"{exact.name} on {protein.name or 'the example'}, {len(protein)} residues")
    print(f"{'track':10} {'KL, nats':>10} {'likeliest changed':>18}")
    for track, fidelity in compare_precision(reduced, exact, row).items():
        print(f"{track.value:10} {fidelity.divergence:10.2e} {fidelity.changed:18.1%}")
    seconds = {}
    with torch.inference_mode():
        for _ in range(2):
            for model in (exact, reduced):
                began = time.perf_counter()
                model.trunk(row)
                seconds[model.precision] = time.perf_counter() - began
    print(
        "one pass: "
        + ", ".join(f"{name} {duration * 1e3:.0f} ms" for name, duration in seconds.items())
    )
