"""Give every reader thousands of mutated inputs and say what came of them.

    nice -n 10 .venv/bin/python tools/fuzz.py --count 3000

Each reader has a process of its own, so that its memory is its own; a child's end by a signal is
an outcome too. Prints one row per reader, and what is neither loaded nor refused.
"""

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "helpers"))
TOLD_EVERY = 250


def tried(name: str, first: int, count: int) -> None:
    """Try one reader on so many inputs and print its row."""
    from fuzzing import READERS, outcome

    warnings.simplefilter("ignore")
    reader = next(reader for reader in READERS if reader.name == name)
    outcomes: Counter[str] = Counter()
    worst = (0.0, 0)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, first + count):
            call = reader.prepare(random.Random(f"{name} {number}"), Path(folder))
            began = time.process_time()
            result = outcome(call)
            worst = max(worst, (time.process_time() - began, number))
            outcomes[result] += 1
            if result not in ("loaded", "refused"):
                print(f"    {name} {number}: {result}", file=sys.stderr, flush=True)
            if sum(outcomes.values()) % TOLD_EVERY == 0:
                print(f"    {name}: {dict(outcomes)}", file=sys.stderr, flush=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    other = count - outcomes["loaded"] - outcomes["refused"]
    print(
        f"| {name} | {count:,} | {outcomes['refused']:,} | {outcomes['loaded']:,} | {other} | "
        f"{worst[0]:.2f} (input {worst[1]}) | {memory:,} |",
        flush=True,
    )


def main() -> None:
    """Try all readers, or one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=3_000)
    parser.add_argument("--first", type=int, default=1_000, help="number of the first input")
    parser.add_argument("--reader", help="only this one, in this process")
    given = parser.parse_args()
    if given.reader:
        tried(given.reader, given.first, given.count)
        return
    from fuzzing import READERS

    print("| reader | inputs | refused | loaded | other | worst time, s | memory, MiB |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for reader in READERS:
        own = ["--reader", reader.name, "--count", str(given.count), "--first", str(given.first)]
        done = subprocess.run([sys.executable, __file__, *own], check=False)
        if done.returncode:
            print(f"| {reader.name} | ended with {done.returncode} |", flush=True)


if __name__ == "__main__":
    main()
