"""When the pictures of a run are due."""

import pytest

from widgets.running import frame_rate
from widgets.running.frame_rate import CROWDED_PATIENCE, DRAWING_SECONDS, PATIENCE, FrameRate


@pytest.fixture(autouse=True)
def cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_rate.os, "cpu_count", lambda: 8)


def waits(pace: FrameRate, drawn: bool = True) -> float:
    """Seconds until the next picture, from time 0 on, to a hundredth."""
    return next(k / 100 for k in range(10_000) if pace.due(k / 100 + 1e-6, drawn))


def after(*seconds: float, on_processor: bool = True) -> FrameRate:
    """The frame_rate after pictures that took so long to make, the last one sent at time 0."""
    pace = FrameRate()
    for one in seconds:
        pace.picture(one, 0.0, on_processor)
    return pace


def test_a_run_shows_its_first_step_at_once_whatever_the_run_before_it_did():
    pace = FrameRate()
    assert pace.due(0.0, drawn=True)
    pace.picture(0.2, 0.0, on_processor=True)
    assert not pace.due(0.5, drawn=True)
    pace.begin()
    assert pace.due(0.5, drawn=True)


def test_pictures_take_a_tenth_of_the_time():
    assert waits(after(0.05, 0.05, 0.05)) == pytest.approx(0.05 * PATIENCE, abs=0.011)


@pytest.mark.parametrize(
    ("count", "on_processor", "patience"),
    [(2, True, CROWDED_PATIENCE), (2, False, PATIENCE), (8, True, PATIENCE)],
)
def test_they_take_less_where_browser_and_model_share_their_cores(
    count, on_processor, patience, monkeypatch
):
    monkeypatch.setattr(frame_rate.os, "cpu_count", lambda: count)
    pace = after(0.05, 0.05, 0.05, on_processor=on_processor)
    assert waits(pace) == pytest.approx(0.05 * patience, abs=0.011)


def test_a_picture_that_took_unusually_long_puts_off_none():
    assert (
        waits(after(0.5, 0.04, 0.04)) == waits(after(0.04, 0.5, 0.04)) == waits(after(0.04, 0.04))
    )
    assert waits(after(0.5)) == pytest.approx(0.5 * PATIENCE / 2, abs=0.011)


def test_a_browser_that_has_not_drawn_is_waited_for_but_not_for_ever():
    pace = after(0.05, 0.05, 0.05)
    assert waits(pace, drawn=False) == pytest.approx(waits(pace) + DRAWING_SECONDS, abs=0.011)
