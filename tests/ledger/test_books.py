"""The questions of the books: what is owed, what is in transit, what happened."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from apps.cards.models import Card
from apps.cards.operations.generate_cards import generate_cards
from apps.ledger.core.kinds import EntryKind
from apps.ledger.queries.books import Activity, InTransit, Owed, activity, in_transit, liability
from tests.ledger.corruption import unguarded, wipe
from tests.ledger.till import Till
from tests.shop import Shop, open_shop

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FIRST = date(2026, 3, 1)


@pytest.fixture
def till(acme: Shop) -> Till:
    """A card with 100, and 10 that expire on the third day."""
    till = Till(acme, "card")
    till.activate(START)
    till.change(START, "issue", 100)
    till.change(START, "issue", 10, expires_at=START + 2 * DAY)
    return till


def owed(shop: Shop, day: date) -> list[tuple[int, Decimal]]:
    """What is owed at the end of a day, by owning location."""
    return [(line.owner_location_id, line.amount) for line in liability(brand_id=shop.brand.pk, day=day)]


def test_liability_is_what_cards_hold_at_the_end_of_the_day(till: Till) -> None:
    shop = till.shop
    till.change(START + DAY, "redeem", 30)
    till.settle(START + 9 * DAY)
    assert owed(shop, FIRST - DAY) == []
    amounts = [owed(shop, FIRST + days * DAY)[0][1] for days in range(4)]
    assert amounts == [Decimal(110), Decimal(80), Decimal(80), Decimal(80)]
    assert liability(brand_id=shop.brand.pk, day=FIRST) == [
        Owed(shop.location.pk, shop.gift.pk, shop.gift_set.pk, shop.usd.pk, Decimal(110))
    ]


def test_held_and_delayed_value_is_owed_too(till: Till) -> None:
    till.change(START, "issue", 5, active_at=START + 30 * DAY)
    till.change(START, "hold", 60)
    assert owed(till.shop, FIRST) == [(till.shop.location.pk, Decimal(115))]


def test_demo_cards_owe_nothing(acme: Shop) -> None:
    generate_cards(brand=acme.brand, card_set=acme.gift_set, count=1, now=START, demo_location=acme.location)
    demo = Till(acme, Card.objects.get(brand=acme.brand).number)
    demo.change(START, "issue", 50)
    assert owed(acme, FIRST) == []
    assert activity(brand_id=acme.brand.pk, first=FIRST, last=FIRST) == []


def test_the_day_is_the_brands_own() -> None:
    shop = open_shop("acme", timezone="Asia/Tokyo")
    till = Till(shop, "late")
    till.activate(START)
    till.change(START + timedelta(hours=6), "issue", 7)
    assert owed(shop, FIRST) == []
    assert owed(shop, FIRST + DAY) == [(shop.location.pk, Decimal(7))]


def test_what_left_one_card_and_has_not_arrived_is_in_transit() -> None:
    shop = open_shop("acme")
    try:
        till = Till(shop, "card")
        till.activate(START)
        till.change(START, "issue", 10)
        till.change(START + DAY, "redeem", 4)
        assert in_transit(brand_id=shop.brand.pk, day=FIRST + DAY) == []
        with unguarded() as cursor:  # there is no transfer yet
            cursor.execute("UPDATE ledger_entry SET kind = 7 WHERE kind = 2 AND brand_id = %s", [shop.brand.pk])
        assert in_transit(brand_id=shop.brand.pk, day=FIRST) == []
        assert in_transit(brand_id=shop.brand.pk, day=FIRST + DAY) == [InTransit("Currency", "USD", Decimal(4))]
    finally:
        wipe(shop.brand.pk)


def test_activity_tells_kinds_apart_and_what_voids_undo(till: Till) -> None:
    shop, usd, here = till.shop, till.shop.usd.pk, till.shop.location.pk
    till.change(START, "hold", 5)
    redeemed = till.change(START, "redeem", 20)
    till.void(START, redeemed)
    till.change(START, "issue", -3, is_adjustment=True)
    lines = activity(brand_id=shop.brand.pk, first=FIRST, last=FIRST)
    assert lines == [
        Activity(here, EntryKind.ISSUE, None, usd, 2, Decimal(110)),
        Activity(here, EntryKind.REDEEM, None, usd, 2, Decimal(-20)),
        Activity(here, EntryKind.ADJUST, None, usd, 1, Decimal(-3)),
        Activity(here, EntryKind.VOID, EntryKind.REDEEM, usd, 2, Decimal(20)),
    ]


def test_activity_and_liability_agree(till: Till) -> None:
    till.change(START + DAY, "redeem", 30)
    till.void(START + DAY, till.change(START + DAY, "hold", 11))
    till.settle(START + 9 * DAY)
    moved = sum(line.amount for line in activity(brand_id=till.shop.brand.pk, first=FIRST, last=FIRST + 9 * DAY))
    assert owed(till.shop, FIRST + 9 * DAY) == [(till.shop.location.pk, moved)]


def test_another_brand_sees_nothing(till: Till, charlie: Shop) -> None:
    till.change(START, "redeem", 1)
    assert owed(charlie, FIRST) == []
    assert activity(brand_id=charlie.brand.pk, first=FIRST, last=FIRST) == []
