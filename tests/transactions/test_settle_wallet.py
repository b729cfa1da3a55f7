"""The sweep of one wallet: what falls due is booked at its moment, whenever the sweep comes by."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import connection

from apps.ledger.core.kinds import EntryKind
from apps.ledger.models import Entry, Lot
from apps.ledger.queries.as_at import balances_as_at
from apps.requestlog.core.kinds import CallType, Origin
from apps.requestlog.models import Operation
from apps.transactions.operations.settle_wallet import Outcome, Settled
from tests.ledger.till import Till
from tests.shop import Shop, open_shop

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def shop() -> Iterator[Shop]:
    """A brand whose holds last two hours; its books are verified afterwards."""
    shop = open_shop("acme", hold_lifetime=2 * HOUR, timezone="America/New_York")
    yield shop
    shop.assert_books_add_up()


@pytest.fixture
def till(shop: Shop) -> Till:
    """A card with 10 that expire after four hours and 5 that never do."""
    till = Till(shop, "card")
    till.activate(START)
    till.change(START, "issue", 10, expires_at=START + 4 * HOUR)
    till.change(START, "issue", 5)
    return till


def entries(till: Till, *kinds: EntryKind) -> list[tuple[Any, ...]]:
    """Kind, amount and moment of the entries of some kinds."""
    rows = Entry.objects.filter(brand=till.shop.brand, wallet_id=till.wallet_id, kind__in=kinds).order_by("seq")
    return list(rows.values_list("kind", "amount", "occurred_at"))


def test_an_expiry_is_booked_at_its_moment(till: Till) -> None:
    assert till.settle(START + 50 * HOUR) == Settled(Outcome.SETTLED, expired=1)
    entry = Entry.objects.get(brand=till.shop.brand, wallet_id=till.wallet_id, kind=EntryKind.EXPIRE)
    assert (entry.amount, entry.balance_after) == (Decimal(-10), Decimal(5))
    assert (entry.occurred_at, entry.recorded_at) == (START + 4 * HOUR, START + 50 * HOUR)
    assert entry.booked_on == START.date()
    assert entry.location_id is None


def test_the_sweep_leaves_an_operation_of_its_own(till: Till) -> None:
    till.settle(START + 50 * HOUR)
    entry = Entry.objects.get(brand=till.shop.brand, wallet_id=till.wallet_id, kind=EntryKind.EXPIRE)
    operation = Operation.objects.get(brand=till.shop.brand, id=entry.operation_id)
    assert (operation.call_type, operation.origin) == (CallType.SWEEP, Origin.TASK)
    assert (operation.family_id, operation.occurred_at) == (till.wallet_id, START + 4 * HOUR)


def test_value_is_not_due_before_its_moment(till: Till) -> None:
    known = Operation.objects.filter(brand=till.shop.brand).count()
    assert till.settle(START + 4 * HOUR - timedelta(microseconds=1)) == Settled(Outcome.NOTHING_DUE)
    assert Operation.objects.filter(brand=till.shop.brand).count() == known
    assert till.settle(START + 4 * HOUR).outcome is Outcome.SETTLED


def test_a_second_sweep_finds_nothing(till: Till) -> None:
    till.settle(START + 50 * HOUR)
    known = Operation.objects.filter(brand=till.shop.brand).count()
    assert till.settle(START + 51 * HOUR) == Settled(Outcome.NOTHING_DUE)
    assert Operation.objects.filter(brand=till.shop.brand).count() == known


def test_a_lapsed_hold_is_released_and_expires_later(till: Till) -> None:
    till.change(START + HOUR, "hold", 3)
    assert till.settle(START + 50 * HOUR) == Settled(Outcome.SETTLED, expired=1, released=1)
    assert entries(till, EntryKind.RELEASE, EntryKind.EXPIRE) == [
        (EntryKind.RELEASE, Decimal(-3), START + 3 * HOUR),
        (EntryKind.RELEASE, Decimal(3), START + 3 * HOUR),
        (EntryKind.EXPIRE, Decimal(-10), START + 4 * HOUR),
    ]


def test_what_a_hold_kept_beyond_its_expiry_expires_at_once_when_released(till: Till) -> None:
    till.change(START + 3 * HOUR, "hold", 3)
    till.settle(START + 50 * HOUR)
    assert entries(till, EntryKind.RELEASE, EntryKind.EXPIRE) == [
        (EntryKind.EXPIRE, Decimal(-7), START + 4 * HOUR),
        (EntryKind.RELEASE, Decimal(-3), START + 5 * HOUR),
        (EntryKind.RELEASE, Decimal(3), START + 5 * HOUR),
        (EntryKind.EXPIRE, Decimal(-3), START + 5 * HOUR),
    ]


@pytest.mark.parametrize("hours", [1, 3, 4, 5, 50])
def test_the_sweep_changes_no_balance_that_a_client_sees(till: Till, hours: int) -> None:
    till.change(START + HOUR, "hold", 3)
    at = START + hours * HOUR
    before = till.balances(at)
    till.settle(at)
    assert till.balances(at) == before


def test_as_at_answers_do_not_depend_on_when_the_sweep_ran(shop: Shop) -> None:
    tills = [Till(shop, name) for name in ("every-hour", "once", "never")]
    for till in tills:
        till.activate(START)
        till.change(START, "issue", 10, expires_at=START + 4 * HOUR)
        till.change(START, "issue", 5, active_at=START + 2 * HOUR)
        till.change(START + HOUR, "hold", 3)
    for hour in range(1, 10):
        tills[0].settle(START + hour * HOUR)
    tills[1].settle(START + 9 * HOUR)
    for half_hours in range(24):
        at = START + half_hours * HOUR / 2
        answers = [_as_at(till, at) for till in tills]
        assert answers[0] == answers[1] == answers[2], at


def _as_at(till: Till, at: datetime) -> list[tuple[Decimal, bool]]:
    found = balances_as_at(brand_id=till.shop.brand.pk, wallet_id=till.wallet_id, at=at)
    return [(each.amount, each.hold_id is not None) for each in found]


def test_a_hold_that_is_used_up_leaves_no_empty_lot(till: Till) -> None:
    hold = till.change(START + HOUR, "hold", 15)
    till.change(START + HOUR, "redeem", 15, hold_id=str(hold), release_rest=True)
    lots = Lot.objects.filter(brand=till.shop.brand, wallet_id=till.wallet_id)
    moved = Entry.objects.filter(brand=till.shop.brand, wallet_id=till.wallet_id).values_list("lot_no", flat=True)
    assert set(lots.values_list("no", flat=True)) == set(moved)


def test_value_expires_at_no_location_whoever_settles_it(till: Till) -> None:
    till.change(START + 5 * HOUR, "redeem", 1)
    expiry = Entry.objects.get(brand=till.shop.brand, wallet_id=till.wallet_id, kind=EntryKind.EXPIRE)
    assert expiry.location_id is None


def test_a_family_that_somebody_else_has_locked_is_left_to_the_next_run(till: Till) -> None:
    with _locked(till):
        assert till.settle(START + 50 * HOUR) == Settled(Outcome.BUSY)
    assert entries(till, EntryKind.EXPIRE) == []
    assert till.settle(START + 50 * HOUR).outcome is Outcome.SETTLED


@contextmanager
def _locked(till: Till) -> Iterator[None]:
    """Somebody else is at work on the card."""
    with psycopg.connect(**_parameters()) as other:
        other.execute(
            "SELECT FROM ledger_wallet WHERE brand_id = %s AND id = %s FOR NO KEY UPDATE",
            [till.shop.brand.pk, till.wallet_id],
        )
        yield
        other.rollback()


def _parameters() -> dict[str, Any]:
    given = connection.get_connection_params()
    return {name: given[name] for name in ("dbname", "user", "password", "host", "port") if name in given}
