"""Training runs: the stages of a model one after another, each resumable, in one folder.

The folder holds the tokens of the corpus, the state of every stage, its loss curve (CSV and SVG)
and in the end ``model``, a checkpoint folder that ``load_model`` reads.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import distributed, nn

from ..atomic_files import make_folder
from ..errors import CheckpointError
from ..model.checkpoint import load_model, save_model
from ..model.config import FunctionDecoderConfig
from ..model.esm3 import ESM3
from ..model.folding_decoder import FoldingDecoder
from ..model.function_decoder import FunctionDecoder
from ..model.model import Model, structure_decoder
from ..model.structure_decoder import StructureDecoder
from ..model.structure_encoder import StructureEncoder
from ..paths import given_path
from ..protein import Protein
from ..vocabulary import FunctionVocabulary
from . import decoder as decoding
from . import encoder_training
from . import folding_training as folding
from . import function as labelling
from . import structure as joint
from . import trunk as language
from .corpus import Corpus, annotate_corpus
from .curves import Curve
from .families import Families, build_vocabulary, save_vocabulary
from .function import FunctionDraw
from .plan import Plan, TrainingConfig
from .sites import save_sites
from .token_pools import sample_pools
from .trainer import Draw, Trainer, join_processes, process

SHOWN_EVERY = 50
POOLS = 4
Say = Callable[[str], None]
Weights = Float[np.ndarray, " chains"]
Tokenizer = tuple[StructureEncoder, StructureDecoder | FoldingDecoder]


class TrainingRun:
    """One folder in which a model is trained."""

    def __init__(self, config: TrainingConfig, folder: str | Path, say: Say = print) -> None:
        """``say`` gets the progress of training, one line at a time."""
        join_processes()
        folder = given_path(folder, CheckpointError)
        make_folder(folder)
        self.config, self.folder, self.say = config, folder, say

    def train_structure(self, proteins: list[Protein], weights: Weights | None = None) -> None:
        """The structure tokenizer: encoder and codebook, then the decoder on their tokens.

        ``weights`` say how often each chain is drawn; without them all are drawn alike.
        """
        corpus = self._corpus(proteins, weights)
        encoder, decoder = (self._step_encoder if self._steps else self._autoencoder)(corpus)
        self._put("encoder", encoder)
        corpus = self._tokenized(corpus, encoder)
        plan, used = self._plan("decoder"), self.config.model.used_codes
        torch.manual_seed(plan.seed)
        if isinstance(decoder, FoldingDecoder):
            folding.start_from_codes(decoder, encoder, used)
            codes = encoder.codebook.embeddings[:used].float()
            draw = folding.FoldingDraw(corpus, plan, codes)
            self._train("decoder", folding.FoldingObjective(decoder), folding.WEIGHTS, draw)
        else:
            if self._steps:
                decoding.start_from_codes(decoder, encoder, used)
            draw = decoding.DecoderDraw(corpus, plan, used)
            self._train("decoder", decoding.DecoderObjective(decoder), decoding.WEIGHTS, draw)
        self._put("decoder", decoder)

    def _step_encoder(self, corpus: Corpus) -> Tokenizer:
        torch.manual_seed(0)
        model, plan = self.config.model, self._plan("encoder")
        encoder = StructureEncoder(model.encoder)
        if not self._file("encoder.pt").exists():
            encoder_training.start_from_steps(encoder, corpus, model.used_codes, plan.seed)
        draw = encoder_training.NeighbourhoodDraw(corpus, plan, model.encoder.neighbours)
        objective = encoder_training.StepObjective(encoder)
        self._train("encoder", objective, encoder_training.WEIGHTS, draw)
        return encoder, structure_decoder(model.decoder)

    def _autoencoder(self, corpus: Corpus) -> Tokenizer:
        torch.manual_seed(0)
        plan = self._plan("autoencoder")
        model = joint.AutoencoderObjective(self.config.model, plan.options.get("continuous", 0.1))
        draw = decoding.DecoderDraw(corpus, plan, self.config.model.used_codes)
        self._train("autoencoder", model, joint.WEIGHTS, draw)
        model.export_embeddings()
        return model.encoder, model.decoder

    def train_trunk(
        self,
        proteins: list[Protein],
        start: Model | None = None,
        annotations: Path | None = None,
        weights: Weights | None = None,
    ) -> None:
        """The language model over all tracks, on the tokens of the tokenizer trained here.

        With ``start`` its tokenizer is kept and its trunk trained on; geometric attention that it
        did not have begins silent. ``annotations`` is a folder of tables as ``Families`` reads
        them; without it the function track is not trained.
        """
        parts = self._tokenizer_of(start)
        corpus = self._tokenized(self._corpus(proteins, weights), parts[0])
        config = replace(self.config.model, function_decoder=None)
        if process() == 0:
            save_sites(self.folder / "model", len(corpus))
        function = decoder = vocabulary = None
        if annotations is not None:
            families = Families.read(annotations)
            vocabulary = build_vocabulary(corpus.families.tolist(), families)
            if process() == 0:
                save_vocabulary(vocabulary, self.folder / "model")
            function = FunctionDraw(vocabulary, families)
        plan = self._plan("trunk")
        torch.manual_seed(plan.seed)
        trunk = ESM3(config.trunk)
        if start is not None:
            language.start_from_trunk(trunk, start.trunk)
        elif self._steps:
            language.start_from_codes(trunk, parts[0], config.used_codes)
        codes = parts[0].codebook.embeddings.float() if self._steps else None
        self._train(
            "trunk",
            language.TrunkObjective(trunk, codes),
            {track.value: weight for track, weight in language.WEIGHTS.items()},
            language.TrunkDraw(corpus, plan, function),
        )
        if codes is not None:
            language.leave_out_jumps(trunk, codes[: config.used_codes])
        if vocabulary is not None:
            decoder = self._function_decoder(vocabulary)
            config = replace(config, function_decoder=decoder.config)
        if process() == 0:
            model = Model(config, trunk.cpu(), parts[0].cpu(), parts[1].cpu(), decoder)
            save_model(model, self.folder / "model", torch.bfloat16)
            self.say(f"{self.folder / 'model'} is ready for load_model")

    def train_repair(self, proteins: list[Protein], weights: Weights | None = None) -> None:
        """The folding decoder once more, on tokens that the trunk of RUN/model has made up."""
        model = load_model(self.folder / "model", device="cpu")
        plan, used = self._plan("repair"), model.config.used_codes
        decoder = structure_decoder(model.config.decoder)
        if not isinstance(decoder, FoldingDecoder):
            raise CheckpointError(
                f"{model.name} has no folding decoder to repair with; set the decoder's frames to "
                '"folded" in the config'
            )
        corpus = self._tokenized(self._corpus(proteins, weights), model.structure_encoder)
        path, count = self._file("pools.npy"), int(plan.options.get("pools", POOLS))
        if process() == 0:
            self.say(f"sampling {count} times the tokens of {len(corpus)} chains")
            sample_pools(model.trunk, corpus, path, count, plan.seed)
        _wait()
        pools = np.load(path, mmap_mode="r")
        decoder.load_state_dict(model.structure_decoder.state_dict())
        decoder.step_embed.weight.requires_grad_(False)
        codes = model.structure_encoder.codebook.embeddings[:used].float()
        draw = folding.FoldingDraw(corpus, plan, codes, pools)
        self._train("repair", folding.FoldingObjective(decoder), folding.WEIGHTS, draw)
        if process() == 0:
            model = replace(model, structure_decoder=decoder.cpu())
            save_model(model, self.folder / "model", torch.bfloat16)
            self.say(f"the decoder of {self.folder / 'model'} has seen what its trunk makes up")

    def _tokenizer_of(self, start: Model | None) -> Tokenizer:
        if start is not None:
            return start.structure_encoder, start.structure_decoder
        config = self.config.model
        parts = StructureEncoder(config.encoder), structure_decoder(config.decoder)
        for name, part in zip(("encoder", "decoder"), parts, strict=True):
            if not self._file(f"{name}.weights.pt").exists():
                raise CheckpointError(
                    f"{self.folder} has no trained {name}: run `workbench train structure` first"
                )
            part.load_state_dict(_loaded(self._file(f"{name}.weights.pt")))
        return parts

    def _function_decoder(self, vocabulary: FunctionVocabulary) -> FunctionDecoder:
        plan = self._plan("function")
        torch.manual_seed(plan.seed)
        sizes = self.config.model.function_decoder or FunctionDecoderConfig(64, 4, 1)
        decoder = FunctionDecoder(
            replace(sizes, keywords=len(vocabulary.keywords), entries=len(vocabulary.accessions))
        )
        draw = labelling.LabelDraw(vocabulary, plan)
        self._train("function", labelling.LabelObjective(decoder), labelling.WEIGHTS, draw)
        return decoder

    @property
    def _steps(self) -> bool:
        """Whether the codes are steps of a chain."""
        return self.config.model.decoder.frames != "absolute"

    def _plan(self, stage: str) -> Plan:
        if stage not in self.config.stages:
            raise CheckpointError(f"the config has no stage {stage!r}, which this model needs")
        return self.config.stages[stage]

    def _file(self, name: str) -> Path:
        return self.folder / name

    def _corpus(self, proteins: list[Protein], weights: Weights | None) -> Corpus:
        path = self._file("corpus.npz")
        if process() == 0 and not path.exists():
            self.say(f"computing secondary structure and accessibility of {len(proteins)} chains")
            corpus = annotate_corpus(proteins)
            if weights is not None:
                corpus = replace(corpus, weights=weights)
            corpus.save(path)
        _wait()
        return Corpus.load(path)

    def _tokenized(self, corpus: Corpus, encoder: StructureEncoder) -> Corpus:
        path = self._file("tokens.npz")
        if process() == 0 and not path.exists():
            self.say("computing structure tokens")
            corpus.tokenized(encoder.cpu()).save(path)
        _wait()
        return Corpus.load(path)

    def _put(self, name: str, part: nn.Module) -> None:
        if process() == 0:
            torch.save(part.state_dict(), self._file(f"{name}.weights.pt"))
        _wait()

    def _train(
        self, stage: str, objective: nn.Module, weights: dict[str, float], draw: Draw
    ) -> None:
        """Train to the end of the stage; the objective then holds the averaged weights."""
        trainer = Trainer(objective, self._plan(stage), weights, self._file(f"{stage}.pt"))
        curve = Curve(self._file(f"{stage}.csv"), trainer.step) if process() == 0 else None

        def report(record: dict[str, float]) -> None:
            if curve is not None:
                curve(record)
            if process() == 0 and record["step"] % SHOWN_EVERY == 0:
                values = " ".join(f"{k} {v:.3g}" for k, v in record.items() if k != "step")
                self.say(f"{stage} {record['step']:.0f}/{trainer.plan.steps}: {values}")

        for _ in trainer.run(draw, report):
            pass
        if curve is not None:
            curve.close()
        objective.load_state_dict(trainer.average.module.state_dict())
        objective.cpu().eval()


def _loaded(path: Path) -> dict[str, torch.Tensor]:
    return torch.load(path, map_location="cpu", weights_only=True)


def _wait() -> None:
    if distributed.is_initialized():
        distributed.barrier()
