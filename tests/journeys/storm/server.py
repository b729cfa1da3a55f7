"""The product as `make run` runs it, on a free port, against servers of a test: web server, Celery worker.

The processes end with the thread that started them, so that has to be one that stays: a test's main thread.
"""

import os
import signal
import socket
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import environ
from django.core.management import call_command
from django.db import connection, connections

from clutch_portal.embedded import ThrowawayServers, processes, test_servers
from clutch_portal.embedded.errors import last_lines
from clutch_portal.embedded.places import CHECKOUT
from clutch_portal.run import commands
from clutch_portal.supervisor import Service
from tests.journeys.storm.till import Place, Till
from tests.shop import Shop

START_SECONDS = 60.0
WORKERS, THREADS = 2, 4
"""Web workers, whatever the machine has, so that all tests together stay below max_connections; threads of each."""
_WHERE = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


@dataclass(slots=True)
class Product:
    """The running web server, and a Celery worker where one was started."""

    port: int
    web: Service
    worker: Service
    environment: dict[str, str]

    def place(self, shop: Shop, *, key: str | None = None, secret: str | None = None) -> Place:
        """The first terminal of a shop."""
        return Place.of(
            port=self.port,
            key=key or shop.key,
            secret=secret or shop.secret,
            brand=shop.brand.code,
            location=shop.location.code,
            terminal=shop.terminal.code,
        )

    def till(self, shop: Shop) -> Till:
        """A till at the first terminal of a shop."""
        return Till(self.place(shop))

    def start_web(self) -> None:
        """Start the web server and wait until it answers."""
        self.web.start(self.environment)
        if not processes.wait_until(lambda: self.answers() or not self.web.alive(), START_SECONDS):
            raise AssertionError(f"the web server does not answer:{last_lines(self.web.log, 30)}")
        assert self.web.alive(), last_lines(self.web.log, 30)

    def start_worker(self) -> None:
        """Start the Celery worker and wait until it takes tasks."""
        already = self.worker.log.stat().st_size if self.worker.log.exists() else 0
        self.worker.start(self.environment | {"LOG_LEVEL": "INFO"})  # it tells that it is ready

        def is_ready() -> bool:
            with self.worker.log.open("rb") as log:
                log.seek(already)
                return b" ready." in log.read()

        assert processes.wait_until(is_ready, START_SECONDS), last_lines(self.worker.log, 30)

    def answers(self) -> bool:
        """Whether the web server is healthy."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def web_workers(self) -> list[int]:
        """The processes that carry calls out: the children of the web server's first process."""
        assert self.web.process is not None
        return [pid for pid in _children(self.web.process.pid) if "resource_tracker" not in _command(pid)]

    def kill(self, service: Service) -> None:
        """kill -9 of a service and all that it started."""
        service.signal_group(signal.SIGKILL)
        assert service.process is not None
        service.process.wait()
        service.process = None

    def stop(self) -> None:
        """End everything."""
        for service in (self.worker, self.web):
            service.end(hurry=lambda: False)


@contextmanager
def product(
    environment: Mapping[str, str], folder: Path, *, worker: bool = False, threads: int = THREADS
) -> Iterator[Product]:
    """The product on a free port while the block runs; logs in `folder`. `threads`: per web worker."""
    port = _free_port()
    own = {
        **os.environ,
        **environment,
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "clutch_portal.settings",
        "PYTHONUNBUFFERED": "1",
        "LOG_LEVEL": "WARNING",
    }
    lines = commands(port, beat_schedule=folder / "beat")
    web = lines["web"][0]
    web[web.index("--workers") + 1] = str(WORKERS)
    web[web.index("--blocking-threads") + 1] = str(threads)
    running = Product(port, _service("web", lines["web"], folder), _service("worker", lines["worker"], folder), own)
    try:
        running.start_web()
        if worker:
            running.start_worker()
        yield running
    finally:
        running.stop()


@contextmanager
def own_servers() -> Iterator[ThrowawayServers]:
    """A durable PostgreSQL and a Redis of one's own, migrated, to be killed; Django's own connection goes there too.

    The installation keys stay those of the test run.
    """
    with test_servers(fsync=True) as servers, _moved_to(servers.postgres.dsn):
        with connection.cursor() as cursor:
            cursor.execute("SET idle_in_transaction_session_timeout = 0")  # as manage.py has it
        call_command("migrate", interactive=False, verbosity=0)
        connection.close()
        yield servers


def environment_of(servers: ThrowawayServers) -> dict[str, str]:
    """What the product needs to use these servers with the installation keys of this process."""
    own_keys = {"DJANGO_SECRET_KEY", "API_PEPPER", "PIN_KEYS"}
    return {name: value for name, value in servers.environment().items() if name not in own_keys}


def environment_here() -> dict[str, str]:
    """What the product needs to use the database of this test process."""
    url = urlsplit(os.environ["DATABASE_URL"])
    return {"DATABASE_URL": urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))}


@contextmanager
def folder_for_logs() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="clutch-storm-") as name:
        yield Path(name)


@contextmanager
def _moved_to(url: str) -> Iterator[None]:
    """Let this process's default connection, in all of its threads, lead to another database."""
    here, there = connection.settings_dict, environ.Env.db_url_config(url)
    home = {name: here[name] for name in _WHERE}
    connections.close_all()
    here.update({name: there[name] for name in _WHERE} | {"OPTIONS": here["OPTIONS"] | there["OPTIONS"]})
    try:
        yield
    finally:
        connections.close_all()
        here.update(home)


def _service(name: str, line: tuple[list[str], float], folder: Path) -> Service:
    command, grace = line
    return Service(name=name, command=command, log=folder / f"{name}.log", folder=CHECKOUT, grace=grace)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            stat = (entry / "stat").read_text() if entry.name.isdigit() else ""
        except OSError:
            continue
        if stat and int(stat.rpartition(")")[2].split()[1]) == parent and processes.command_line(int(entry.name)):
            found.append(int(entry.name))
    return found


def _command(pid: int) -> str:
    return processes.command_line(pid) or ""


def wait_for_worker(running: Product, gone: int) -> None:
    """Wait until a killed web worker has a successor that answers."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if gone not in running.web_workers() and running.answers():
            return
        time.sleep(0.05)
    raise AssertionError(f"no successor of the killed web worker:{last_lines(running.web.log, 30)}")
