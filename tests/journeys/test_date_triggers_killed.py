"""The date triggers of a day, run by a process that is killed in the middle of it, and then by another one."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from apps.campaigns.operations.take_date_run import LEASE
from apps.facts.models import Firing
from apps.transactions.operations.advance_date_run import State, advance_date_run
from tests.campaigns.live import points, publish
from tests.journeys.storm.server import environment_here
from tests.merchant_api.triggers import member, points_of
from tests.shop import Shop
from tests.transactions.date_days import DAILY, on_day, row_of

ROOT = Path(__file__).parents[2]
CARDS = 120


def fired(shop: Shop) -> int:
    return Firing.objects.filter(brand=shop.brand).count()


@pytest.mark.parametrize("before", [10, 70])
def test_a_killed_run_is_finished_by_another_and_fires_nothing_twice(acme: Shop, before: int) -> None:
    publish(acme, on_day(DAILY, points(1)))
    cards = [member(acme) for _ in range(CARDS)]
    command = [sys.executable, "manage.py", "run_date_triggers", "--brand", acme.brand.code]
    worker = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment_here(), stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while fired(acme) < before and worker.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    assert before <= fired(acme) < CARDS
    today = datetime.now(UTC).date()
    assert row_of(acme, today).finished_at is None
    done = advance_date_run(brand_code=acme.brand.code, clock=lambda: datetime.now(UTC) + LEASE)
    assert done.state is State.DONE
    assert [points_of(acme, card) for card in cards] == [1] * CARDS
