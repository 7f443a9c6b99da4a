"""Prove at full size what tests/model/test_published.py proves at toy size.

Fills a folder in exactly the published layout with random weights of the 1.4B sizes, by the
reference's classes; loads it with ours in a fresh process that measures itself; and compares all
four parts on a real protein. Needs the test environment, 11 GB of disk and 13 GB of memory:

    flock /tmp/big.lock .venv/bin/python benchmarks/published_proof.py PROTEIN.cif FOLDER

FOLDER must not exist and is deleted at the end. Prints one line per fact.
"""

import argparse
import gc
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))


def resident(name: str) -> int:
    """Bytes of this process by their name in /proc: VmRSS now, VmHWM at most."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1024


def load_and_answer(protein: Path, folder: Path, dtype: str, answers: Path) -> None:
    """Load in this process, print time and memory, and keep what our networks say."""
    from published import our_answers, questions

    from workbench.io import read_protein
    from workbench.model.checkpoint import load_model

    load_model("esm3-nano")
    Path("/proc/self/clear_refs").write_text("5")
    before, start = resident("VmRSS"), time.perf_counter()
    model = load_model(folder, device="cpu", dtype=dtype)
    seconds, loaded = time.perf_counter() - start, resident("VmHWM") - before
    states = [value for part in model.parts.values() for value in part.state_dict().values()]
    size = sum(value.nbytes for value in states)
    for value in states:
        value.sum()
    used = resident("VmHWM") - before
    print(
        f"load {dtype}: {model.parameter_count:,} parameters, {size:,} bytes, {seconds:.1f} s; "
        f"peak memory {loaded / size:.3f} of the weights when loaded, {used / size:.3f} when every "
        "weight was read",
        flush=True,
    )
    read = read_protein(protein)
    row = questions(read, model)
    start = time.perf_counter()
    outputs = our_answers(model, read, row)
    print(
        f"answer {dtype}: {time.perf_counter() - start:.1f} s for {len(read)} residues", flush=True
    )
    fields = {name: getattr(row, name) for name in row.__dataclass_fields__}
    torch.save({"row": fields, **outputs}, answers)


def prove(protein: Path, folder: Path) -> None:
    from published import reference_answers, write_published

    from workbench.io import read_protein
    from workbench.model.config import PUBLISHED
    from workbench.model.embedding import TrackTokens

    folder.mkdir(parents=True)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            start = time.perf_counter()
            write_published(folder, PUBLISHED, Path(scratch))
            print(f"written in {time.perf_counter() - start:.0f} s", flush=True)
            gc.collect()
            outputs = {}
            for dtype in ("float32", "bfloat16"):
                kept = Path(scratch) / f"{dtype}.pt"
                arguments = [str(protein), str(folder), "--dtype", dtype, "--answers", str(kept)]
                subprocess.run([sys.executable, __file__, *arguments], check=True)
                outputs[dtype] = torch.load(kept)
            row = TrackTokens(**outputs["float32"]["row"])
            expected = reference_answers(
                folder, PUBLISHED, Path(scratch), read_protein(protein), row
            )
            for name, value in expected.items():
                report(name, value, *(outputs[dtype][name] for dtype in outputs))
    finally:
        shutil.rmtree(folder)


def report(name: str, value: torch.Tensor, exact: torch.Tensor, narrow: torch.Tensor) -> None:
    if name.endswith("tokens"):
        print(f"{name}: {(exact == value).sum()} of {value.numel()} equal", flush=True)
        return
    scale, difference = value.abs().max(), (exact - value).abs().max()
    print(
        f"{name} {tuple(value.shape)}: greatest difference {difference:.2e} of values up to "
        f"{scale:.3g}; in bfloat16 {(narrow - value).abs().max():.2e}",
        flush=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("protein", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dtype", help=argparse.SUPPRESS)
    parser.add_argument("--answers", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.answers:
        load_and_answer(options.protein, options.folder, options.dtype, options.answers)
    else:
        prove(options.protein, options.folder)
