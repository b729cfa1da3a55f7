"""SKUs that were sold and that no product has."""

from datetime import UTC, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.catalog.operations.save_product import ProductFields, save_product
from apps.kernel.db.hot import hot_cursor
from apps.lookups.queries import unknown_skus as module
from apps.lookups.queries.unknown_skus import UnknownSku, all_unknown_skus, unknown_skus
from tests.facts.told import buy, products, void
from tests.merchant_api.steady import NOW
from tests.shop import Shop

START = NOW - timedelta(days=3)


def found(shop: Shop, **page: object) -> list[str]:
    wanted = {"count": 50} | page
    return [each.sku for each in unknown_skus(hot_cursor(), brand_id=shop.brand.pk, **wanted)]


def known(shop: Shop, *skus: str) -> None:
    for sku in skus:
        save_product(brand=shop.brand, sku=sku, fields=ProductFields())


def test_nothing_sold_is_nothing_unknown(acme: Shop) -> None:
    assert found(acme) == []


def test_an_unknown_sku_says_how_often_how_much_and_when(acme: Shop) -> None:
    card = acme.card()
    buy(acme, card, START, **products(("milk", 2), ("milk", 1)))
    void(acme, card, buy(acme, card, START - timedelta(days=1), **products(("milk", "0.5"))))
    buy(acme, None, START + timedelta(days=1), **products(("milk", 1)))
    seen = unknown_skus(hot_cursor(), brand_id=acme.brand.pk, count=5)
    day = timedelta(days=1)
    assert seen == [UnknownSku("milk", 4, Decimal("4.5"), START - day, START + day)]


def test_products_are_left_out_and_pages_go_on(acme: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    buy(acme, None, **products(*((sku, 1) for sku in "gfedcba")))
    known(acme, "a", "c", "d")
    for steps in (1, 2, 2000):
        monkeypatch.setattr(module, "STEPS", steps)
        assert found(acme) == ["b", "e", "f", "g"]
        assert found(acme, count=2) == ["b", "e"]
        assert found(acme, count=2, after="e") == ["f", "g"]


def test_all_are_read_batch_by_batch(acme: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    buy(acme, None, **products(*((sku, 1) for sku in "abcde")))
    assert [each.sku for each in all_unknown_skus(hot_cursor(), brand_id=acme.brand.pk)] == list("abcde")


def test_brands_neither_see_nor_know_each_others(acme: Shop, charlie: Shop) -> None:
    buy(acme, None, **products(("milk", 1)))
    known(charlie, "milk")
    assert (found(acme), found(charlie)) == (["milk"], [])


def test_a_sku_that_no_index_holds_is_refused(acme: Shop) -> None:
    reply = acme.post("checkout", {"products": [{"sku": "x" * 256, "unitPrice": 1}]})
    assert reply.code == 9
    buy(acme, None, **products(("ü" * 255, 1)))


def test_the_command_lists_them_or_writes_a_file(acme: Shop, tmp_path: Path) -> None:
    buy(acme, None, START, **products(("milk", "1.5"), ("a,b", 1)))
    out, file = StringIO(), tmp_path / "skus.csv"
    call_command("unknown_skus", brand=acme.brand.code, stdout=out)
    at = START.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    assert out.getvalue() == f"a,b  1  1  {at}  {at}\nmilk  1  1.5  {at}  {at}\n2 unknown SKUs.\n"
    call_command("unknown_skus", brand=acme.brand.code, csv=file, stdout=out)
    assert file.read_text().splitlines()[1:] == [f'"a,b",1,1,{at},{at}', f"milk,1,1.5,{at},{at}"]


@pytest.mark.parametrize("options", [{"brand": "nobody"}, {"csv": Path("/nowhere/at/all.csv")}])
def test_the_command_refuses_nonsense(acme: Shop, options: dict[str, object]) -> None:
    with pytest.raises(CommandError):
        call_command("unknown_skus", stdout=StringIO(), **({"brand": acme.brand.code} | options))
