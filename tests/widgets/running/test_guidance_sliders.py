"""The sliders by which a person makes the model follow the prompt more closely."""

import pytest

from widgets import Bench

PATIENCE = 120


@pytest.fixture
def bench(prompt, model) -> Bench:
    bench = Bench(prompt, model=model)
    masked = bench.prompt.mask(slice(4, 16), ["sequence", "structure"])
    bench.prompt = masked.paint("11-20", "ss8", "E")
    say(bench, type="settings", changes={"recipe": "sequence:4"})
    return bench


def say(bench: Bench, **message: object) -> None:
    bench._panel.comm.say(message)


def slide(bench: Bench, name: str, weight: float) -> None:
    say(bench, type="guide", name=name, weight=weight)


def weights(bench: Bench) -> dict[str, float]:
    return {name: weight for name, _, weight in bench._panel.guidance}


def test_there_is_a_slider_for_everything_that_the_prompt_gives(bench):
    assert weights(bench) == {"sequence": 0.0, "structure": 0.0, "ss8": 0.0}
    bench.prompt = bench.prompt.annotate("kinase", "12-20").mask(slice(None), "ss8")
    assert weights(bench) == {"sequence": 0.0, "structure": 0.0, "function": 0.0, "kinase": 0.0}


def test_a_slider_steers_the_next_run_and_the_code_says_so(bench):
    slide(bench, "ss8", 2.5)
    assert weights(bench)["ss8"] == 2.5
    assert str(bench.settings.plan()) == "sequence:4(guide=ss8:2.5)"
    assert "guide" in bench.code()
    slide(bench, "structure", 1)
    assert bench.settings.weights == {"ss8": 2.5, "structure": 1.0}
    slide(bench, "ss8", 0)
    slide(bench, "structure", 0)
    assert str(bench.settings.plan()) == "sequence:4"


def test_a_stage_s_own_guidance_goes_first(bench):
    say(bench, type="settings", changes={"recipe": "sequence:4(guide=structure:1),ss8:2"})
    slide(bench, "ss8", 3)
    assert str(bench.settings.plan()) == "sequence:4(guide=structure:1),ss8:2(guide=ss8:3)"


def test_a_weight_out_of_range_is_said_and_changes_nothing(bench):
    slide(bench, "ss8", 2)
    slide(bench, "ss8", 1e6)
    assert "guidance weight of ss8 is 1000000.0" in bench._panel.error
    assert bench.settings.weights == {"ss8": 2.0}


def test_more_guidance_makes_another_design(bench):
    def design(weight: float) -> str:
        slide(bench, "ss8", weight)
        assert bench.run().wait(PATIENCE)
        return bench.session.designs[-1].protein.sequence

    assert design(0) != design(5)
    assert design(0) == bench.session.designs[0].protein.sequence
