"""The catalogue comes in: new products are made, known ones changed, categories along the way."""

import threading
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connections

from apps.catalog.models import Category, Product, ProductTag
from apps.catalog.operations.create_category import create_category
from tests.shop import Shop
from tests.transactions.imports.files import job_of, run, state, written

HEADER = "sku,name,category,price,cost,tags,active"
HAT = "hat-1,Red hat,Clothes > Hats,19.90,7.5,summer;red,true"


def product(shop: Shop, sku: str) -> Product:
    return Product.objects.select_related("category").get(brand=shop.brand, sku=sku)


def tags(shop: Shop, sku: str) -> set[str]:
    own = ProductTag.objects.filter(brand=shop.brand, product_id=product(shop, sku).pk)
    return set(own.values_list("tag", flat=True))


def test_a_product_has_all_that_its_row_says(acme: Shop, tmp_path: Path) -> None:
    assert run(acme, written(tmp_path, HEADER, HAT), "products").code == 0

    hat = product(acme, "hat-1")
    assert (hat.name, hat.price, hat.cost, hat.is_active) == ("Red hat", Decimal("19.90"), Decimal("7.5"), True)
    assert tags(acme, "hat-1") == {"summer", "red"}
    assert hat.category is not None
    assert (hat.category.name, hat.category.code) == ("Hats", "clothes/hats")
    parent = Category.objects.get(pk=hat.category.parent_id)
    assert (parent.name, parent.parent_id) == ("Clothes", None)


def test_a_path_is_walked_by_name_and_only_what_is_missing_is_made(acme: Shop, tmp_path: Path) -> None:
    clothes = create_category(brand=acme.brand, code="c-17", name="Clothes")
    create_category(brand=acme.brand, code="clothes/hats", name="Something else")

    run(acme, written(tmp_path, HEADER, HAT, HAT.replace("hat-1", "hat-2")), "products")

    made = Category.objects.get(brand=acme.brand, parent=clothes)
    assert (made.name, made.code) == ("Hats", "clothes/hats-2")
    assert product(acme, "hat-1").category == product(acme, "hat-2").category == made


def test_a_known_product_is_changed_where_a_cell_says_something(acme: Shop, tmp_path: Path) -> None:
    run(acme, written(tmp_path, HEADER, HAT), "products")

    run(acme, written(tmp_path, HEADER, "hat-1,,,24,,,false"), "products")

    hat = product(acme, "hat-1")
    assert (hat.name, hat.price, hat.cost, hat.is_active) == ("Red hat", Decimal(24), Decimal("7.5"), False)
    assert tags(acme, "hat-1") == {"summer", "red"}
    assert hat.category is not None
    assert job_of(acme).receipt["counted"] == {"products": {"changed": "1"}}


def test_a_product_that_stands_twice_in_a_file_is_changed_by_the_later_row(acme: Shop, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, HAT, "hat-1,Blue hat,,,,blue,", "hat-2,,,,,,")

    assert run(acme, path, "products").code == 0

    hat = product(acme, "hat-1")
    assert (hat.name, hat.price, tags(acme, "hat-1")) == ("Blue hat", Decimal("19.90"), {"blue"})
    assert job_of(acme).receipt["counted"] == {"products": {"changed": "1", "new": "2"}}


def test_clear_removes_name_category_and_tags(acme: Shop, tmp_path: Path) -> None:
    run(acme, written(tmp_path, HEADER, HAT), "products")

    run(acme, written(tmp_path, HEADER, "hat-1,(clear),(clear),,,(clear),"), "products")

    hat = product(acme, "hat-1")
    assert (hat.name, hat.category, tags(acme, "hat-1")) == ("", None, set())


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",Hat,,,,,", "sku"),
        (f"{'x' * 256},Hat,,,,,", "sku"),
        (f"h,{'x' * 201},,,,,", "name"),
        ("h,,Clothes > > Hats,,,,", "category"),
        (f"h,,{'x' * 201},,,,", "category"),
        ("h,,,-1,,,", "price"),
        ("h,,,cheap,,,", "price"),
        ("h,,,(clear),,,", "price"),
        ("h,,,,1.1234567,,", "cost"),
        (f"h,,,,,{'x' * 65},", "tags"),
        ("h,,,,,a;;b,", "tags"),
        ("h,,,,,,yes", "active"),
    ],
)
def test_a_bad_cell_is_told_and_nothing_is_made(acme: Shop, tmp_path: Path, row: str, column: str) -> None:
    path = written(tmp_path, HEADER, row)

    assert run(acme, path, "products", "--dry-run").refused == run(acme, path, "products").refused == [(2, column)]
    assert not Product.objects.filter(brand=acme.brand).exists()


def test_a_dry_run_counts_and_writes_nothing(acme: Shop, tmp_path: Path) -> None:
    before = state(acme)

    rehearsed = run(acme, written(tmp_path, HEADER, HAT, HAT), "products", "--dry-run")

    assert state(acme) == before
    assert "products  new      1" in rehearsed.output
    assert "products  changed  1" in rehearsed.output


def test_the_other_brand_has_its_own_catalogue(acme: Shop, charlie: Shop, tmp_path: Path) -> None:
    run(charlie, written(tmp_path, HEADER, HAT), "products")
    before = state(charlie)

    run(acme, written(tmp_path, HEADER, HAT.replace("Red", "Blue")), "products")

    assert state(charlie) == before
    assert product(acme, "hat-1").name == "Blue hat"


def test_two_imports_that_make_the_same_categories_at_once_share_them(acme: Shop, tmp_path: Path) -> None:
    files = [written(tmp_path, "sku,category", *(f"{n}-{k},A > B{k}" for k in range(40))) for n in range(2)]
    gate, codes = threading.Barrier(2), []

    def one(path: Path) -> None:
        gate.wait()
        try:
            codes.append(run(acme, path, "products").code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(path,)) for path in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [0, 0]
    assert Category.objects.filter(brand=acme.brand).count() == 41
