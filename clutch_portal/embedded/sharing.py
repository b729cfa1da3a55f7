"""The servers of one checkout, shared by every process that needs them; the last one out stops them.

Each user holds a shared lock on var/users.lock for as long as it runs, which the kernel lifts however the process
ends. Starting and stopping happen one at a time under an exclusive lock on var/servers.lock.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from clutch_portal.embedded import places, postgres, redis
from clutch_portal.embedded.errors import EmbeddedError
from clutch_portal.embedded.keyfile import keys
from clutch_portal.embedded.locks import locked, open_lock
from clutch_portal.embedded.places import Places

LOCK = "servers.lock"


class Servers:
    """The servers that this installation runs itself: none, one or both."""

    def __init__(self, where: Places | None = None) -> None:
        self.places = where or Places()
        self.postgres: postgres.Postgres | None = None
        self.redis: redis.Redis | None = None

    def repair(self) -> list[str]:
        """Start again what died; says what that was."""
        repaired = []
        if self.redis is not None and self.redis.pid() is None:
            repaired.append("Redis")
        if self.postgres is not None and self.postgres.pid() is None:
            repaired.append("PostgreSQL")
        if repaired:
            with locked(self.places.var / LOCK):
                self.start()
        return repaired

    def start(self) -> None:
        """Start what is needed. The caller holds the lock."""
        where = self.places
        if _needs_redis():
            self.redis = self.redis or redis.Redis(
                where.var / "redis", _redis_socket(where), log=where.log / "redis.log"
            )
            self.redis.start()
        if _needs_postgres():
            self.postgres = self.postgres or postgres.Postgres(
                places.database_folder(where), _postgres_sockets(where), log=where.log / "postgres.log"
            )
            self.postgres.start()

    def stop(self) -> None:
        """Stop what was started. The caller holds the lock."""
        for server in (self.redis, self.postgres):
            if server is not None:
                server.stop()


@contextlib.contextmanager
def servers(where: Places | None = None) -> Iterator[Servers]:
    """Keep the embedded servers running while the block runs; nothing is done where the URLs name real ones."""
    running = Servers(where)
    if not (_needs_postgres() or _needs_redis()):
        yield running
        return
    var = running.places.var
    running.places.prepare()
    if _needs_postgres():
        keys(running.places)  # before a database is made that would hide their loss
    places.own_folder(running.places.sockets, passable=True)
    with open_lock(var / "users.lock") as users:
        try:
            with locked(var / LOCK):
                fcntl.flock(users, fcntl.LOCK_SH)
                running.start()
            yield running
        finally:
            with locked(var / LOCK):
                if _alone(users):
                    running.stop()


@contextlib.contextmanager
def unused(where: Places) -> Iterator[None]:
    """Keep the servers down while the block runs, even those that outlived their users; refuse while one is in use."""
    with locked(where.var / LOCK), open_lock(where.var / "users.lock") as users:
        if not _alone(users):
            raise EmbeddedError("The embedded servers are in use: stop `make run` and every manage.py command first.")
        redis.Redis(where.var / "redis", _redis_socket(where), log=where.log / "redis.log").stop()
        data = (where.var / "postgres").resolve()
        postgres.Postgres(data, _postgres_sockets(where), log=where.log / "postgres.log").stop()
        yield


def database_url() -> str:
    """DATABASE_URL, or where the embedded PostgreSQL listens."""
    return os.environ.get("DATABASE_URL") or postgres.dsn(_postgres_sockets(Places()))


def redis_url() -> str:
    """REDIS_URL, or where the embedded Redis listens."""
    return os.environ.get("REDIS_URL") or redis.url(_redis_socket(Places()))


def broker_url() -> str:
    """What Celery is to use: CELERY_BROKER_URL, else the same Redis as `redis_url`."""
    given = os.environ.get("CELERY_BROKER_URL") or os.environ.get("REDIS_URL")
    if given and given.startswith("unix://"):  # Celery has its own name for a Redis on a socket
        return "redis+socket://" + given.removeprefix("unix://").replace("?db=", "?virtual_host=")
    return given or redis.broker_url(_redis_socket(Places()))


def _postgres_sockets(where: Places) -> Path:
    return where.sockets / "postgres"


def _redis_socket(where: Places) -> Path:
    return where.sockets / "redis" / "redis.sock"


def _needs_postgres() -> bool:
    return not os.environ.get("DATABASE_URL")


def _needs_redis() -> bool:
    return not os.environ.get("REDIS_URL")


def _alone(users: IO[bytes]) -> bool:
    """Whether no other process holds the users' lock; gives up our own share either way."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        fcntl.flock(users, fcntl.LOCK_UN)
        return False
    fcntl.flock(users, fcntl.LOCK_UN)
    return True
