"""The test run's own servers."""

import os

import pytest
from django.conf import settings


def test_parallel_workers_count_apart() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        pytest.skip("this run has one worker only")
    assert settings.REDIS_URL.endswith(f"db={int(worker.removeprefix('gw')) + 1}")
