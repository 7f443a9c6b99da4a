"""Training runs: the stages of a model one after another, each resumable, in one folder.

The folder holds the tokens of the corpus, the state of every stage, its loss curve (CSV and SVG)
and in the end ``model``, a checkpoint folder that ``load_model`` reads.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
from torch import distributed, nn

from ..atomic_files import make_folder
from ..errors import CheckpointError
from ..model.checkpoint import save_model
from ..model.config import FunctionDecoderConfig
from ..model.esm3 import ESM3
from ..model.function_decoder import FunctionDecoder
from ..model.model import Model
from ..model.structure_decoder import StructureDecoder
from ..model.structure_encoder import StructureEncoder
from ..paths import given_path
from ..protein import Protein
from ..vocabulary import FunctionVocabulary
from . import decoder as decoding
from . import encoder_training
from . import function as labelling
from . import structure as joint
from . import trunk as language
from .corpus import Corpus, annotate_corpus
from .curves import Curve
from .families import Families, build_vocabulary, save_vocabulary
from .function import FunctionDraw
from .plan import Plan, TrainingConfig
from .trainer import Draw, Trainer, join_processes, process

SHOWN_EVERY = 50
Say = Callable[[str], None]


class TrainingRun:
    """One folder in which a model is trained."""

    def __init__(self, config: TrainingConfig, folder: str | Path, say: Say = print) -> None:
        """``say`` is told in one line at a time how training goes."""
        join_processes()
        folder = given_path(folder, CheckpointError)
        make_folder(folder)
        self.config, self.folder, self.say = config, folder, say

    def train_structure(self, proteins: list[Protein]) -> None:
        """The structure tokenizer: encoder and codebook, then the decoder on their tokens."""
        corpus = self._corpus(proteins)
        model = self._tokenizer()
        used = self.config.model.used_codes
        if self._chained:
            encoder, plan = model.encoder, self._plan("encoder")
            if not self._file("encoder.pt").exists():
                encoder_training.start_from_steps(encoder, corpus, used, plan.seed)
            near = self.config.model.encoder.neighbours
            draw = encoder_training.NeighbourhoodDraw(corpus, plan, near)
            objective = encoder_training.StepObjective(encoder)
            self._train("encoder", objective, encoder_training.WEIGHTS, draw)
        else:
            plan = self._plan("autoencoder")
            draw = decoding.DecoderDraw(corpus, plan, used)
            self._train("autoencoder", model, joint.WEIGHTS, draw)
            model.export_embeddings()
        self._put("encoder", model.encoder)
        corpus = self._tokenized(corpus, model.encoder)
        if self._chained and not self._file("decoder.pt").exists():
            torch.manual_seed(self._plan("decoder").seed)
            decoding.start_from_codes(model.decoder, model.encoder, used)
        draw = decoding.DecoderDraw(corpus, self._plan("decoder"), used)
        if self._chained:
            model.decoder.affine_output_projection.step_embed.weight.requires_grad_(False)
        objective = decoding.DecoderObjective(model.decoder)
        self._train("decoder", objective, decoding.WEIGHTS, draw)
        self._put("decoder", model.decoder)

    def train_trunk(
        self, proteins: list[Protein], start: Model | None = None, annotations: Path | None = None
    ) -> None:
        """The language model over all tracks, on the tokens of the tokenizer trained here.

        With ``start`` its tokenizer is kept and its trunk trained on; geometric attention that it
        did not have begins silent. ``annotations`` is a folder of tables as ``Families`` reads
        them; without it the function track is not trained.
        """
        parts = self._tokenizer_of(start)
        corpus = self._tokenized(self._corpus(proteins), parts[0])
        config = replace(self.config.model, function_decoder=None)
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
        elif self._chained:
            language.start_from_codes(trunk, parts[0], config.used_codes)
        self._train(
            "trunk",
            language.TrunkObjective(trunk),
            {track.value: weight for track, weight in language.WEIGHTS.items()},
            language.TrunkDraw(corpus, plan, function),
        )
        if vocabulary is not None:
            decoder = self._function_decoder(vocabulary)
            config = replace(config, function_decoder=decoder.config)
        if process() == 0:
            model = Model(config, trunk.cpu(), parts[0].cpu(), parts[1].cpu(), decoder)
            save_model(model, self.folder / "model", torch.bfloat16)
            self.say(f"{self.folder / 'model'} is ready for load_model")

    def _tokenizer_of(self, start: Model | None) -> tuple[StructureEncoder, StructureDecoder]:
        if start is not None:
            return start.structure_encoder, start.structure_decoder
        model = self._tokenizer()
        for name, part in (("encoder", model.encoder), ("decoder", model.decoder)):
            if not self._file(f"{name}.weights.pt").exists():
                raise CheckpointError(
                    f"{self.folder} has no trained {name}: run `workbench train structure` first"
                )
            part.load_state_dict(_loaded(self._file(f"{name}.weights.pt")))
        return model.encoder, model.decoder

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
    def _chained(self) -> bool:
        return self.config.model.decoder.chained

    def _tokenizer(self) -> joint.AutoencoderObjective:
        torch.manual_seed(0)
        plan = self.config.stages.get("autoencoder")
        options = plan.options if plan else {}
        return joint.AutoencoderObjective(self.config.model, options.get("continuous", 0.1))

    def _plan(self, stage: str) -> Plan:
        if stage not in self.config.stages:
            raise CheckpointError(f"the config has no stage {stage!r}, which this model needs")
        return self.config.stages[stage]

    def _file(self, name: str) -> Path:
        return self.folder / name

    def _corpus(self, proteins: list[Protein]) -> Corpus:
        path = self._file("corpus.npz")
        if process() == 0 and not path.exists():
            self.say(f"computing secondary structure and accessibility of {len(proteins)} chains")
            annotate_corpus(proteins).save(path)
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
