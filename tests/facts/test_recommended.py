"""What goes with a basket, or with what somebody has bought."""

import json
from typing import Any

from apps.catalog.operations.save_product import ProductFields, save_product
from apps.facts.models import CoPurchase
from apps.facts.queries.recommended import recommended, recommended_to
from apps.kernel.db.hot import hot_cursor
from apps.kernel.readings import Places, columns, params_of
from tests.facts.told import buy, products, wallet
from tests.shop import Shop

PLACES = Places(whose="NULL::bigint", holder="NULL::bigint", since="NULL::timestamptz")


def sells(shop: Shop, *skus: str, **fields: Any) -> None:
    for sku in skus:
        save_product(brand=shop.brand, sku=sku, fields=ProductFields(**{"name": sku.title()} | fields))


def together(shop: Shop, *pairs: tuple[str, str, int]) -> None:
    """What the task would have counted."""
    for sku, other, checkouts in pairs:
        for one, two in ((sku, other), (other, sku)):
            CoPurchase.objects.create(brand=shop.brand, sku=one, other=two, checkouts=checkouts)


def goes_with(shop: Shop, *skus: str, amount: int = 20) -> Any:
    reading = [recommended(skus=skus, amount=amount)]
    params = {"brand": shop.brand.pk, **params_of(reading)}
    row = hot_cursor().execute(f"SELECT 1{columns(reading, PLACES)}", params).fetchone()
    assert row is not None
    return json.loads(row[1]) if row[1] is not None else None


def test_the_products_that_are_bought_most_with_the_basket(acme: Shop) -> None:
    sells(acme, "milk", "eggs", "flour", "salt")
    together(acme, ("milk", "eggs", 3), ("milk", "flour", 2), ("eggs", "flour", 2), ("milk", "salt", 3))
    assert goes_with(acme, "milk") == [["eggs", "Eggs"], ["salt", "Salt"], ["flour", "Flour"]]
    assert goes_with(acme, "milk", "eggs") == [["flour", "Flour"], ["salt", "Salt"]]
    assert goes_with(acme, "milk", amount=1) == [["eggs", "Eggs"]]
    assert goes_with(acme) is None
    assert goes_with(acme, "unknown") is None


def test_only_products_of_the_catalogue_that_are_active(acme: Shop, charlie: Shop) -> None:
    sells(acme, "milk", "eggs", name="")
    sells(acme, "gone", is_active=False)
    sells(charlie, "theirs")
    together(acme, ("milk", "eggs", 1), ("milk", "gone", 9), ("milk", "theirs", 9), ("milk", "nowhere", 9))
    assert goes_with(acme, "milk") == [["eggs", ""]]


def test_what_another_brand_sells_together_does_not_matter(acme: Shop, charlie: Shop) -> None:
    for shop in (acme, charlie):
        sells(shop, "milk", "eggs")
    together(charlie, ("milk", "eggs", 5))
    assert goes_with(acme, "milk") is None


def test_of_a_huge_basket_nothing_is_recommended_that_is_in_it(acme: Shop) -> None:
    skus = [f"s{number}" for number in range(60)]
    sells(acme, "s0", "s59", "eggs")
    together(acme, ("s0", "s59", 9), ("s0", "eggs", 1), ("s59", "salt", 9))
    assert goes_with(acme, *skus) == [["eggs", "Eggs"]]


def test_a_card_is_told_what_goes_with_what_it_bought(acme: Shop) -> None:
    sells(acme, "milk", "eggs", "flour")
    together(acme, ("milk", "eggs", 3), ("milk", "flour", 2), ("eggs", "flour", 1))
    one, two, three = acme.card(), acme.card(), acme.card()
    buy(acme, one, **products(("milk", 1), ("eggs", 1)))
    buy(acme, two, **products(("flour", 1)))
    wallets = [wallet(acme, card) for card in (one, two, three)]
    found = recommended_to(hot_cursor(), brand_id=acme.brand.pk, wallet_ids=wallets, amount=5)
    assert {key: [each.sku for each in all] for key, all in found.items()} == {
        wallets[0]: ["flour"],
        wallets[1]: ["milk", "eggs"],
    }
    assert recommended_to(hot_cursor(), brand_id=acme.brand.pk, wallet_ids=[], amount=5) == {}
