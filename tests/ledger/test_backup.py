"""Backup and restore as docs/operations.md says: into another cluster, with every balance right afterwards."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from apps.checkouts.core.payments import PaymentInput
from clutch_portal.embedded import programs, test_servers
from tests.ledger.till import Till, paid_from_card
from tests.shop import Shop

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OWED = "SELECT sum(amount) FROM ledger_entry WHERE brand_id = %s"


@pytest.fixture
def till(acme: Shop) -> Till:
    """A card on which value was issued, held, spent, voided and has expired."""
    till = Till(acme, "card")
    till.activate(START)
    till.change(START, "issue", 100)
    till.change(START, "issue", 7, expires_at=START + HOUR)
    till.change(START + HOUR, "hold", 30)
    redeemed = till.change(START + HOUR, "redeem", 6)
    till.buy(START + 2 * HOUR, 50, [paid_from_card(20), PaymentInput(reference=str(redeemed))])
    till.void(START + 3 * HOUR, till.change(START + 3 * HOUR, "redeem", 1))
    return till


@pytest.fixture
def restored(till: Till, tmp_path: Path) -> Iterator[str]:
    """The URL of a new cluster into which a dump of this database was restored."""
    dump = tmp_path / "clutch.dump"
    given = connection.get_connection_params()
    reach = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    where = {name: str(given[key]) for key, name in reach.items() if given.get(key)}
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={dump}", given["dbname"]], **where)
    with test_servers() as fresh:
        url = fresh.postgres.dsn
        _run(["pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", f"--dbname={url}", str(dump)])
        yield url


def test_a_restored_backup_verifies_and_goes_on(till: Till, restored: str) -> None:
    code = till.shop.brand.code
    assert _owed(restored, till) == Decimal(74)
    assert "checks passed" in _manage(restored, "verify_ledger", "--brand", code)
    _manage(restored, "migrate", "--check")
    # new wallets follow the old ones: the sequences came along
    demo = ["--demo", "--location", till.shop.location.code]
    _manage(restored, "generate_cards", "--brand", code, "--card-set", till.shop.gift_set.code, "--count", "3", *demo)
    assert f"{code}: 4 wallets done" in _manage(restored, "verify_ledger", "--brand", code)
    with psycopg.connect(restored) as copy, pytest.raises(psycopg.errors.RestrictViolation):
        copy.execute("UPDATE ledger_entry SET amount = 1 WHERE brand_id = %s", [till.shop.brand.pk])


def _owed(url: str, till: Till) -> Decimal:
    with psycopg.connect(url) as copy:
        row: tuple[Any, ...] | None = copy.execute(OWED, [till.shop.brand.pk]).fetchone()
    assert row is not None
    return Decimal(row[0])


def _manage(url: str, *arguments: str) -> str:
    return _run([sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments], DATABASE_URL=url)


def _run(command: list[str], **environment: str) -> str:
    """Run a program, one of PostgreSQL's by its name; returns what it printed."""
    program = str(programs() / command[0]) if "/" not in command[0] else command[0]
    done = subprocess.run(
        [program, *command[1:]], env=os.environ | environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout
