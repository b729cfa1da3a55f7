"""`make run`: servers, migrations, demo brand, web server, Celery worker and beat, kept alive until Ctrl-C.

The supervisor itself does not load Django: it starts processes, watches them, and ends them.
"""

import contextlib
import fcntl
import json
import os
import shlex
import signal
import socket
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from clutch_portal import embedded
from clutch_portal.embedded import processes
from clutch_portal.embedded.errors import last_lines
from clutch_portal.embedded.places import CHECKOUT, Places
from clutch_portal.supervisor import Service, Supervisor

HOST = "127.0.0.1"
_MOST_WORKERS = 16  # times the threads of each this stays well below PostgreSQL's max_connections
_START_SECONDS = 90


class CannotRunError(Exception):
    """`make run` cannot go on; the message says why."""


class StopRequest:
    """Whether somebody asked us to stop, and whether they insist."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self.insisted = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # which nohup sets
            signal.signal(signal.SIGHUP, self._note)

    def wait(self, seconds: float) -> bool:
        """Sleep, but not past the request; says whether it has come."""
        return self._event.wait(seconds)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.insisted = self._event.is_set()
        self._event.set()


def main() -> int:
    """Run the product; returns the exit code."""
    if "MAKELEVEL" in os.environ:
        processes.die_with_parent(signal.SIGTERM)  # when make itself is killed, nobody else would tell us
    stop = StopRequest()
    try:
        port = _port()
        with _only_one(port), embedded.servers() as servers:
            _run(port, servers, stop)
    except (CannotRunError, embedded.EmbeddedError) as error:
        print(error, file=sys.stderr)
        return 1
    print("Stopped.")
    return 0


def _run(port: int, servers: embedded.Servers, stop: StopRequest) -> None:
    environment = os.environ | {
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "clutch_portal.settings",
        "PYTHONUNBUFFERED": "1",
    }
    if not _prepare(environment, stop):
        return
    supervisor = Supervisor(_services(port), environment)
    try:
        if _wait_for_answer(port, supervisor, stop):
            print(welcome(f"http://{HOST}:{port}", _demo()), flush=True)
        while not stop.wait(0.5):
            for name in servers.repair():
                print(f"{name} had ended and was started again.", file=sys.stderr)
            supervisor.tend()
            for log in Places().log.glob("*.log"):
                processes.keep_short(log)
        print("Stopping ...", flush=True)
    finally:
        supervisor.end(hurry=lambda: stop.insisted)


def _port() -> int:
    wish = os.environ.get("PORT") or "8000"
    if not wish.isdecimal() or not 0 < int(wish) < 65536:
        raise CannotRunError(f"PORT={wish} is no port number.")
    return int(wish)


@contextlib.contextmanager
def _only_one(port: int) -> Iterator[None]:
    """Hold var/run.lock, and make sure that the port is free."""
    places = Places()
    places.prepare()
    with (places.var / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise CannotRunError(f"This checkout runs already: {lock.read().strip()}") from None
        lock.seek(0)
        was_killed = bool(lock.read())
        _check_port(port, patience=10.0 if was_killed else 0.0)
        lock.truncate(0)
        lock.write(f"http://{HOST}:{port} (process {os.getpid()})\n")
        lock.flush()
        yield
        lock.truncate(0)


def _check_port(port: int, *, patience: float = 0.0) -> None:
    """Refuse a port that is taken; a web server whose supervisor was killed gets some seconds to leave it."""
    problem = ""

    def is_free() -> bool:
        nonlocal problem
        problem = _problem_with(port)
        return not problem

    if not processes.wait_until(is_free, patience):
        raise CannotRunError(f"Port {port} cannot be used ({problem}). Choose another one: make run PORT={port + 1}")


def _problem_with(port: int) -> str:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            return error.strerror or str(error)
    return ""


def _prepare(environment: dict[str, str], stop: StopRequest) -> bool:
    """Migrate, seed and collect in a process of its own; False when we were asked to stop meanwhile."""
    child = processes.start(
        [sys.executable, "-m", "clutch_portal.prepare"],
        log=None,
        environment=environment,
        parent_death_signal=signal.SIGTERM,
        working_folder=CHECKOUT,
    )
    while child.poll() is None:
        if stop.wait(0.05):
            child.terminate()
            child.wait()
            return False
    if child.returncode:
        raise CannotRunError("The installation could not be brought up to date; see above.")
    return True


def commands(port: int, *, beat_schedule: Path) -> dict[str, tuple[list[str], float]]:
    """Command line of each service, and the seconds that it gets to end. Tests run the product with these as well."""
    python = [sys.executable, "-m"]
    workers = os.environ.get("WEB_WORKERS") or str(min(_cores(), _MOST_WORKERS))
    celery = [*python, "celery", "--app", "clutch_portal", "--quiet"]
    return {
        "web": (
            [
                *[*python, "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)],
                *["--workers", workers, "--blocking-threads", os.environ.get("WEB_THREADS") or "4"],
                *["--backpressure", "256", "--no-ws", "--no-access-log"],
                *["--log-level", "warning", "--log-config", str(CHECKOUT / "clutch_portal" / "granian.json")],
                *["--respawn-failed-workers", "--respawn-interval", "0.1", "--workers-kill-timeout", "3"],
                "clutch_portal.web:application",
            ],
            5.0,
        ),
        "worker": (
            [
                *[*celery, "worker", "--pool", "threads"],
                *["--concurrency", os.environ.get("TASK_THREADS") or "2"],
                *["--without-gossip", "--without-mingle", "--without-heartbeat"],
            ],
            3.0,
        ),
        "beat": ([*celery, "beat", "--pidfile", "", "--schedule", str(beat_schedule)], 1.0),
    }


def _services(port: int) -> list[Service]:
    places = Places()
    (places.var / "celery").mkdir(exist_ok=True)
    return [
        Service(name=name, command=command, log=places.log / f"{name}.log", folder=CHECKOUT, grace=grace)
        for name, (command, grace) in commands(port, beat_schedule=places.var / "celery" / "beat").items()
    ]


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _wait_for_answer(port: int, supervisor: Supervisor, stop: StopRequest) -> bool:
    """Start the services and wait until the web server is healthy; False when we were asked to stop meanwhile."""
    for _ in range(_START_SECONDS * 10):
        supervisor.tend()
        web = supervisor.services[0]
        if web.failures:
            raise CannotRunError("The web server does not start; see above.")
        if _answers(port):
            return True
        if stop.wait(0.1):
            return False
    raise CannotRunError(f"The web server does not answer; the end of {web.log}:{last_lines(web.log)}")


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _demo() -> dict[str, Any]:
    try:
        return dict(json.loads((Places().var / "demo.json").read_text()))
    except (OSError, ValueError):
        return {}


def welcome(url: str, demo: dict[str, Any]) -> str:
    """What to open, who may log in, and a first call that works when pasted."""
    lines = [f"\n  Portal   {url}/"]
    for role, user in demo.get("users", {}).items():
        lines.append(f"  Login    {user.get('username')} / {user.get('password')}   ({role})")
    if demo.get("apiKey"):
        headers = [f"{name}: {demo[name]}" for name in ("brand", "location", "terminal") if demo.get(name)]
        call = ["curl", f"{url}/merchant/search", "-u", f"{demo['apiKey']}:{demo.get('apiSecret', '')}"]
        for header in headers:
            call += ["-H", header]
        lines.append(f"  Call     {shlex.join([*call, '-d', json.dumps({'filters': {}})])}")
    lines.append(f"  Logs     {Places().log}   Ctrl-C stops everything.\n")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
