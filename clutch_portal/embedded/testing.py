"""A PostgreSQL and a Redis for one test run: in a fresh folder, fast rather than durable, gone afterwards.

They end with the process that started them, even when it is killed; the folder it leaves then is removed by the next
run.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clutch_portal.embedded import places
from clutch_portal.embedded.keyfile import new_keys
from clutch_portal.embedded.postgres import Postgres
from clutch_portal.embedded.redis import Redis

_PREFIX = "clutch-test-"


@dataclass(frozen=True)
class ThrowawayServers:
    """The two servers and the folder they live in."""

    folder: Path
    postgres: Postgres
    redis: Redis

    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to use these servers: URLs, and keys of their own."""
        return {
            "DATABASE_URL": self.postgres.dsn,
            "REDIS_URL": self.redis.url,
            "CELERY_BROKER_URL": self.redis.broker_url,
            **new_keys(),
        }

    def stop(self) -> None:
        """End both servers."""
        self.redis.stop()
        self.postgres.stop()


@contextlib.contextmanager
def test_servers(root: Path | None = None, *, fsync: bool = False) -> Iterator[ThrowawayServers]:
    """Start a pair of servers in a fresh folder below `root` (default: the system's folder for temporary files).

    A test that kills the server and counts what survived needs `fsync=True`.
    """
    above = _temporary(root)
    _remove_leftovers(above)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=above))
    places.own_folder(folder, passable=True)
    sockets = places.socket_folder(folder / "run")
    places.own_folder(sockets, passable=True)
    with _claimed(folder):
        running = ThrowawayServers(
            folder,
            Postgres(
                folder / "postgres",
                sockets / "postgres",
                log=folder / "postgres.log",
                fsync=fsync,
                with_parent=True,
            ),
            Redis(folder / "redis", sockets / "redis" / "redis.sock", log=folder / "redis.log", with_parent=True),
        )
        try:
            running.redis.start()
            running.postgres.start()
            yield running
        finally:
            running.stop()
            shutil.rmtree(sockets, ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)


test_servers.__test__ = False  # type: ignore[attr-defined]  # its name is no test's name


def _temporary(root: Path | None) -> Path:
    """The first folder that the server's user can reach."""
    wishes = [root, Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]  # noqa: S108 - mkdtemp below them
    return next(wish for wish in wishes if wish is not None and wish.is_dir() and places.reachable(wish))


def _remove_leftovers(above: Path) -> None:
    """Remove the folders of runs that were killed: nobody holds their lock any more."""
    for folder in above.glob(f"{_PREFIX}*"):
        # OSError: its run is alive, or has just removed it
        with contextlib.suppress(OSError):
            ours = not folder.is_symlink() and folder.stat().st_uid == os.geteuid()
            if ours and (folder / "lock").exists():
                _remove(folder)


def _remove(folder: Path) -> None:
    with _claimed(folder):
        shutil.rmtree(places.socket_folder(folder / "run"), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _claimed(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which says that its run is alive. Raises OSError when another process does."""
    with (folder / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
