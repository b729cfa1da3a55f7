"""The web server as `make run` starts it, on a port of its own, with the measured database behind it."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from clutch_portal import run
from clutch_portal.embedded import processes
from clutch_portal.embedded.places import Places

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Web:
    """A web server that answers on `port`; `pid` is its master process."""

    port: int
    pid: int


@contextlib.contextmanager
def web_server(
    environment: Mapping[str, str], log: Path, *, application: str | None = None, answers: str = "/healthz"
) -> Iterator["Web"]:
    """Serve until the block ends. `application` replaces the product's own WSGI application."""
    Places().prepare()
    port = free_port()
    web = next(service for service in run._services(port) if service.name == "web")
    command = [*web.command[:-1], application or web.command[-1]]
    process = processes.start(
        command,
        log=log,
        environment={**os.environ, **environment, "PORT": str(port)},
        parent_death_signal=signal.SIGTERM,
        working_folder=ROOT,
    )
    try:
        _wait(port, process, log, answers)
        yield Web(port, process.pid)
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes], log: Path, path: str) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the web server does not answer; the end of its log:\n{log.read_text()[-3000:]}")
