"""What was bought, where, and for how much; and what a void takes back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from apps.brands.models import Location
from apps.brands.operations.publish_config import publish_config
from apps.facts.models import Purchases
from apps.requestlog.models import Operation
from tests.facts.told import NOTHING, bought, buy, products, stored, void, wallet, wrong
from tests.merchant_api.steady import NOW
from tests.shop import Shop

START = NOW - timedelta(days=30)
HARBOUR = {"Location": "harbour", "Terminal": "till-9"}


def last(shop: Shop, card: str, currency: str = "USD") -> Any:
    return Purchases.objects.get(brand=shop.brand, wallet_id=wallet(shop, card), currency=currency).last_at


def test_a_checkout_is_remembered_with_its_products_and_its_place(acme: Shop) -> None:
    card = acme.card()
    buy(acme, card, total=10, **products(("milk", 2), ("bread", 1)))
    assert bought(acme, card) == (
        [("USD", 1, Decimal(10))],
        [("bread", Decimal(1), 1), ("milk", Decimal(2), 1)],
        [(acme.location.pk, 1)],
    )


def test_spend_is_what_is_left_after_all_discounts(acme: Shop) -> None:
    card = acme.card()
    cash = {"paymentType": "Cash", "amount": 3, "countAsDiscount": True}
    buy(acme, card, total=100, preDiscounts=[{"amount": 20}], paymentMethods=[cash])
    assert bought(acme, card)[0] == [("USD", 1, Decimal(77))]


def test_a_sku_that_stands_twice_in_a_basket_counts_as_one_checkout(acme: Shop) -> None:
    card = acme.card()
    buy(acme, card, **products(("milk", 2), ("milk", "0.5")))
    buy(acme, card, **products(("milk", 1)))
    assert bought(acme, card)[1] == [("milk", Decimal("3.5"), 2)]


def test_currencies_and_places_are_kept_apart(acme: Shop) -> None:
    Location.objects.filter(pk=acme.other_location.pk).update(currency="EUR")
    publish_config(brand_id=acme.brand.pk)
    card = acme.card()
    buy(acme, card, total=10)
    buy(acme, card, total=7, **HARBOUR)
    buy(acme, card, total=7, **HARBOUR)
    purchases, _, places = bought(acme, card)
    assert purchases == [("EUR", 2, Decimal(14)), ("USD", 1, Decimal(10))]
    assert sorted(places) == sorted([(acme.location.pk, 1), (acme.other_location.pk, 2)])


def test_the_last_purchase_is_the_latest_not_the_last_to_arrive(acme: Shop) -> None:
    card = acme.card()
    buy(acme, card, START)
    buy(acme, card, START - timedelta(days=1))
    assert last(acme, card) == START


def test_huge_quantities_never_stop_a_till(acme: Shop) -> None:
    card, most = acme.card(), "999999999999.999999"
    for _ in range(2):
        buy(acme, card, total=1, products=[{"sku": "grain", "amountPurchased": most, "unitPrice": 0}] * 2)
    assert bought(acme, card)[1] == [("grain", 4 * Decimal(most), 2)]


def test_an_update_of_the_balance_buys_nothing(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    assert bought(acme, card) == NOTHING


def test_a_void_takes_back_the_only_purchase(acme: Shop) -> None:
    card = acme.card()
    void(acme, card, buy(acme, card, **products(("milk", 2))))
    assert bought(acme, card) == NOTHING


def test_a_void_takes_back_no_more_than_its_own(acme: Shop) -> None:
    card = acme.card()
    buy(acme, card, total=5, **products(("milk", 1), ("bread", 1)))
    before = bought(acme, card)
    void(acme, card, buy(acme, card, total=9, **products(("milk", 2), ("milk", 3), ("eggs", 6))))
    assert bought(acme, card) == before
    assert wrong(acme) == []


def test_after_a_void_the_last_purchase_is_the_latest_that_is_left(acme: Shop) -> None:
    card = acme.card()
    days = [buy(acme, card, START + timedelta(days=day)) for day in range(3)]
    void(acme, card, days[1])
    assert last(acme, card) == START + timedelta(days=2)
    void(acme, card, days[2])
    assert last(acme, card) == START


def test_a_voided_checkout_takes_its_referenced_payments_along_but_not_their_visit(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    paid = acme.redeem(card, 4)
    void(acme, card, buy(acme, card, paymentMethods=[{"updateBalanceRequestRef": paid}]))
    assert bought(acme, card) == NOTHING
    assert wrong(acme) == []


def test_another_brand_sees_and_keeps_nothing_of_it(acme: Shop, charlie: Shop) -> None:
    number = acme.card()
    charlie.card(number)
    buy(acme, number, **products(("milk", 2)))
    assert not any(stored(charlie).values())
    assert Operation.objects.filter(brand=charlie.brand).exists()
    assert bought(charlie, number) == NOTHING
