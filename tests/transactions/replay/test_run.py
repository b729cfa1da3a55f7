"""A purchase log played through the running server."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db.models import Sum

from apps.cards.models import Card
from apps.checkouts.models import Checkout
from apps.transactions.replay.customer import Hopeless
from apps.transactions.replay.purchases import PurchaseLog
from apps.transactions.replay.run import Settings, replay
from apps.transactions.replay.tally import Tally
from apps.transactions.replay.till import OutOfReach
from tests.journeys.storm.server import Product
from tests.shop import Shop
from tests.transactions.replay.trouble import LOST, bad_line

PURCHASES, CUSTOMERS, SUM = 53, 13, Decimal("1192.39")
MakeSettings = Callable[[str], Settings]


def play(log: PurchaseLog, settings: Settings, stop: threading.Event) -> Tally:
    tally = Tally()
    replay(log=log, settings=settings, stop=stop, tally=tally, progress=lambda: None)
    return tally


def url(server: Product) -> str:
    return f"http://127.0.0.1:{server.port}"


def assert_all_played_once(shop: Shop) -> None:
    checkouts = Checkout.objects.filter(brand=shop.brand)
    assert checkouts.count() == PURCHASES
    assert checkouts.aggregate(Sum("total"))["total__sum"] == SUM
    cards = Card.objects.filter(brand=shop.brand, wallet_id__isnull=False)
    assert cards.count() == cards.values("custom_number").distinct().count() == CUSTOMERS
    assert not cards.filter(enrolled_at=None).exists()


def test_a_log_becomes_cards_and_checkouts(
    shop: Shop, log: PurchaseLog, server: Product, settings_for: MakeSettings, stop: threading.Event
) -> None:
    tally = play(log, settings_for(url(server)), stop)
    assert (tally.recorded, tally.cards_new, tally.amount) == (PURCHASES, CUSTOMERS, SUM)
    assert (tally.refused, sum(tally.retried.values())) == (0, 0)
    assert tally.calls == 3 * CUSTOMERS + PURCHASES
    assert_all_played_once(shop)


def test_cards_are_active_and_enrolled_since_the_first_purchase(
    shop: Shop, log: PurchaseLog, server: Product, settings_for: MakeSettings, stop: threading.Event
) -> None:
    play(log, settings_for(url(server)), stop)
    card = Card.objects.get(brand=shop.brand, custom_number="0001")
    assert card.activated_at == card.enrolled_at == log.by_customer()["0001"][0].at
    moments = Checkout.objects.filter(brand=shop.brand, wallet_id=card.wallet_id).order_by("operation_id")
    assert list(moments.values_list("happened_at", flat=True)) == [each.at for each in log.by_customer()["0001"]]


def test_a_second_run_doubles_nothing(
    shop: Shop, log: PurchaseLog, server: Product, settings_for: MakeSettings, stop: threading.Event
) -> None:
    play(log, settings_for(url(server)), stop)
    again = play(log, settings_for(url(server)), stop)
    assert (again.recorded, again.recorded_before, again.cards_known) == (0, PURCHASES, CUSTOMERS)
    assert_all_played_once(shop)


def test_lost_answers_double_nothing(
    shop: Shop, log: PurchaseLog, server: Product, settings_for: MakeSettings, stop: threading.Event
) -> None:
    with bad_line(server.port) as line:
        for method in ("allocate", "updateAccount", "search", "checkout"):
            line.troubles[method].extend([LOST, LOST])
        tally = play(log, settings_for(line.url), stop)
        # one of the lost answers may be that of the repetition, which said 3
        assert line.seen.count("requestLookup") in (1, 2)
    assert tally.lost == sum(tally.retried.values()) == 8
    assert (tally.recorded + tally.recorded_before, tally.amount, tally.refused) == (PURCHASES, SUM, 0)
    assert_all_played_once(shop)


def test_what_may_be_retried_is_retried(
    shop: Shop, log: PurchaseLog, server: Product, settings_for: MakeSettings, stop: threading.Event
) -> None:
    with bad_line(server.port) as line:
        line.troubles["checkout"].extend([1, 4, 18, 26, 28, 429])
        tally = play(log, settings_for(line.url), stop)
    assert tally.retried == {f"code {code}": 1 for code in (1, 4, 18, 26, 28)} | {"HTTP 429": 1}
    assert_all_played_once(shop)


def test_a_refusal_is_counted_and_the_customer_goes_on(
    shop: Shop, log: PurchaseLog, server: Product, settings_for: MakeSettings, stop: threading.Event
) -> None:
    with bad_line(server.port) as line:
        line.troubles["checkout"].append(9)
        tally = play(log, settings_for(line.url), stop)
    assert (tally.refused, tally.recorded) == (1, PURCHASES - 1)
    assert "checkout: 9 trouble" in tally.refusals[0]


def test_what_every_customer_would_meet_ends_the_run(
    shop: Shop, log: PurchaseLog, server: Product, settings_for: MakeSettings, stop: threading.Event
) -> None:
    Card.objects.filter(brand=shop.brand).update(status=2)
    with pytest.raises(Hopeless, match="allocate: 16"):
        play(log, settings_for(url(server)), stop)
    assert not Checkout.objects.filter(brand=shop.brand).exists()


def test_a_server_that_is_away_ends_the_run_and_the_next_one_goes_on(
    shop: Shop, log: PurchaseLog, server: Product, settings_for: MakeSettings, stop: threading.Event
) -> None:
    with bad_line(server.port) as line:
        line.troubles["checkout"].extend([4] * 30)
        with pytest.raises(OutOfReach, match="5 times in vain, the last time code 4"):
            play(log, settings_for(line.url), stop)
    play(log, settings_for(url(server)), threading.Event())
    assert_all_played_once(shop)
