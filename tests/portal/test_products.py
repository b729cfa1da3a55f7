"""Catalog > Products: the list, its filters, its file."""

import csv
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from apps.catalog.operations.create_category import create_category
from apps.catalog.operations.save_product import ProductFields, save_product
from tests.portal.acme import Acme, OpenAs

LIST = "/catalog/products/"


@pytest.fixture
def mary(acme: Acme, open_as: OpenAs) -> Client:
    """Marketer."""
    return open_as(acme.login("mary", "marketer"))


def product(acme: Acme, sku: str, **fields: Any) -> None:
    save_product(brand=acme.brand, sku=sku, fields=ProductFields(**fields))


def categories(acme: Acme) -> None:
    create_category(brand=acme.brand, code="food", name="Food")
    create_category(brand=acme.brand, code="dairy", name="Dairy", parent_code="food")


def skus(client: Client, query: str = "") -> list[str]:
    return [row[0] for row in client.get(LIST + query).context["rows"]]


def test_a_row_shows_all_that_is_known(acme: Acme, mary: Client) -> None:
    categories(acme)
    product(
        acme, "milk", name="Milk", category_code="dairy", price=Decimal("1.5"), cost=Decimal("0.805"), tags=["a", "b"]
    )
    page = mary.get(LIST)
    assert page.context["rows"] == [("milk", "Milk", "Food / Dairy", ["a", "b"], "1.50", "0.805", "Active")]
    for text in ("Food / Dairy", "a, b", "1.50", "0.805", "amounts in USD"):
        assert text in page.content.decode()


@pytest.mark.parametrize(
    ("query", "fitting"),
    [
        ("?text=mi", ["milk"]),
        ("?text=BREAD", ["b1"]),
        ("?category=food", ["b1", "milk"]),
        ("?category=dairy", ["milk"]),
        ("?tag=organic", ["milk"]),
        ("?tag=organ", []),
        ("?state=inactive", ["old"]),
        ("?category=food&state=active&text=m", ["milk"]),
        ("?after=b1", ["milk", "old"]),
        ("?after=%00", ["b1", "milk", "old"]),
    ],
)
def test_filters_keep_what_fits_only(acme: Acme, mary: Client, query: str, fitting: list[str]) -> None:
    categories(acme)
    product(acme, "milk", name="Full milk", category_code="dairy", tags=["organic"])
    product(acme, "b1", name="White bread", category_code="food")
    product(acme, "old", is_active=False)
    assert skus(mary, query) == fitting


def test_pages_hold_every_product_once(acme: Acme, mary: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.portal.pages.products.PAGE_SIZE", 2)
    for sku in "abc":
        product(acme, sku, tags=["x"])
    first = mary.get(LIST + "?tag=x")
    assert first.context["next"] == "?tag=x&after=b"
    assert skus(mary, first.context["next"]) == ["c"]


@pytest.mark.parametrize(
    ("query", "words"),
    [("", "No products yet"), ("?tag=x", "No product fits"), ("?category=none", "A filter cannot be understood")],
)
def test_an_empty_list_says_why(mary: Client, query: str, words: str) -> None:
    assert words in mary.get(LIST + query).content.decode()


def test_a_category_that_is_none_is_named_as_the_mistake(mary: Client) -> None:
    page = mary.get(LIST + "?category=none").content.decode()
    assert "Category: There is no such category." in page
    assert "All products" in page


def test_large_amounts_are_grouped_on_the_page_but_not_in_the_file(acme: Acme, mary: Client) -> None:
    product(acme, "ship", price=Decimal("1234567.8"), cost=Decimal("0.0000010"), is_active=False)
    page = mary.get(LIST).content.decode()
    assert [text in page for text in (">1,234,567.80<", ">0.000001<")] == [True, True]
    assert b",1234567.80," in b"".join(mary.get(LIST + "export.csv"))


def test_a_full_page_does_not_pass_for_all(acme: Acme, mary: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.portal.pages.products.PAGE_SIZE", 2)
    for sku in "abc":
        product(acme, sku)
    assert ["on this page" in mary.get(LIST + query).content.decode() for query in ("", "?after=b", "?text=a")] == [
        True,
        True,
        False,
    ]


def test_htmx_gets_the_results_alone(acme: Acme, mary: Client) -> None:
    product(acme, "milk")
    page = mary.get(LIST, headers={"HX-Request": "true", "HX-Target": "results"}).content.decode()
    assert "milk" in page
    assert "<html" not in page


def test_the_file_has_the_rows_of_the_list(acme: Acme, mary: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.catalog.queries.product_page.BATCH", 1)
    product(acme, "=1+1", name="Milk", tags=["a", "b"])
    product(acme, "zz", is_active=False)
    rows = list(csv.reader(b"".join(mary.get(LIST + "export.csv")).decode().splitlines()))
    assert rows[1:] == [["'=1+1", "Milk", "", "a, b", "", "", "Active"], ["zz", "", "", "", "", "", "Inactive"]]
    assert len(list(mary.get(LIST + "export.csv?state=inactive"))) == 2
    assert mary.get(LIST + "export.csv?category=none").status_code == 400


def test_other_brands_products_are_not_listed(acme: Acme, charlies: Acme, mary: Client) -> None:
    categories(charlies)
    product(charlies, "milk", category_code="dairy", tags=["x"])
    assert skus(mary) == []
    assert "A filter cannot be understood" in mary.get(LIST + "?category=dairy").content.decode()


def test_statements_do_not_grow_with_rows(acme: Acme, mary: Client, django_assert_max_num_queries: Any) -> None:
    categories(acme)
    for sku in "abcdefgh":
        product(acme, sku, category_code="dairy", tags=["x", sku])
    with django_assert_max_num_queries(14):
        assert len(skus(mary)) == 8


@pytest.mark.parametrize("page", [LIST, LIST + "export.csv", LIST + "unknown/", LIST + "unknown/export.csv"])
def test_only_those_who_see_campaigns_see_the_catalog(acme: Acme, alice: Client, stranger: Client, page: str) -> None:
    assert alice.get(page).status_code == 403
    assert stranger.get(page).status_code == 302
