"""Catalog > Products > Unknown SKUs."""

import csv
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from apps.catalog.operations.save_product import ProductFields, save_product
from apps.checkouts.core.totals import CheckoutLine
from apps.kernel.ids import new_id
from apps.programs.queries.configuration import fresh_configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import Origin
from apps.transactions.checkouts.basket import Basket
from apps.transactions.operations.checkout import checkout
from tests.portal.acme import NOON, Acme, OpenAs

LIST = "/catalog/products/unknown/"


@pytest.fixture
def mary(acme: Acme, open_as: OpenAs) -> Client:
    """Marketer."""
    return open_as(acme.login("mary", "marketer"))


def sell(acme: Acme, *skus: str, **more: Any) -> None:
    configuration = fresh_configuration(acme.brand.code)
    assert configuration is not None
    facts: dict[str, Any] = {"id": new_id(), "brand_id": acme.brand.pk, "origin": Origin.API, "now": NOON}
    lines = [CheckoutLine(sku, Decimal("1.5"), Decimal(1)) for sku in skus]
    checkout(call=Call(**facts | {"moment": NOON} | more), configuration=configuration, basket=Basket(lines=lines))


def test_it_lists_what_was_sold_and_is_no_product(acme: Acme, mary: Client) -> None:
    sell(acme, "milk", "bread")
    sell(acme, "milk", moment=NOON - timedelta(days=1))
    save_product(brand=acme.brand, sku="bread", fields=ProductFields())
    page = mary.get(LIST).content.decode()
    assert [row[0].sku for row in mary.get(LIST).context["rows"]] == ["milk"]
    for text in ("2026-03-09T08:00:00-04:00", ">2026-03-10 <", ">08:00:00<", ">3<", "America/New_York"):
        assert text in page


def test_pages_and_the_file_hold_every_sku_once(acme: Acme, mary: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.portal.pages.unknown_skus.PAGE_SIZE", 2)
    sell(acme, "a", "b", "=c")
    first = mary.get(LIST).context
    second = mary.get(LIST + first["next"]).context
    listed = [row[0].sku for row in [*first["rows"], *second["rows"]]]
    assert sorted(listed) == ["=c", "a", "b"]
    rows = list(csv.reader(b"".join(mary.get(LIST + "export.csv")).decode().splitlines()))
    assert rows[0][3] == "First seen (America/New_York)"
    assert sorted(row[0] for row in rows[1:]) == ["'=c", "a", "b"]


@pytest.mark.parametrize(("query", "words"), [("", "No unknown SKUs"), ("?after=zzz", "Nothing behind this one")])
def test_an_empty_list_says_why(mary: Client, query: str, words: str) -> None:
    assert words in mary.get(LIST + query).content.decode()


def test_a_list_that_takes_too_long_says_what_helps(mary: Client) -> None:
    other = connections.create_connection("default")
    with other.cursor() as blocker, connection.cursor() as own:
        blocker.execute("BEGIN; LOCK TABLE checkouts_line IN ACCESS EXCLUSIVE MODE")
        own.execute("SET statement_timeout = '200ms'")
        page = mary.get(LIST)
        own.execute("RESET statement_timeout")
        blocker.execute("ROLLBACK")
    other.close()
    assert "This takes too long" in page.content.decode()


def test_another_brands_sales_are_not_listed(acme: Acme, charlies: Acme, mary: Client) -> None:
    sell(charlies, "milk")
    assert "No unknown SKUs" in mary.get(LIST).content.decode()


def test_who_sees_only_some_places_sees_products_but_no_figures_of_all(acme: Acme, open_as: OpenAs) -> None:
    restricted = open_as(acme.login("rita", "marketer", location=acme.harbour))
    assert restricted.get(LIST).status_code == 403
    page = restricted.get("/catalog/products/")
    assert page.status_code == 200
    assert "Unknown SKUs" not in page.content.decode()
