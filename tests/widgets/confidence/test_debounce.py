"""What is too slow to do at every change is done at once, and after the last of many."""

import threading

from widgets.confidence.debounce import Debounce

QUIET = 0.15


def test_the_first_of_many_calls_acts_at_once_and_the_last_when_no_more_come():
    calls, contexts, acted = [], [], threading.Event()

    def act():
        contexts.append(len(calls))
        acted.set()

    settle = Debounce(act, QUIET)
    for _ in range(5):
        calls.append("call")
        settle()
    assert contexts == [1]
    acted.clear()
    assert acted.wait(20 * QUIET)
    assert contexts == [1, 5]


def test_who_looks_meanwhile_has_it_done_and_it_is_not_done_again():
    seen = []
    settle = Debounce(lambda: seen.append(1), QUIET)
    settle()
    settle()
    settle.finish()
    assert len(seen) == 2
    settle.finish()
    threading.Event().wait(3 * QUIET)
    assert len(seen) == 2
