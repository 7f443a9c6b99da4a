"""Train the embedded demonstration model, stage by stage, as it was trained for this release.

    python tools/train_embedded.py structure DATA RUN --seconds 1900
    python tools/train_embedded.py tokens    DATA RUN
    python tools/train_embedded.py decoder   DATA RUN --seconds 840
    python tools/train_embedded.py trunk     DATA RUN --seconds 900
    python tools/train_embedded.py export    DATA RUN --out workbench/checkpoints/esm3-nano

DATA is the folder of training shards; RUN keeps weights, tokens and loss curves (CSV).
"""

import argparse
import csv
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import load_file

from workbench.model.checkpoint import save_model
from workbench.model.config import DecoderConfig, EncoderConfig, ModelConfig, TrunkConfig
from workbench.model.esm3 import ESM3
from workbench.model.model import Model
from workbench.training.corpus import Corpus, annotate_corpus, with_structure_tokens
from workbench.training.data import Crops, read_shards
from workbench.training.structure import (
    StructureAutoencoder,
    StructureTraining,
    save,
    train_decoder,
    train_structure,
)
from workbench.training.trunk import TrunkTraining, train_trunk

NANO = ModelConfig(
    "esm3-nano",
    TrunkConfig(width=144, heads=4, geometric_heads=16, layers=6, residue_labels=64),
    EncoderConfig(width=64, geometric_heads=16, layers=2, code_width=16, codes=1024),
    DecoderConfig(width=128, heads=4, layers=6),
    used_codes=1024,
)
SHARDS = ("train_allatom_00", "train_allatom_01", "train_allatom_02", "train_backbone")
FOREVER = 1_000_000


class Curve:
    """A CSV of losses that grows while training runs."""

    def __init__(self, path: Path) -> None:
        """Start the file anew."""
        self.file = path.open("w", newline="")
        self.writer: csv.DictWriter | None = None

    def __call__(self, record: dict[str, float]) -> None:
        """Add a step, and show every hundredth."""
        if self.writer is None:
            self.writer = csv.DictWriter(self.file, record, restval="", extrasaction="ignore")
            self.writer.writeheader()
        self.writer.writerow(record)
        if record["step"] % 100 == 0:
            self.file.flush()
            print(" ".join(f"{k}={v:.3g}" for k, v in record.items()), flush=True)


def autoencoder(run: Path, weights: str | None) -> StructureAutoencoder:
    """A new structure tokenizer, or one with the weights of an earlier stage."""
    torch.manual_seed(0)
    model = StructureAutoencoder(NANO)
    if weights:
        model.load_state_dict(load_file(run / f"{weights}.safetensors"))
    return model


def train(steps: Iterator[int], store: Callable[[], None]) -> None:
    """Go through a training loop, storing weights every 200 steps and at the end."""
    for step in steps:
        if step % 200 == 199:
            store()
    store()


def structure(data: Path, run: Path, seconds: float) -> None:
    """Encoder, codebook and decoder together, on short crops: what is local is learnt first."""
    proteins = read_shards([data / f"{name}.npz" for name in SHARDS], 512)
    model = autoencoder(run, None)
    plan = StructureTraining(
        FOREVER, seconds, continuous=300, batch=24, lengths=(32, 32, 48), peak=2e-3, paired=32
    )
    steps = train_structure(model, Crops(proteins, 0), plan, Curve(run / "structure.csv"))
    train(steps, partial(save, model, run / "structure.safetensors"))


def tokens(data: Path, run: Path) -> None:
    """Every chain as tokens of every track, with the codes of the trained encoder."""
    proteins = read_shards([data / f"{name}.npz" for name in SHARDS], 400)
    corpus = annotate_corpus(proteins, lambda done: None)
    with_structure_tokens(corpus, autoencoder(run, "structure").encoder).save(run / "corpus.npz")


def decoder(data: Path, run: Path, seconds: float) -> None:
    """The decoder alone, on crops that grow."""
    model = autoencoder(run, "structure")
    lengths = (24, 32, 48, 64, 96, 128, 192)
    plan = StructureTraining(FOREVER, seconds, lengths=lengths, peak=2e-3, paired=48, seed=1)
    steps = train_decoder(model, Corpus.load(run / "corpus.npz"), plan, Curve(run / "decoder.csv"))

    def store() -> None:
        model.export_embeddings()
        save(model, run / "decoder.safetensors")

    train(steps, store)


def trunk(data: Path, run: Path, seconds: float) -> None:
    """The language model over all tracks."""
    torch.manual_seed(0)
    model = ESM3(NANO.trunk)
    plan = TrunkTraining(FOREVER, seconds, batch=6, length=160)
    steps = train_trunk(model, Corpus.load(run / "corpus.npz"), plan, Curve(run / "trunk.csv"))
    train(steps, partial(save, model, run / "trunk.safetensors"))


def export(data: Path, run: Path, out: Path) -> None:
    """Write the trained parts as a checkpoint folder in bfloat16."""
    tokenizer, model = autoencoder(run, "decoder"), ESM3(NANO.trunk)
    model.load_state_dict(load_file(run / "trunk.safetensors"))
    whole = Model(NANO, model, tokenizer.encoder, tokenizer.decoder)
    save_model(whole, out, torch.bfloat16)


def main() -> None:
    """Run one stage."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stage", choices=["structure", "tokens", "decoder", "trunk", "export"])
    parser.add_argument("data", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--seconds", type=float, default=900.0)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    arguments.run.mkdir(parents=True, exist_ok=True)
    stage = globals()[arguments.stage]
    options = {"structure": ["seconds"], "decoder": ["seconds"], "trunk": ["seconds"]}
    named = {"export": ["out"], **options}.get(arguments.stage, [])
    stage(arguments.data, arguments.run, **{name: getattr(arguments, name) for name in named})


if __name__ == "__main__":
    main()
