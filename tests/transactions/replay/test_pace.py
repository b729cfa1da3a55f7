"""The pace of a replay."""

import threading
import time

import pytest

from apps.transactions.replay.pace import Pace, Stopped


def test_calls_are_spread_evenly_over_all_threads() -> None:
    pace = Pace(rate=200, stop=threading.Event())
    began = time.monotonic()

    def call_often() -> None:
        for _ in range(20):
            pace.wait()

    threads = [threading.Thread(target=call_often) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began >= 58 / 200


def test_without_a_rate_nobody_waits() -> None:
    pace = Pace(rate=0, stop=threading.Event())
    began = time.monotonic()
    for _ in range(1000):
        pace.wait()
    assert time.monotonic() - began < 1


def test_stop_ends_a_wait() -> None:
    stop = threading.Event()
    pace = Pace(rate=0.01, stop=stop)
    pace.wait()
    threading.Timer(0.05, stop.set).start()
    with pytest.raises(Stopped):
        pace.wait()
