"""When the pictures of a run are due."""

import pytest

from widgets.running.frame_rate import CROWDED_PATIENCE, DRAWING_SECONDS, PATIENCE, FrameRate


def waits(frame_rate: FrameRate, drawn: bool = True) -> float:
    """Seconds until the next picture, from time 0 on, to a hundredth."""
    return next(k / 100 for k in range(10_000) if frame_rate.due(k / 100 + 1e-6, drawn))


def after(*seconds: float, on_processor: bool = True, cores: int = 8) -> FrameRate:
    """The frame rate after pictures that took so long to make, the last one sent at time 0."""
    frame_rate = FrameRate(cores)
    for duration in seconds:
        frame_rate.picture(duration, 0.0, on_processor, folds=False)
    return frame_rate


def test_a_run_shows_its_first_step_at_once_whatever_the_run_before_it_did():
    frame_rate = FrameRate()
    assert frame_rate.due(0.0, drawn=True)
    frame_rate.picture(0.2, 0.0, on_processor=True, folds=False)
    assert not frame_rate.due(0.5, drawn=True)
    frame_rate.begin(0.5)
    assert frame_rate.due(0.5, drawn=True)


@pytest.mark.parametrize("cores", [2, 8])
def test_pictures_of_every_kind_take_a_tenth_of_a_run_at_most(cores):
    """A structure that takes as long as ten steps is folded anew but rarely."""
    frame_rate, spent, run = FrameRate(cores), 0.0, 60.0
    for folds in (True, False):
        frame_rate.picture(0.5 if folds else 0.01, 0.0, on_processor=True, folds=folds)
    frame_rate.begin(now := 0.0)
    folded = 0
    while now < run:
        took = 0.07
        if frame_rate.due(now, drawn=True):
            folds = frame_rate.folds(now)
            folded += folds
            making = 0.5 if folds else 0.01
            took, spent = took + making, spent + making
            frame_rate.picture(making, now + making, on_processor=True, folds=folds)
        now += took
    assert folded >= 3
    assert spent < 0.1 * (run - spent)


def test_pictures_take_a_twentieth_of_the_time():
    assert waits(after(0.05, 0.05, 0.05)) == pytest.approx(0.05 * PATIENCE, abs=0.011)


@pytest.mark.parametrize(
    ("cores", "on_processor", "patience"),
    [(2, True, CROWDED_PATIENCE), (2, False, PATIENCE), (8, True, PATIENCE)],
)
def test_they_take_less_where_browser_and_model_share_their_cores(cores, on_processor, patience):
    frame_rate = after(0.05, 0.05, 0.05, on_processor=on_processor, cores=cores)
    assert waits(frame_rate) == pytest.approx(0.05 * patience, abs=0.011)


def test_a_picture_that_took_unusually_long_puts_off_none():
    assert (
        waits(after(0.5, 0.04, 0.04)) == waits(after(0.04, 0.5, 0.04)) == waits(after(0.04, 0.04))
    )
    assert waits(after(0.5)) == pytest.approx(0.5 * PATIENCE / 2, abs=0.011)


def test_a_browser_that_has_not_drawn_is_waited_for_but_not_for_ever():
    frame_rate = after(0.05, 0.05, 0.05)
    assert waits(frame_rate, drawn=False) == pytest.approx(
        waits(frame_rate) + DRAWING_SECONDS, abs=0.011
    )
