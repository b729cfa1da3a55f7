"""A checkout of its own for each test, which the server's user can reach even when pytest's folders are closed."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from clutch_portal.embedded import Postgres, Redis
from clutch_portal.embedded.places import CHECKOUT, Places

HOLD = Path(__file__).with_name("hold.py")


@pytest.fixture
def checkout(monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    for name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"):
        monkeypatch.delenv(name, raising=False)
    folder = Path(tempfile.mkdtemp(prefix="clutch-embedded-", dir="/tmp"))
    folder.chmod(0o755)
    yield Places(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def one_postgres() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="clutch-embedded-", dir="/tmp"))
    folder.chmod(0o755)
    server = Postgres(
        folder / "postgres", folder / "sockets", log=folder / "postgres.log", fsync=False, with_parent=True
    )
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def postgres(one_postgres: Postgres) -> Postgres:
    """One server for all tests of a module, repaired after each."""
    one_postgres.start()
    return one_postgres


@pytest.fixture
def redis(checkout: Places) -> Iterator[Redis]:
    server = Redis(
        checkout.checkout / "redis",
        checkout.checkout / "redis-socket" / "redis.sock",
        log=checkout.checkout / "redis.log",
        with_parent=True,
    )
    server.start()
    yield server
    server.stop()


@pytest.fixture
def hold(checkout: Places) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Starts another process that uses the checkout's servers, or throwaway ones, until its input is closed."""
    with ExitStack() as stack:

        def start(kind: str) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [sys.executable, HOLD, kind, str(checkout.checkout)],
                env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.callback(process.communicate)
            return process

        yield start
