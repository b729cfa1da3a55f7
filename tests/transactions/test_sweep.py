"""The task that settles what nobody touches."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection

from apps.ledger.core.kinds import EntryKind
from apps.ledger.models import Entry
from apps.requestlog.models import Operation
from apps.transactions import tasks
from apps.transactions.tasks import sweep_due_value
from tests.ledger.corruption import unguarded, wipe
from tests.ledger.till import Till
from tests.shop import Shop, open_shop

HOUR = timedelta(hours=1)


@pytest.fixture
def yesterday() -> datetime:
    """A moment after which much fell due."""
    return datetime.now(UTC) - 24 * HOUR


def expiring_cards(shop: Shop, yesterday: datetime, count: int) -> list[Till]:
    """Cards with 10 that expired an hour later."""
    tills = [Till(shop, f"card-{number}") for number in range(count)]
    for till in tills:
        till.activate(yesterday)
        till.change(yesterday, "issue", 10, expires_at=yesterday + HOUR)
    return tills


def expired(shop: Shop) -> int:
    """How many entries of the brand are expiries."""
    return Entry.objects.filter(brand=shop.brand, kind=EntryKind.EXPIRE).count()


def test_the_sweep_settles_expiries_and_lapsed_holds(acme: Shop, yesterday: datetime) -> None:
    held = Till(open_shop("bakery", hold_lifetime=HOUR), "held")
    held.activate(yesterday)
    held.change(yesterday, "issue", 8)
    held.change(yesterday, "hold", 8)
    expiring_cards(acme, yesterday, 2)
    sweep_due_value()
    assert expired(acme) == 2
    assert [balance.hold_id for balance in held.balances(yesterday)] == [None]
    held.shop.assert_books_add_up()


def test_the_sweep_goes_on_until_nothing_is_due(
    acme: Shop, yesterday: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "BATCH", 2)
    expiring_cards(acme, yesterday, 5)
    sweep_due_value()
    assert expired(acme) == 5


def test_the_sweep_ends_in_time(acme: Shop, yesterday: datetime) -> None:
    expiring_cards(acme, yesterday, 1)
    sweep_due_value(seconds=0)
    assert expired(acme) == 0


def test_a_second_run_changes_nothing(acme: Shop, yesterday: datetime) -> None:
    expiring_cards(acme, yesterday, 2)
    sweep_due_value()
    operations = Operation.objects.filter(brand=acme.brand).count()
    sweep_due_value()
    assert Operation.objects.filter(brand=acme.brand).count() == operations


def test_two_workers_at_once_do_no_harm(acme: Shop, yesterday: datetime) -> None:
    expiring_cards(acme, yesterday, 20)
    with ThreadPoolExecutor(2) as workers:
        for done in [workers.submit(_sweep_and_leave) for _ in range(2)]:
            done.result()
    assert expired(acme) == 20


def _sweep_and_leave() -> None:
    try:
        sweep_due_value()
    finally:
        connection.close()


@pytest.fixture
def spoilt(yesterday: datetime) -> Iterator[Shop]:
    """A brand with three due wallets of which the first cannot be settled."""
    shop = open_shop("acme")
    try:
        till, *_ = expiring_cards(shop, yesterday, 3)
        with unguarded() as cursor:
            cursor.execute("UPDATE ledger_wallet SET last_seq = 0 WHERE id = %s", [till.wallet_id])
        yield shop
    finally:
        wipe(shop.brand.pk)


def test_one_wallet_that_cannot_be_settled_does_not_keep_the_others(spoilt: Shop) -> None:
    sweep_due_value()
    assert expired(spoilt) == 2


def test_value_of_a_brand_that_was_switched_off_expires_too(acme: Shop, yesterday: datetime) -> None:
    expiring_cards(acme, yesterday, 1)
    acme.brand.is_active = False
    acme.brand.save()
    sweep_due_value()
    assert expired(acme) == 1


def test_beat_knows_the_task_by_its_name() -> None:
    assert sweep_due_value.name in {each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()}
