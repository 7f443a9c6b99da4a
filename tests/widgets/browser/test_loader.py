"""What is sent to the browser: whole, offline and as vendored."""

import hashlib
import json
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest
from node import node

from widgets.browser import loader
from widgets.palette import brushes, plddt_colors, rgb
from widgets.structure.scene import DrawnAtoms, build, pdb_text
from workbench.constants import SS8_CLASSES

ENTRIES = (
    "confidence/tabs.js", "designs/table.js", "files/header.js", "running/panel.js",
    "structure/view.js", "tracks/editor.js",
)  # fmt: skip


def test_the_vendored_3dmol_is_the_one_py3dmol_wants():
    manifest = json.loads((loader.VENDOR / "MANIFEST.json").read_text("utf-8"))
    assert manifest["version"] == version("py3Dmol")
    for name, digest in manifest["sha256"].items():
        data = (loader.VENDOR / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == digest


def written(folder: Path, **modules: str) -> Path:
    """These modules in this folder, ``a`` as ``a.js``."""
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text)
    return folder


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_widget_is_one_module_without_imports_and_with_one_default(entry):
    text = loader.linked(entry)
    assert not re.search(r"^\s*import\b", text, re.MULTILINE)
    assert text.count("export default") == 1


def test_modules_with_the_same_private_names_do_not_meet(tmp_path):
    folder = written(
        tmp_path,
        left="const SIDE = 1;\nexport function left() { return SIDE; }\n",
        right="const SIDE = 2;\nexport const right = () => SIDE;\n",
        both=(
            'import { left } from "./left.js";\nimport {\n  right as other,\n} from "./right.js";\n'
            "export const sides = [left(), other()];\n"
        ),
    )
    (folder / "run.mjs").write_text(
        loader.linked("both.js", folder) + "console.log(JSON.stringify(sides));"
    )
    assert json.loads(subprocess.check_output([node(), folder / "run.mjs"])) == [1, 2]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('import all from "./other.js";', "entry.js, line 1"),
        ('const one = 1;\nimport * as all from "./other.js";', "entry.js, line 2"),
        ('import "./other.js";', "entry.js, line 1"),
        ('import { right } from "https://else.where/other.js";', "entry.js, line 1"),
        ("export let changing = 1;", "export let changing"),
        ("const one = 1;\nexport { one };", "entry.js, line 2"),
        ('export * from "./other.js";', "entry.js, line 1"),
        ('import { left } from "./other.js";', "imports left, which other.js does not export"),
        ('import { one } from "./nowhere.js";', "nowhere.js, which is not there"),
        ('import { back } from "./circle.js";', "entry.js imports circle.js imports entry.js"),
    ],
)
def test_what_the_loader_cannot_read_is_refused_with_its_place(tmp_path, text, complaint):
    folder = written(
        tmp_path,
        entry=text,
        other="export const right = 1;",
        circle='import { entry } from "./entry.js";\nexport const back = 1;',
    )
    with pytest.raises(loader.LinkError, match=re.escape(complaint)):
        loader.linked("entry.js", folder)


OURS = sorted(
    path
    for path in loader.ROOMS.rglob("*")
    if path.suffix in {".js", ".css"} and loader.VENDOR not in path.parents
)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_no_file_of_ours_names_another_host(path):
    addresses = re.findall(r"https?://[^\s\"'`)]+", path.read_text("utf-8"))
    assert [address for address in addresses if not address.startswith("http://www.w3.org/")] == []


def test_the_scene_is_made_of_py3dmol_calls(small):
    view = build(small, DrawnAtoms.of(small), template=small)
    assert [name for name, _ in view.calls] == [
        "addModel", "setStyle", "addModel", "setStyle", "zoomTo",
    ]  # fmt: skip
    json.dumps(view.calls)


def test_the_viewer_gets_its_atoms_in_the_order_of_their_coordinates(small):
    atoms = DrawnAtoms.of(small)
    lines = [line for line in pdb_text(small, atoms).splitlines() if line.startswith("ATOM")]
    xyz = atoms.coordinates(small)
    assert len(lines) == len(xyz) == 80
    for line, place in zip(lines, xyz, strict=True):
        read = [float(line[at : at + 8]) for at in (30, 38, 46)]
        assert read == pytest.approx(place.tolist(), abs=1e-3)


def test_a_gap_in_the_chain_is_a_gap_in_the_viewers_numbers(small):
    broken = small.take([0, 1, 2, 12, 13])
    numbers = [
        int(line[22:26]) for line in pdb_text(broken, DrawnAtoms.of(broken)).splitlines()[:-1]
    ]
    assert sorted(set(numbers)) == [1, 2, 3, 5, 6]


def test_every_ss8_class_has_a_brush():
    assert {brush["value"] for brush in brushes()} == set(SS8_CLASSES)


def test_bands_begin_at_their_lower_edge():
    import numpy as np

    colors = plddt_colors(np.array([90.0, 89.9, 70.0, 50.0, 49.9, np.nan]))
    expected = ["#0053d6", "#65cbf3", "#65cbf3", "#ffdb13", "#ff7d45", "#b9bec4"]
    assert [tuple(color) for color in colors.tolist()] == [rgb(color) for color in expected]
