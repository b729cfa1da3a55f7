"""So many calls per second, whoever makes them."""

import threading
import time

MADE_UP_FOR = 0.5
"""Seconds of a stall whose calls are made up for afterwards, so that small ones do not lower the rate."""


class Stopped(Exception):
    """The run is to end; nothing more is to be called."""


class Pace:
    """Hands out moments to call, `rate` in a second and evenly; 0: at once. `stop` ends every wait."""

    def __init__(self, *, rate: float, stop: threading.Event) -> None:
        self._gap = 1 / rate if rate else 0.0
        self._stop = stop
        self._lock = threading.Lock()
        self._next = time.monotonic()

    def wait(self) -> None:
        """Come back when it is this caller's turn; Stopped if the run ends before."""
        with self._lock:
            self._next = max(self._next, time.monotonic() - MADE_UP_FOR)
            turn = self._next
            self._next += self._gap
        self.rest(turn - time.monotonic())

    def rest(self, seconds: float) -> None:
        """Wait for a while; Stopped if the run ends before."""
        if self._stop.is_set() or (seconds > 0 and self._stop.wait(seconds)):
            raise Stopped
