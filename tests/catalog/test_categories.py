"""Categories form a tree."""

import threading

import pytest
from django.db import connections

from apps.brands.operations.insert_row import AlreadyExists
from apps.catalog.core.tree import line_of, makes_circle
from apps.catalog.models import Category
from apps.catalog.operations.create_category import create_category
from apps.catalog.operations.move_category import CategoryCircle, move_category
from apps.catalog.queries.find_category import UnknownCategory, find_category
from apps.kernel.errors import ErrorCode, InvalidInput
from tests.shop import Shop


def category(shop: Shop, code: str, parent: str | None = None) -> Category:
    return create_category(brand=shop.brand, code=code, name=code.title(), parent_code=parent)


def parent_of(shop: Shop, code: str) -> str | None:
    parent = find_category(brand=shop.brand, code=code).parent
    return parent.code if parent else None


def test_a_category_stands_below_its_parent(acme: Shop) -> None:
    category(acme, "food")
    category(acme, "dairy", "food")
    assert (parent_of(acme, "food"), parent_of(acme, "dairy")) == (None, "food")


def test_a_code_is_given_once_in_a_brand(acme: Shop, charlie: Shop) -> None:
    category(acme, "food")
    category(charlie, "food")
    with pytest.raises(AlreadyExists, match="food") as refusal:
        category(acme, "food")
    assert refusal.value.code is ErrorCode.INVALID_INPUT


def test_a_parent_of_another_brand_is_unknown(acme: Shop, charlie: Shop) -> None:
    category(charlie, "food")
    with pytest.raises(UnknownCategory, match="food"):
        category(acme, "dairy", "food")
    category(acme, "dairy")
    with pytest.raises(UnknownCategory):
        move_category(brand=acme.brand, code="dairy", parent_code="food")
    with pytest.raises(UnknownCategory):
        move_category(brand=charlie.brand, code="dairy", parent_code=None)


@pytest.mark.parametrize(("code", "name"), [("", "Food"), (" food", "Food"), ("food", " ")])
def test_bad_names_are_refused(acme: Shop, code: str, name: str) -> None:
    with pytest.raises(InvalidInput):
        create_category(brand=acme.brand, code=code, name=name)


def test_a_category_moves_with_all_below_it(acme: Shop) -> None:
    category(acme, "food")
    category(acme, "fresh")
    category(acme, "dairy", "food")
    category(acme, "milk", "dairy")
    move_category(brand=acme.brand, code="dairy", parent_code="fresh")
    assert (parent_of(acme, "dairy"), parent_of(acme, "milk")) == ("fresh", "dairy")
    move_category(brand=acme.brand, code="dairy", parent_code=None)
    assert parent_of(acme, "dairy") is None


@pytest.mark.parametrize("below", ["food", "dairy", "milk"])
def test_a_category_never_stands_below_itself(acme: Shop, below: str) -> None:
    category(acme, "food")
    category(acme, "dairy", "food")
    category(acme, "milk", "dairy")
    with pytest.raises(CategoryCircle):
        move_category(brand=acme.brand, code="food", parent_code=below)
    assert parent_of(acme, "food") is None


def test_two_moves_at_once_make_no_circle(acme: Shop) -> None:
    for code in ("a", "b"):
        category(acme, code)
    gate = threading.Barrier(2)

    def move(code: str, parent: str) -> None:
        gate.wait()
        try:
            move_category(brand=acme.brand, code=code, parent_code=parent)
        except CategoryCircle:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=move, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted([parent_of(acme, "a") or "", parent_of(acme, "b") or ""]) in (["", "a"], ["", "b"])


def test_lines_lead_to_the_root() -> None:
    parents = {1: None, 2: 1, 3: 2}
    assert line_of(3, parents) == [3, 2, 1]
    assert makes_circle(1, 3, parents)
    assert not makes_circle(3, 1, parents)
