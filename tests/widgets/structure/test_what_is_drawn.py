"""What is drawn beside the ribbon: hydrogen bonds, chains, a surface; and where it is seen from."""

import numpy as np
import pytest
from ideal_chains import wound_helix

from widgets import Bench, palette
from workbench import Protein, example, hydrogen_bonds
from workbench.annotate import compute_sasa, compute_ss8
from workbench.constants import ATOM37
from workbench.prompt import Prompt

CAMERA = [1.0, 2.0, 3.0, -90.0, 0.0, 0.6, 0.0, 0.8]


@pytest.fixture
def bench(prompt, model) -> Bench:
    return Bench(prompt, model)


def drawn(bench: Bench) -> list[tuple[tuple[int, str], ...]]:
    """Residue and atom of both ends of each bond that the browser is sent."""
    view = bench.structure
    owner = view.scene["owner"]
    atoms = view._atoms
    pairs = np.frombuffer(view.bonded, np.float32).astype(int).reshape(-1, 2)
    return [tuple((owner[k], ATOM37[atoms.column[k]]) for k in pair) for pair in pairs]


def test_hydrogen_bonds_are_sent_while_they_are_drawn_as_code_finds_them(bench):
    assert drawn(bench) == []
    bench.structure.comm.say({"type": "bonds", "on": True})
    expected = [
        ((bond.donor, bond.donor_atom), (bond.acceptor, bond.acceptor_atom))
        for bond in hydrogen_bonds(bench.prompt.template)
    ]
    assert drawn(bench) == expected != []
    bench.structure.comm.say({"type": "bonds", "on": False})
    assert drawn(bench) == []


def test_what_a_person_turned_the_structure_to_is_saved_and_opened(bench, tmp_path):
    bench.structure.comm.say({"type": "camera", "view": CAMERA})
    assert Bench(bench.save(tmp_path / "x.design")).structure.camera == CAMERA
    bench.prompt = bench.prompt.mask("15")
    assert bench.session.camera == tuple(CAMERA)
    bench.structure.comm.say({"type": "camera", "view": [float("nan")] * 8})
    assert "a camera is 8 numbers" in bench._state.error
    bench.open("MKTAYIAK")
    assert bench.session.camera == ()


def test_chains_are_hidden_by_name_and_a_surface_has_an_opacity(model):
    chains = np.array(["A"] * 10 + ["B"] * 10)
    two = Protein("A" * 20, coordinates=wound_helix(20), chain_id=chains, name="two")
    bench = Bench(Prompt.from_protein(two), model)
    view = bench.structure
    assert view.chains == ["A", "B"]
    view.comm.say({"type": "hidden", "chains": ["B", "Q"]})
    assert view.hidden == ["B"]
    view.comm.say({"type": "surface", "opacity": 0.4})
    view.comm.say({"type": "surface", "opacity": 4})
    assert view.surface == 0.4
    assert "give a number from 0 to 1" in bench._state.error
    bench.open("MKTAYIAK")
    assert view.hidden == []


def test_a_result_is_drawn_as_it_folded_and_not_as_it_was_painted(model):
    """SS8 painted on every residue is the design's own by name alone."""
    whole = example()
    prompt = Prompt.from_protein(whole).mask("5-9", "sequence").paint(slice(None), "ss8", "H")
    bench = Bench(prompt.paint(slice(None), "sasa", 0.0), model)
    bench.run("sequence:1").wait(60)
    folded = bench.session.designs[0].protein
    assert folded.ss8 == "H" * len(whole)
    helix = "".join("h" if letter in "HGI" else "-" for letter in compute_ss8(folded))
    assert bench.structure.ribbon.replace("s", "-").replace("c", "-") == helix != "h" * len(whole)
    bench.structure.color_by("sasa")
    areas = compute_sasa(folded) / palette.AREA_TOP
    assert bench.structure.colors == palette.scale_colors(areas).tobytes()
