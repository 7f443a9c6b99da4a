"""A checkpoint in exactly the published layout, written by the reference's own classes with random
weights, and what these classes and ours say of the same protein.
"""

from dataclasses import replace
from pathlib import Path

import torch
from reference_networks import reference_logits, reference_part
from toys import given_weights

from workbench.annotate import annotated
from workbench.constants import CA, C, N
from workbench.model.config import ModelConfig
from workbench.model.embedding import TrackTokens
from workbench.model.hub import PUBLISHED_FILES
from workbench.model.model import Model
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.tokenizers.codec import encode, to_rows
from workbench.tokenizers.layout import Layout
from workbench.tracks import TRACKS, Track

SEEDS = {"trunk": 1, "structure_encoder": 2, "structure_decoder": 3, "function_decoder": 4}


def write_published(folder: Path, config: ModelConfig, scratch: Path) -> None:
    """Fill a folder with every part, one after the other."""
    for part in config.parts:
        module = given_weights(reference_part(config, part, scratch), SEEDS[part])
        path = folder / PUBLISHED_FILES[part]
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.save(module.state_dict(), path)


def questions(protein: Protein, model: Model) -> TrackTokens:
    """The row of a real protein with every track given; its function and residue ids are drawn."""
    prompt = Prompt.from_protein(annotated(protein), ["sequence", "structure", "ss8", "sasa"])
    rows = to_rows([encode(prompt, model)], [Layout.of(prompt.template)])
    torch.manual_seed(0)
    length = rows.valid.shape[1]
    return replace(
        rows,
        function=torch.randint(4, 260, (1, length, 8)),
        residue=torch.randint(0, 1478, (1, length, 16)),
    )


@torch.inference_mode()
def our_answers(model: Model, protein: Protein, row: TrackTokens) -> dict[str, torch.Tensor]:
    """What each of our networks says, in float32."""
    tokens = model.structure_encoder(_backbone(protein))[0]
    structure = _structure_row(tokens)
    built = model.structure_decoder(structure)
    residues = structure[0] < 4096
    answers = {"structure_encoder tokens": tokens}
    answers |= {f"trunk {track.value}": v.float() for track, v in model.trunk(row).items()}
    answers |= {
        "structure_decoder backbone": built.backbone[0],
        "structure_decoder plddt": built.plddt[0],
        "structure_decoder pae": built.pae[0][residues][:, residues],
        "structure_decoder ptm": built.ptm[0],
    }
    if model.function_decoder is not None:
        read = model.function_decoder(row.function[0])
        answers |= {f"function_decoder {name}": value.float() for name, value in read.items()}
    return answers


@torch.inference_mode()
def reference_answers(
    folder: Path, config: ModelConfig, scratch: Path, protein: Protein, row: TrackTokens
) -> dict[str, torch.Tensor]:
    """What the reference says with the weights of this folder, one network in memory at a time."""
    answers = {}
    for part in config.parts:
        module = reference_part(config, part, scratch).eval()
        module.load_state_dict(torch.load(folder / PUBLISHED_FILES[part], mmap=True))
        if part == "trunk":
            logits = reference_logits(module, row)
            answers |= {f"trunk {track.value}": value for track, value in logits.items()}
        elif part == "structure_encoder":
            tokens = module.encode(_backbone(protein))[1][0]
            answers["structure_encoder tokens"] = tokens
        elif part == "structure_decoder":
            structure = _structure_row(answers["structure_encoder tokens"])
            built = module.decode(structure)
            residues = structure[0] < 4096
            answers |= {
                "structure_decoder backbone": built["bb_pred"][0],
                "structure_decoder plddt": built["plddt"][0],
                "structure_decoder pae": built["predicted_aligned_error"][0][residues][:, residues],
                "structure_decoder ptm": built["ptm"][0],
            }
        else:
            read = module(row.function[0])
            answers |= {f"function_decoder {name}": value for name, value in read.items()}
    return answers


def _backbone(protein: Protein) -> torch.Tensor:
    return torch.from_numpy(protein.coordinates[None, :, [N, CA, C]])


def _structure_row(tokens: torch.Tensor) -> torch.Tensor:
    spec = TRACKS[Track.STRUCTURE]
    return torch.cat([torch.tensor([spec.bos]), tokens, torch.tensor([spec.eos])])[None]
