"""Proteins that many tests start from; small, made here, without a file."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np
import pytest
from ideal_chains import ideal_chain, strand

from workbench.constants import ATOM37, CA
from workbench.io import read_protein
from workbench.prompt import Prompt
from workbench.protein import Confidence, FunctionAnnotation, Protein
from workbench.tracks import Track

if TYPE_CHECKING:
    from databases import Databases

Record = Callable[[str, object], None]


@pytest.fixture
def record_property(
    record_property: Callable[[str, object], None],
) -> Callable[[str, object], None]:
    """Keep a figure in the report; test processes send each other no numbers of numpy."""

    def record(name: str, value: object) -> None:
        record_property(name, value.item() if isinstance(value, np.generic) else value)

    return record


@pytest.fixture(scope="session", autouse=True)
def sessions_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Benches of the tests, also those in kernels, save their sessions in a folder of their own."""
    os.environ["ESM3_WORKBENCH_SESSIONS"] = str(tmp_path_factory.mktemp("sessions"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real structures and the specification, which developers and CI have and users do not."""
    beside = Path(__file__).parents[2] / "shared"
    folder = Path(os.environ.get("WORKBENCH_SHARED", beside))
    if not folder.is_dir():
        pytest.skip(
            "needs the shared data of the developers, beside the project or WORKBENCH_SHARED"
        )
    return folder


@pytest.fixture
def databases(tmp_path, monkeypatch) -> "Iterator[Databases]":
    """Both databases of structures, on this machine and empty; the network is out of reach."""
    from databases import Databases

    with Databases(tmp_path) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def annotated_protein() -> Protein:
    """Twelve residues of one chain with something known on every track."""
    return Protein(
        "MKTAYIAKQRQG",
        coordinates=strand(12),
        ss8="CEEEETTHHHHC",
        sasa=np.linspace(0, 150, 12, dtype=np.float32),
        function=(FunctionAnnotation("IPR000626", 2, 9), FunctionAnnotation("kinase", 5, 11)),
        residue_annotations=(FunctionAnnotation("Active site", 4, 5),),
        name="twelve",
    )


@pytest.fixture
def full(annotated_protein) -> Prompt:
    """Every track given, as the protein has it."""
    return Prompt.from_protein(annotated_protein, tuple(Track))


@pytest.fixture
def antibody_like() -> Protein:
    """Two chains numbered as files really do: insertion codes, a gap, negative numbers."""
    heavy = [
        (-2, ""),
        (-1, ""),
        (0, ""),
        (1, ""),
        (52, ""),
        (52, "A"),
        (52, "B"),
        (53, ""),
        (60, ""),
    ]
    light = [(1, ""), (2, ""), (3, ""), (27, ""), (27, "A")]
    numbers = heavy + light
    return Protein(
        "GSHEVQLVESDIQMT",
        chain_id=np.array(["H"] * len(heavy) + ["A-2"] * (len(light) + 1)),
        residue_number=np.array([number for number, _ in numbers] + [28]),
        insertion_code=np.array([code for _, code in numbers] + [""]),
    )


@pytest.fixture
def thrombin_like() -> Protein:
    """One chain whose insertion codes run backwards, as in thrombin's light chain: 1C 1B 1A 1 2."""
    return Protein(
        "TFGSG",
        residue_number=np.array([1, 1, 1, 1, 2]),
        insertion_code=np.array(["C", "B", "A", "", ""]),
    )


@pytest.fixture(scope="session")
def model():
    """All networks at toy size, with random weights."""
    import torch
    from toys import TOY, given_weights

    from workbench.model.model import Model, build_part

    torch.manual_seed(5)
    return Model(TOY, *[given_weights(build_part(TOY, part), seed=5) for part in TOY.parts])


@pytest.fixture
def reading(model, tmp_path):
    """The toy model with tables and a function decoder of their size."""
    from invented_tables import write_function_tables, write_residue_labels
    from toys import given_weights

    from workbench.model.config import FunctionDecoderConfig
    from workbench.model.function_decoder import FunctionDecoder

    write_function_tables(tmp_path, seed=0)
    write_residue_labels(tmp_path, model.config.trunk.residue_labels - 4)
    decoder = given_weights(FunctionDecoder(FunctionDecoderConfig(64, 2, 1, 60, 25)), seed=3)
    return replace(model, folder=tmp_path, function_decoder=decoder)


@pytest.fixture
def prompt() -> Prompt:
    """A short chain, masked in part on sequence and structure."""
    from toys import SEQUENCE

    protein = Protein(SEQUENCE, strand(len(SEQUENCE)))
    return Prompt.from_protein(protein).mask("3-14", ["sequence", "structure"])


@pytest.fixture
def blank(prompt) -> Prompt:
    """A prompt without structure, masked in another place."""
    return Prompt.from_protein(prompt.template, ["sequence"]).mask("2-9", "sequence")


@pytest.fixture
def finished_prompt(prompt) -> Prompt:
    """Nothing is masked, so every run of it fails."""
    return Prompt.from_protein(prompt.template)


@pytest.fixture
def read_text(tmp_path):
    """Read lines as if they were a file of this name."""

    def read(lines: list[str] | str, name: str = "some.pdb", **more) -> Protein:
        text = lines if isinstance(lines, str) else "\n".join(lines) + "\n"
        path = tmp_path / name
        path.write_text(text)
        return read_protein(path, **more)

    return read


@pytest.fixture
def tricky() -> Protein:
    """All that files make hard: two chains, odd numbers, masks, gaps, rare letters, pLDDT."""
    sequence = "MKT_LEDUWRXIQBZERLOV" + "GS__NPQ"
    coordinates = np.concatenate([ideal_chain(sequence[:20]), ideal_chain(sequence[20:]) + 40])
    sulphur = ATOM37.index("SG")
    coordinates[7, sulphur] = coordinates[7, CA] + 1.5
    absent = [0, 1, 9, 22]
    coordinates[absent] = np.nan
    coordinates[12, CA] = np.nan
    plddt = np.linspace(0.2, 0.95, len(sequence), dtype=np.float32)
    plddt[absent] = np.nan
    return Protein(
        sequence,
        coordinates=coordinates.astype(np.float32),
        chain_id=np.array(["H"] * 20 + ["b"] * 7),
        residue_number=np.array([-2, -1, 0, 5, 5, 5, *range(9, 23), 1001, 7, 8, 9, 10, 12, 11]),
        insertion_code=np.array([""] * 4 + ["A", "B"] + [""] * 21),
        confidence=Confidence(plddt, ptm=0.625),
        name="tricky",
    )
