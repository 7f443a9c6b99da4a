"""Runs of every kind of recipe, and the tokens that they made when they were recorded.

``python tests/helpers/recorded_runs.py`` writes the file again. A run is kept as one short hash of
all tracks for each of its steps, so that a change shows which step it changed first.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from ideal_chains import ideal_chain
from invented_tables import ENTRIES, KEYWORDS, write_function_tables, write_residue_labels
from toys import CHAINED, SEQUENCE, TOY, given_weights

from workbench import example, load_model
from workbench.annotate import annotated
from workbench.constants import AMINO_ACIDS
from workbench.model.config import FunctionDecoderConfig, ModelConfig
from workbench.model.model import Model, build_part
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.sampling.recipe import Recipe
from workbench.sampling.step import SamplingStep
from workbench.sampling.trajectory import Trajectory
from workbench.tracks import Track

FILE = Path(__file__).parents[1] / "sampling" / "recorded_tokens.json"
KINDS = {
    "plain": "sequence:5,structure:4,ss8:3,sasa:2",
    "by entropy": "sequence:6(strategy=entropy;temperature=0.7;top_p=0.9),"
    "structure:3(schedule=linear;strategy=entropy)",
    "greedy": "structure:3(temperature=0),sequence:4(schedule=square;temperature=0)",
    "annealed": "sequence:30(annealing=published;temperature=0.9;refine=1),"
    "structure:9(annealing=linear;schedule=square_root)",
    "gate": "sequence:4(temperature=5;gate=rank>{sequence};retries=9),structure:2",
    "gate missed": "sequence:3(temperature=5;gate=rank>9999;retries=2),structure:2",
    "refine": "sequence:5(refine=2),structure:3(strategy=entropy;refine=1;share=0.5)",
    "gibbs": "sequence:3(gibbs=6),structure:2(strategy=entropy;gibbs=2;share=0.4)",
    "best of": "sequence:5(best=3;every=2;reward=plddt;subject=ptm>0.9),structure:2(best=2)",
    "guided": "sequence:4(guide=ss8:2+structure:1),structure:2(guide=structure:1.5)",
    "all at once": "structure:4(refine=1;gate=plddt>2;retries=1),"
    "sequence:4(guide=structure:1;gibbs=2;best=2;reward=rank)",
    "all at once, passed": "structure:3(refine=1;gate=plddt>0;retries=1),"
    "sequence:4(guide=structure:1;gibbs=2;best=2;reward=rank;gate=rank>{last};retries=9),ss8:2",
}
CONSTRAINED = "sequence:2(temperature=3),structure:2"
BOUNDS = {
    "toy": {"sequence": 249, "last": 220},
    "chained toy": {"sequence": 242, "last": 238},
    "nano": {"sequence": 600, "last": 640},
}
"""What the gated runs must reach, so high that most are tried more than once, and all pass."""


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """One run: what it takes to make it, and a name to find it by."""

    name: str
    model: Model
    prompt: Prompt
    recipe: str
    seed: int = 1
    predicted_structure: bool = False

    def trajectory(self) -> Trajectory:
        """The run before its first step."""
        recipe, scores = Recipe.parse(self.recipe), {"rank": rank}
        return Trajectory(
            self.model, self.prompt, recipe, self.seed, self.predicted_structure, scores
        )


def rank(protein: Protein) -> float:
    """A score that hardly two sequences share."""
    return float(sum(AMINO_ACIDS.find(letter) for letter in protein.sequence))


def fingerprint(step: SamplingStep) -> str:
    """A short hash of the tokens of all tracks after a step, and of the residues it filled."""
    digest = sha256()
    for track in Track:
        digest.update(np.asarray(getattr(step.tokens, track.value), np.int64).tobytes())
    digest.update(np.asarray(step.positions, np.int64).tobytes())
    return digest.hexdigest()[:8]


def toy(config: ModelConfig) -> Model:
    """A toy with random weights; it reads no pLDDT at coordinates, as when it was recorded."""
    config = replace(config, trunk=replace(config.trunk, plddt_of_coordinates=0))
    return Model(config, *[given_weights(build_part(config, part), 5) for part in config.parts])


def reading_toy(folder: Path) -> Model:
    """The toy with tables of function and residue annotations."""
    write_function_tables(folder, seed=0)
    write_residue_labels(folder, TOY.trunk.residue_labels - 4)
    decoder = FunctionDecoderConfig(64, 2, 1, KEYWORDS, ENTRIES)
    return replace(toy(replace(TOY, function_decoder=decoder)), folder=folder)


def recorded_runs(folder: Path) -> list[RecordedRun]:
    """Every run; ``folder`` is empty and takes the tables of one model."""
    models = {"toy": toy(TOY), "chained toy": toy(CHAINED), "nano": load_model("esm3-nano")}
    runs = []
    for name, model in models.items():
        runs += _of_model(name, model, _short() if "toy" in name else _bundle())
    reading = reading_toy(folder)
    words = Prompt.from_protein(Protein(SEQUENCE)).annotate("word3", "5-9")
    words = words.annotate("site 2", "4", Track.RESIDUE).without("12-14", Track.FUNCTION)
    for kind, recipe in {
        "annotations": "function:4,residue:3",
        "annotations by entropy": "residue:3(strategy=entropy;temperature=0.8),"
        "function:4(strategy=entropy;top_p=0.8)",
        "annotations again": "function:3(refine=1),residue:2(gibbs=2),sequence:2(guide=function:2)",
        "annotations guided": "residue:2(guide=word3:1.5),function:2(guide=site%202:2)",
    }.items():
        runs.append(RecordedRun(f"toy, {kind}", reading, words.mask("17-20", "sequence"), recipe))
    whole = Prompt.from_protein(example(), ["sequence"]).mask("30-50", "sequence")
    runs.append(RecordedRun("nano, annotations", models["nano"], whole, "function:2,sequence:3"))
    return runs


def _of_model(name: str, model: Model, prompt: Prompt) -> list[RecordedRun]:
    runs = [
        RecordedRun(f"{name}, {kind}", model, prompt, recipe.format(**BOUNDS[name]))
        for kind, recipe in KINDS.items()
    ]
    runs.append(replace(runs[0], name=f"{name}, structure predicted", predicted_structure=True))
    motifs = prompt.mask("all", "sequence").allow("2-12", "NSTGA").forbid("13-16", "LIVMFWC")
    guarded = motifs.bias("17-20", {"K": 3}).forbid_motif("N-X-S/T").forbid_motif("A-G")
    runs.append(RecordedRun(f"{name}, motifs forbidden", model, guarded, CONSTRAINED))
    chains = _chains(prompt)
    for kind in ("plain", "refine", "guided", "best of"):
        runs.append(RecordedRun(f"{name}, two chains, {kind}", model, chains, KINDS[kind], 3))
    return runs


def _short() -> Prompt:
    protein = annotated(Protein(SEQUENCE, ideal_chain(SEQUENCE).astype(np.float32)))
    return _masked(Prompt.from_protein(protein, ["sequence", "structure", "ss8", "sasa"]), "3-14")


def _bundle() -> Prompt:
    prompt = Prompt.from_protein(annotated(example()), ["sequence", "structure", "ss8", "sasa"])
    return _masked(prompt, "10-34")


def _masked(prompt: Prompt, where: str) -> Prompt:
    return prompt.mask(where).mask("4-8", "ss8").mask("all", "sasa")


def _chains(prompt: Prompt) -> Prompt:
    protein, length = prompt.template, len(prompt)
    ids = np.array(["A"] * 9 + ["B"] * (length - 9))
    numbers = np.array([*range(1, 10), *range(1, length - 8)])
    complex_ = protein.with_(chain_id=ids, residue_number=numbers)
    return Prompt.from_protein(complex_, ["sequence", "structure", "ss8"]).mask("A:5-9,B:1-6")


def record(trajectory: Trajectory, advanced: Callable[[Trajectory], object] = list) -> str:
    """The hashes of a run's steps, after it was run to its end."""
    advanced(trajectory)
    return " ".join(fingerprint(step) for step in trajectory.steps)


def main() -> None:
    """Write the file of recorded tokens."""
    with TemporaryDirectory() as folder:
        recorded = {
            recorded_run.name: record(recorded_run.trajectory())
            for recorded_run in recorded_runs(Path(folder))
        }
    FILE.write_text(json.dumps(recorded, indent=1) + "\n", "utf-8")
    print(f"{len(recorded)} runs in {FILE}", file=sys.stderr)


if __name__ == "__main__":
    main()
