"""A pytest plugin (`-p tests.servers`): the run has a PostgreSQL and a Redis of its own.

The servers must be there before Django's settings are read, which is why this is no fixture. Workers of a parallel run
find them in their environment; each makes its own database.
"""

import atexit
import os
import re
from contextlib import ExitStack

import pytest

MARK = "CLUTCH_TEST_SERVERS"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Start the servers. This hook runs as soon as the plugin is registered."""
    if MARK in os.environ:
        _take_own_redis_database()
        return
    from clutch_portal.embedded import test_servers

    stack = ExitStack()
    running = stack.enter_context(test_servers())
    os.environ.update(running.environment(), **{MARK: "running"})
    atexit.register(stack.close)


def _take_own_redis_database() -> None:
    """Workers have databases with the same ids in them: what they count in Redis must not be added up."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if worker.isdigit():
        os.environ["REDIS_URL"] = re.sub(r"db=\d+", f"db={int(worker) + 1}", os.environ["REDIS_URL"])
