"""How a locking setup ends without being completed: lapsed and tidied up, or released by support."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import connection

from apps.cards.models import Card
from apps.cards.queries.locks import lock_families
from apps.checkouts.models import Setup
from apps.kernel.db.hot import hot_cursor
from apps.ledger.models import Lot
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import Origin
from apps.requestlog.models import Operation
from apps.transactions.checkouts.ends import NotLocked
from apps.transactions.operations.end_lapsed_setup import end_lapsed_setup
from apps.transactions.operations.release_checkout_lock import release_checkout_lock
from apps.transactions.tasks import end_lapsed_setups
from tests.merchant_api.steady import refused, state
from tests.shop import Shop, usd
from tests.transactions.locks import lock


@pytest.fixture
def card(acme: Shop) -> str:
    card = acme.card()
    acme.issue(card, 100)
    return card


def long_ago(shop: Shop) -> Call:
    """The call of a setup whose lock of 30 seconds is over."""
    past = datetime.now(UTC) - timedelta(seconds=60)
    return shop.call(now=past, moment=past)


def release(shop: Shop, card: str, setup: UUID) -> None:
    call = shop.call(origin=Origin.PORTAL, location_id=None, terminal_id=None)
    release_checkout_lock(call=call, configuration=shop.configuration, card_number=card, setup_id=setup)


def setup_row(shop: Shop, setup: UUID) -> Setup:
    return Setup.objects.get(brand=shop.brand, operation_id=setup)


def lock_of(shop: Shop, card: str) -> tuple[object, ...]:
    row = Card.objects.get(brand=shop.brand, number=card)
    return row.locked_until, row.locked_by, row.lock_except, row.lock_room


def test_a_lapsed_setup_is_tidied_up_once(acme: Shop, card: str) -> None:
    setup = lock(acme, card, (acme.usd, "-10"), excluded=[acme.usd], seconds=30, call=long_ago(acme))
    end_lapsed_setups()
    assert setup_row(acme, setup).ended_by is not None
    assert lock_of(acme, card) == (None, None, None, None)
    assert not Lot.objects.filter(brand=acme.brand, hold_id=setup, open=True).exists()
    before = state(acme)
    end_lapsed_setups()
    assert state(acme) == before
    assert acme.ok("cardHistory", {"cardNumber": card})["transactions"][0]["callType"] == "CHECKOUT_SETUP"


def test_a_setup_whose_time_is_not_over_is_left_alone(acme: Shop, card: str) -> None:
    setup = lock(acme, card, (acme.usd, "-10"))
    before = state(acme)
    end_lapsed_setups()
    assert not end_lapsed_setup(call=acme.call(), setup_id=setup, wallet_id=setup_row(acme, setup).wallet_id)
    assert not end_lapsed_setup(call=acme.call(), setup_id=uuid4(), wallet_id=setup_row(acme, setup).wallet_id)
    assert state(acme) == before


def test_tidying_up_leaves_the_next_lock_alone(acme: Shop, card: str) -> None:
    first = lock(acme, card, (acme.usd, "-10"), seconds=30, call=long_ago(acme))
    second = lock(acme, card, (acme.usd, "-20"))
    end_lapsed_setups()
    assert setup_row(acme, first).ended_by is not None
    assert setup_row(acme, second).ended_by is None
    assert refused(acme, 14, "updateBalance", usd(card, "issue", 1))["checkoutSetupTransactionId"] == str(second)
    assert acme.held(card) == {str(second): Decimal("20.00")}


def test_a_busy_family_is_left_to_the_next_run(acme: Shop, card: str) -> None:
    setup = lock(acme, card, seconds=30, call=long_ago(acme))
    cursor = hot_cursor()
    cursor.execute("BEGIN")
    text = lock_families([card])
    cursor.execute(text.sql.replace("{mine}", "true"), {"brand": acme.brand.pk, **text.params})

    def run() -> None:
        try:
            end_lapsed_setups()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()
    cursor.execute("ROLLBACK")
    assert setup_row(acme, setup).ended_by is None
    end_lapsed_setups()
    assert setup_row(acme, setup).ended_by is not None


def test_support_releases_a_card(acme: Shop, card: str) -> None:
    setup = lock(acme, card, (acme.usd, "-10"))
    release(acme, card, setup)
    assert (acme.free(card), acme.held(card), lock_of(acme, card)[0]) == (Decimal("100.00"), {}, None)
    newest = acme.ok("cardHistory", {"cardNumber": card})["transactions"][0]
    assert newest["callType"] == "CHECKOUT_CANCEL"
    assert setup_row(acme, setup).ended_by == UUID(newest["transactionId"])
    assert Operation.objects.get(id=newest["transactionId"]).origin == Origin.PORTAL
    acme.redeem(card, 100)


def test_the_childs_value_is_released_too(acme: Shop, card: str) -> None:
    acme.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": "kid"})
    acme.issue(card, 20, childCardNumber="kid")
    setup = lock(acme, card, (acme.usd, "-10"), child="kid")
    release(acme, card, setup)
    acme.redeem(card, 20, childCardNumber="kid")


def test_only_the_lock_that_was_shown_is_released(acme: Shop, card: str) -> None:
    with pytest.raises(NotLocked):
        release(acme, card, uuid4())
    lapsed = lock(acme, card, seconds=30, call=long_ago(acme))
    with pytest.raises(NotLocked):
        release(acme, card, lapsed)
    lock(acme, card)
    before = state(acme)
    with pytest.raises(NotLocked):
        release(acme, card, lapsed)
    assert state(acme) == before


def test_another_brands_setup_is_never_ended(acme: Shop, charlie: Shop, card: str) -> None:
    setup = lock(acme, card, seconds=30, call=long_ago(acme))
    wallet_id = setup_row(acme, setup).wallet_id
    assert not end_lapsed_setup(call=charlie.call(), setup_id=setup, wallet_id=wallet_id)
    assert setup_row(acme, setup).ended_by is None
