"""Keeps a handful of processes alive and ends them in order."""

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from clutch_portal.embedded.errors import last_lines, say
from clutch_portal.embedded.processes import start, wait_until

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_STEADY_SECONDS = 30.0
_TROUBLE = re.compile(r"^[\w.]+(Error|Exception)\b|\b(ERROR|CRITICAL)\b|\"level\": ?\"(error|critical)\"")
_SHOWN_AT_ONCE = 5


@dataclass
class Service:
    """One child process, the leader of a process group, with its log file."""

    name: str
    command: Sequence[str]
    log: Path
    folder: Path
    grace: float
    """Seconds between the request to end and the end by force."""
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    _due: float = 0.0
    _started: float = 0.0
    _read_up_to: int = field(default=0, repr=False)

    def start(self, environment: dict[str, str]) -> None:
        """Start the process; the kernel ends it when the supervisor is killed."""
        self.process = start(
            self.command,
            log=self.log,
            environment=environment,
            parent_death_signal=signal.SIGTERM,
            working_folder=self.folder,
        )
        self._started = time.monotonic()
        self._read_up_to = self._read_up_to or self._log_size()

    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def bury(self, now: float) -> None:
        """After an unexpected end: remove what is left of the group, and set the time of the next start."""
        assert self.process is not None
        self.signal_group(signal.SIGKILL)
        self.failures = 1 if now - self._started > _STEADY_SECONDS else self.failures + 1
        pause = min(_FIRST_PAUSE * 2 ** (self.failures - 1), _LONGEST_PAUSE)
        self._due = now + pause
        say(f"{self.name} ended and will be started again: {self._how()}")
        self.process = None

    def _how(self) -> str:
        code = self.process.returncode if self.process is not None else 0
        if code < 0:
            return f"killed by {signal.Signals(-code).name}"
        return f"exit code {code}, the end of {self.log}:{last_lines(self.log)}"

    def is_due(self, now: float) -> bool:
        """Whether it is down and its pause is over."""
        return self.process is None and now >= self._due

    def ask_to_end(self) -> None:
        """SIGTERM to the process alone: it ends its own children in its own way."""
        if self.alive() and self.process is not None:
            self.process.send_signal(signal.SIGTERM)

    def end(self, hurry: Callable[[], bool]) -> None:
        """Ask the process to end and wait its grace, unless in a hurry; then end the whole group by force."""
        self.ask_to_end()
        wait_until(lambda: not self.alive() or hurry(), self.grace)
        self.signal_group(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def signal_group(self, wanted: signal.Signals) -> None:
        """Send a signal to the process and everything it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, wanted)

    def show_trouble(self) -> None:
        """Repeat new lines of the log that tell of errors."""
        size = self._log_size()
        if size < self._read_up_to:  # it was begun anew, or somebody has taken it away
            self._read_up_to = 0
        if size == self._read_up_to:
            return
        with contextlib.suppress(FileNotFoundError), self.log.open("rb") as log:
            log.seek(self._read_up_to)
            self._show(log.read(1_000_000).decode(errors="replace").splitlines())
            self._read_up_to = log.tell()

    def _log_size(self) -> int:
        try:
            return self.log.stat().st_size
        except FileNotFoundError:
            return 0

    def _show(self, lines: Sequence[str]) -> None:
        troubles = list(dict.fromkeys(line for line in lines if _TROUBLE.search(line)))
        for line in troubles[:_SHOWN_AT_ONCE]:
            say(f"{self.name}: {line[:500]}")
        if len(troubles) > _SHOWN_AT_ONCE:
            say(f"{self.name}: {len(troubles) - _SHOWN_AT_ONCE} more in {self.log}")


class Supervisor:
    """The services in the order in which they are to end."""

    def __init__(self, services: Sequence[Service], environment: dict[str, str]) -> None:
        self.services = services
        self.environment = environment

    def tend(self) -> None:
        """Start what is down and due, bury what has died, show what went wrong. To be called once in a while."""
        now = time.monotonic()
        for service in self.services:
            if service.process is not None and not service.alive():
                service.bury(now)
            if service.is_due(now):
                service.start(self.environment)
            service.show_trouble()

    def end(self, hurry: Callable[[], bool]) -> None:
        """End one after the other."""
        for service in self.services:
            service.end(hurry)
