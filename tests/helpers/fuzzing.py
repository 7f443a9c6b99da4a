"""Mutated inputs for every reader: from a good one, and from a seed alone.

A reader may load what it is given or refuse it with a WorkbenchError; nothing else.
"""

import json
import os
import random
import shutil
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgpack
import numpy as np
from toys import SEQUENCE, TOY, given_weights

from workbench import lint
from workbench.annotate import annotated
from workbench.archive import open_record, save
from workbench.campaign import Campaign
from workbench.embedded import embedded_models, example
from workbench.errors import WorkbenchError
from workbench.io import read_protein, structure_text
from workbench.io.mmcif import bcif_bytes
from workbench.model.checkpoint import load_model, save_model
from workbench.prompt import Prompt
from workbench.sampling.recipe import Recipe
from workbench.session import Session

ODD = (
    None, True, -1, 0, 1, 10**20, -(10**20), 2**31, 1e30, -1e30, 1e-300, 0.5, "", "x", "\0",
    "A\nB", "é" * 300, "../../x", [], {}, [[]], {"array": 10**6}, [1, 2, 3], "sequence:2",
    "9" * 5000,
)  # fmt: skip
WORDS = (
    b"nan", b"inf", b"-inf", b"1e999", b"99999999999999999999", b"-1", b"0", b"?", b".", b"''",
    b"9999.000", b"-999.99", b"\xff\xfe", b"\n", b"loop_\n", b"data_\n", b"A" * 3000, b";\n", b">",
    b"MODEL\n", b"ENDMDL\n", b"TER\n", b"\0", b"HETATM", b"\t", b"9" * 5000, b"\xe2\x80\xa8",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reader:
    """``prepare`` makes an input below a folder and returns the call that reads it."""

    name: str
    prepare: Callable[[random.Random, Path], Callable[[], object]]


def outcome(call: Callable[[], object]) -> str:
    """What came of reading: loaded, refused, or the name of an exception that is neither."""
    try:
        call()
    except WorkbenchError:
        return "refused"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    return "loaded"


# -- mutations -----------------------------------------------------------------------------------


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to four changes: flipped, cut, doubled, or a word exchanged."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        size = chance.choice((1, 2, 8, 80, 800))
        kind = chance.randrange(7)
        if kind == 0:
            data = data[:at] + bytes(chance.randrange(256) for _ in range(size)) + data[at + size :]
        elif kind == 1:
            data = data[:at] + data[at + size :]
        elif kind == 2:
            data = data[: at + size] + data[at:]
        elif kind == 3:
            data = data[:at] + chance.choice(WORDS) + data[at:]
        elif kind == 4:
            words = data[at : at + 400].split(b" ")
            words[chance.randrange(len(words))] = chance.choice(WORDS)
            data = data[:at] + b" ".join(words) + data[at + 400 :]
        elif kind == 5:
            lines = data.split(b"\n")
            one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[one], lines[other] = lines[other], lines[one]
            data = b"\n".join(lines)
        elif chance.random() < 0.3:
            data = data[:at]
    return data


def with_odd_value(tree: object, chance: random.Random) -> object:
    """A tree of lists and dictionaries in which one leaf or branch is odd, gone or there twice."""
    node = tree
    while isinstance(node, dict | list) and node:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = chance.choice(keys)
        inner = node[key]
        if isinstance(inner, dict | list) and inner and chance.random() < 0.85:
            node = inner
            continue
        kind = chance.random()
        if kind < 0.1:
            del node[key]
        elif kind < 0.15 and isinstance(node, list):
            node.insert(key, inner)
        else:
            node[key] = chance.choice(ODD)
        return tree
    return tree


# -- proteins ------------------------------------------------------------------------------------


@cache
def _texts() -> dict[str, bytes]:
    protein = example().take(range(24)).with_(name="fuzzed")
    return {
        "pdb": structure_text(protein, "pdb").encode(),
        "cif": structure_text(protein, "cif").encode(),
        "fasta": b">one|Chain A|masked 2-4\n" + SEQUENCE.encode() + b"\n>two\nMKTA/GGSG\n",
        "bcif": bcif_bytes(protein),
    }


def _read_back(path: Path) -> None:
    protein = read_protein(path)
    for format in ("cif", "pdb", "fasta"):
        try:
            structure_text(protein, format)
        except WorkbenchError:
            continue


def _protein_file(ending: str):
    def prepare(chance: random.Random, folder: Path) -> Callable[[], object]:
        path = folder / f"x.{ending}"
        data = _texts()[ending]
        if ending == "bcif" and chance.random() < 0.7:
            tree = msgpack.unpackb(data, raw=False)
            odd = with_odd_value(tree, chance)
            try:
                data = msgpack.packb(odd, use_bin_type=True)
            except OverflowError:
                data = mutated(data, chance)
        else:
            data = mutated(data, chance)
        path.write_bytes(data)
        return lambda: _read_back(path)

    return prepare


def _strange_coordinates(chance: random.Random) -> np.ndarray:
    coordinates = example().coordinates.copy()
    for _ in range(chance.randint(1, 6)):
        at, atom = chance.randrange(len(coordinates)), chance.randrange(37)
        value = chance.choice((np.nan, 9999.0, -9999.0, 1e6, 1e30, 3e38, 0.0))
        kind = chance.randrange(5)
        if kind == 0:
            coordinates[at, chance.choice((0, 1, 2, 4))] = value
        elif kind == 1:
            coordinates[at] = np.where(np.isfinite(coordinates[at]), value, np.nan)
        elif kind == 2:
            coordinates[at, atom, chance.randrange(3)] = value
        elif kind == 3:
            coordinates[:, chance.choice((0, 1, 2, 3))] = np.nan
        else:
            coordinates[at] = coordinates[chance.randrange(len(coordinates))]
    return coordinates


def _annotate(chance: random.Random, _: Path) -> Callable[[], object]:
    protein = example().with_(coordinates=_strange_coordinates(chance))
    return lambda: annotated(protein)


def _lint(chance: random.Random, _: Path) -> Callable[[], object]:
    protein = example().with_(coordinates=_strange_coordinates(chance))
    return lambda: [str(finding) for finding in lint(Prompt.from_protein(protein))]


# -- records, campaigns, checkpoints -------------------------------------------------------------


@cache
def _model():
    from workbench.model.model import Model, build_part

    return Model(TOY, *[given_weights(build_part(TOY, part), seed=5) for part in TOY.parts])


@cache
def _record() -> dict[str, bytes]:
    prompt = Prompt.from_protein(example().take(range(16))).mask("3-9", ["sequence", "structure"])
    session = Session(prompt, _model())
    session.edit(prompt.paint([4], "sequence", "W"), "W at 5")
    list(run := session.start(Recipe.parse("sequence:2,structure:1"), 3))
    session.keep(run)
    session.start(Recipe.parse("sequence:2"), 4).advance()
    target = Path(_place()) / "good.design"
    save(session, target)
    with zipfile.ZipFile(target) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@cache
def _place() -> str:
    import tempfile

    return tempfile.mkdtemp(prefix="esm3-fuzz-")


def _mutated_record(chance: random.Random, folder: Path) -> Callable[[], object]:
    contents = dict(_record())
    kind = chance.random()
    if kind < 0.6:
        document = with_odd_value(json.loads(contents["record.json"]), chance)
        contents["record.json"] = json.dumps(document).encode()
    elif kind < 0.9:
        name = chance.choice(list(contents))
        contents[name] = mutated(contents[name], chance)
    path = folder / "x.design"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in contents.items():
            packed.writestr(name, data)
    if kind >= 0.9:
        path.write_bytes(mutated(path.read_bytes(), chance))

    def read() -> None:
        session = open_record(path)
        session.table()
        save(session, folder / "again.design")

    return read


@cache
def _campaign() -> Path:
    folder = Path(_place()) / "campaign"
    prompt = Prompt.from_protein(example().take(range(16))).mask("3-9", "sequence")
    Campaign([(prompt, seed) for seed in range(3)], folder, "sequence:1", _model()).run()
    return folder


def _mutated_campaign(chance: random.Random, folder: Path) -> Callable[[], object]:
    import pyarrow as pa
    import pyarrow.parquet

    place = folder / "campaign"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(_campaign(), place)
    terms, part = place / "campaign.json", place / "designs" / "part-000001.parquet"
    kind = chance.random()
    if kind < 0.2:
        terms.write_text(json.dumps(with_odd_value(json.loads(terms.read_text()), chance)))
    elif kind < 0.3:
        terms.write_bytes(mutated(terms.read_bytes(), chance))
    elif kind < 0.6:
        part.write_bytes(mutated(part.read_bytes(), chance))
    else:
        rows = pa.parquet.read_table(part).to_pylist()
        row = chance.choice(rows)
        column = chance.choice(list(row))
        if column == "record" and row["record"]:
            row[column] = mutated(row["record"], chance)
        else:
            row[column] = chance.choice((None, "", "x", "é" * 99, -1, 1e30, "A\nB"))
        kept = [name for name in rows[0] if chance.random() > 0.005]
        try:
            schema = pa.parquet.read_schema(part)
            schema = pa.schema([schema.field(name) for name in kept])
            table = pa.Table.from_pylist(rows, schema=schema)
        except (pa.ArrowException, OverflowError):
            part.write_bytes(mutated(part.read_bytes(), chance))
        else:
            codec = chance.choice(("snappy", "snappy", "none", "zstd"))
            pa.parquet.write_table(table, part, compression=codec)

    def read() -> None:
        campaign = Campaign.open(place)
        str(campaign.progress), campaign.table(), campaign.designs()

    return read


@cache
def _checkpoint() -> Path:
    folder = Path(_place()) / "toy"
    save_model(_model(), folder)
    for table in (embedded_models()["esm3-nano"] / "data").iterdir():
        (folder / "data").mkdir(exist_ok=True)
        shutil.copyfile(table, folder / "data" / table.name)
    return folder


def _mutated_checkpoint(chance: random.Random, folder: Path) -> Callable[[], object]:
    place = folder / "model"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(_checkpoint(), place, copy_function=os.link)
    config, kind = place / "config.json", chance.random()
    if kind < 0.5:
        odd = with_odd_value(json.loads(config.read_text()), chance)
        _exchange(config, json.dumps(odd).encode())
    elif kind < 0.6:
        _exchange(config, mutated(config.read_bytes(), chance))
    elif kind < 0.8:
        tensors = chance.choice(sorted(place.glob("*.safetensors")))
        data = tensors.read_bytes()
        (size,) = struct.unpack("<Q", data[:8])
        header = json.dumps(with_odd_value(json.loads(data[8 : 8 + size]), chance)).encode()
        _exchange(tensors, struct.pack("<Q", len(header)) + header + data[8 + size :])
    else:
        chosen = chance.choice(sorted(path for path in place.rglob("*") if path.is_file()))
        _exchange(chosen, mutated(chosen.read_bytes(), chance))

    def read() -> None:
        model = load_model(place)
        if kind >= 0.8:
            model.function_vocabulary  # noqa: B018

    return read


def _exchange(path: Path, data: bytes) -> None:
    """Another file of this name; the one that was linked stays as it is."""
    path.unlink()
    path.write_bytes(data)


READERS = (
    *(Reader(ending, _protein_file(ending)) for ending in ("pdb", "cif", "bcif", "fasta")),
    Reader("record", _mutated_record),
    Reader("campaign", _mutated_campaign),
    Reader("checkpoint", _mutated_checkpoint),
    Reader("annotate", _annotate),
    Reader("lint", _lint),
)
