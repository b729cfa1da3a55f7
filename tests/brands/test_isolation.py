"""Nothing of Acme's is ever reached by Charlie: not by rows, and not over the wire."""

import json
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from apps.brands.operations.create_employee import create_employee
from apps.kernel.db.constraints import BrandForeignKey
from apps.programs.operations.create_card_set import create_card_set
from tests.brands.furniture import furnish_tables
from tests.merchant_api.methods.test_void_transaction import pay, void
from tests.merchant_api.steady import rack, refused, state
from tests.shop import Shop, open_shop, usd

KEYS = [
    (model, constraint)
    for model in apps.get_models()
    for constraint in model._meta.constraints
    if isinstance(constraint, BrandForeignKey)
]
INSIDE = [(model, key) for model, key in KEYS if len(key.columns) > 1]
TO_BRAND = [(model, key) for model, key in KEYS if len(key.columns) == 1]


def furnish(shop: Shop) -> Shop:
    """At least one row in every table, with every reference in use."""
    create_employee(brand=shop.brand, location=shop.location, code="alice", name="Alice")
    card = shop.card(f"card-{shop.brand.pk}")
    rack(shop, f"rack-{shop.brand.pk}")
    shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"firstName": "Ada"}}, customRequestId="id")
    shop.issue(card, 100)
    shop.hold(card, 10)
    void(shop, card, shop.issue(card, 5))
    payments = [pay(5), {"updateBalanceRequestRef": shop.redeem(card, 5)}]
    body = {"cardNumber": card, "products": [{"sku": "HAT", "unitPrice": 50}], "paymentMethods": payments}
    shop.ok("checkout", body)
    old = shop.card(f"old-{shop.brand.pk}")
    shop.ok("transfer", {"cardNumber": old, "action": "out"})
    shop.ok("transfer", {"cardNumber": card, "action": "in", "oldCardNumber": old})
    furnish_tables(shop, card)
    return shop


@pytest.fixture(scope="module")
def pair(database: None) -> tuple[Shop, Shop]:
    return furnish(open_shop("acme")), furnish(open_shop("charlie"))


def a_row(table: str, columns: list[str], brand_id: int) -> dict[str, Any]:
    given = " AND ".join(f'"{column}" IS NOT NULL' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT to_jsonb(t) FROM {table} t WHERE brand_id = %s ORDER BY ({given}) DESC LIMIT 1", [brand_id]
        )
        found = cursor.fetchone()
    assert found is not None, f"{table} is empty: furnish it"
    return dict(json.loads(found[0]) if isinstance(found[0], str) else found[0])


CHECKED = {"brand_id", "balance_type", "balance_code"}
FRESH: dict[str, Any] = {
    "bigint": 9_000_000_000_000_000_000,
    "integer": 2_000_000_000,
    "smallint": 32_000,
    "uuid": "ffffffff-ffff-7fff-bfff-ffffffffffff",
    "text": "fresh",
}


def fresh_keys(model: type[models.Model], row: dict[str, Any], kept: set[str]) -> dict[str, Any]:
    """The row under keys of its own, so that nothing but the foreign key can refuse it."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.attname, format_type(a.atttypid, NULL) FROM pg_index i"
            " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)"
            " WHERE i.indrelid = %s::regclass AND i.indisunique",
            [table],
        )
        types = dict(cursor.fetchall())
        cursor.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attgenerated <> ''", [table])
        generated = {name for (name,) in cursor.fetchall()}
    changed = {name: FRESH[kind] for name, kind in types.items() if kind in FRESH and name not in kept | CHECKED}
    return {name: changed.get(name, value) for name, value in row.items() if name not in generated}


def insert(table: str, row: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::{table}, %s::jsonb)",
            [json.dumps(row)],
        )


@pytest.mark.parametrize(("model", "key"), INSIDE, ids=lambda each: getattr(each, "name", None))
def test_a_row_cannot_point_into_another_brand(
    pair: tuple[Shop, Shop], model: type[models.Model], key: BrandForeignKey
) -> None:
    acme, charlie = pair
    ours, theirs = acme.brand.pk, charlie.brand.pk
    columns = [column for column in key.columns if column != "brand_id"]
    targets = [column for column in key.to_columns if column != "brand_id"]
    table = model._meta.db_table
    target = a_row(key.to, targets, theirs)
    pointing = {column: target[name] for column, name in zip(columns, targets, strict=True)}
    row = fresh_keys(model, a_row(table, columns, ours) | pointing, set(columns))
    with pytest.raises(IntegrityError) as refusal:
        insert(table, row)
    assert isinstance(refusal.value.__cause__, psycopg.errors.ForeignKeyViolation), refusal.value
    assert refusal.value.__cause__.diag.table_name == table


@pytest.mark.parametrize(("model", "key"), TO_BRAND, ids=lambda each: getattr(each, "name", None))
def test_a_row_cannot_belong_to_no_brand(
    pair: tuple[Shop, Shop], model: type[models.Model], key: BrandForeignKey
) -> None:
    table = model._meta.db_table
    row = fresh_keys(model, a_row(table, ["brand_id"], pair[0].brand.pk), set()) | {"brand_id": 8_000_000_000}
    with pytest.raises(IntegrityError) as refusal:
        insert(table, row)
    assert isinstance(refusal.value.__cause__, psycopg.errors.ForeignKeyViolation)


ONE_ROW_A_BRAND = ("brands.Clock", "facts.CoPurchaseMark", "facts.Scoring")


def test_every_table_with_a_brand_has_it_first_in_its_primary_key_or_beside_it() -> None:
    """Hot rows carry the brand in their primary key; tables that others refer to have a unique key (brand, id)."""
    for model in apps.get_models():
        own = {field.name for field in model._meta.get_fields()}
        if "brand" not in own or not model._meta.managed or model._meta.label.endswith("Event"):
            continue
        if model._meta.label.startswith("accounts.") or model._meta.label in ONE_ROW_A_BRAND:
            continue
        key = getattr(model._meta.pk, "field_names", ())
        unique = [tuple(each.fields) for each in model._meta.constraints if isinstance(each, models.UniqueConstraint)]
        assert key[:1] == ("brand_id",) or ("brand", "id") in unique, model._meta.label


# --- over the wire ---------------------------------------------------------------------------------------------------


@pytest.fixture
def secrets_of_acme(pair: tuple[Shop, Shop]) -> dict[str, str]:
    acme, _ = pair
    card = f"card-{acme.brand.pk}"
    bought = acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 5}, externalTransactionId="INV-9")
    return {
        "card": card,
        "free": f"rack-{acme.brand.pk}",
        "issued": acme.issue(card, 5),
        "redeemed": acme.redeem(card, 1),
        "hold": acme.hold(card, 1),
        "checkout": bought["requestRef"],
    }


def test_acmes_cards_are_unknown_to_charlie(pair: tuple[Shop, Shop], secrets_of_acme: dict[str, str]) -> None:
    acme, charlie = pair
    before = state(acme)
    for card in (secrets_of_acme["card"], secrets_of_acme["free"]):
        refused(charlie, 2, "allocate", {"cardNumber": card})
        refused(charlie, 2, "updateBalance", usd(card, "redeem", 1))
        refused(charlie, 2, "updateAccount", {"cardNumber": card, "customCardNumber": "x"})
        refused(charlie, 2, "cardHistory", {"cardNumber": card})
        refused(charlie, 2, "reactivate", {"cardNumber": card})
        refused(charlie, 2, "checkout", {"cardNumber": card, "checkoutTotal": 5})
        refused(charlie, 2, "listValueTypes", {"lookupCardNumber": card})
        refused(charlie, 2, "voidTransaction", {"cardNumber": card, "requestRef": secrets_of_acme["issued"]})
        assert charlie.ok("search", {"filters": {"cardNumber": card}, "includeInactive": True})["cards"] == []
    assert state(acme) == before


def test_acmes_references_are_unknown_to_charlie(pair: tuple[Shop, Shop], secrets_of_acme: dict[str, str]) -> None:
    acme, charlie = pair
    before, card = state(acme), f"card-{charlie.brand.pk}"
    for name in ("issued", "redeemed", "hold", "checkout"):
        reference = secrets_of_acme[name]
        refused(charlie, 29, "voidTransaction", {"cardNumber": card, "requestRef": reference})
        refused(charlie, 29, "requestLookup", {"requestRef": reference})
        refused(charlie, 8, "checkoutLookup", {"checkoutTransactionId": reference})
        refused(charlie, 8, "updateBalance", usd(card, "redeem", 1, redeemFromHoldTransactionId=reference))
        payments = [{"updateBalanceRequestRef": reference}]
        refused(charlie, 29, "checkout", {"cardNumber": card, "checkoutTotal": 5, "paymentMethods": payments})
    assert charlie.ok("listRequests", {"externalTransactionId": "INV-9"})["requestRefs"] == []
    assert state(acme) == before


def test_acmes_sets_are_unknown_to_charlie(pair: tuple[Shop, Shop]) -> None:
    acme, charlie = pair
    create_card_set(brand=acme.brand, program=acme.gift, code="only-acme", name="Only Acme")
    refused(charlie, 7, "allocate", {"cardSetId": "only-acme"})
    refused(charlie, 7, "allocate", {"cardNumber": "x", "cardSetId": "only-acme", "createIfNew": True})
    refused(charlie, 7, "listValueTypes", {"cardSetId": "only-acme"})


def test_a_search_for_everything_finds_only_ones_own(pair: tuple[Shop, Shop]) -> None:
    acme, charlie = pair
    acme.ok("updateAccount", {"cardNumber": f"card-{acme.brand.pk}", "primaryCustomer": {"email": "ada@example.com"}})
    for filters in ({}, {"firstName": "Ada"}, {"email": "ada@example.com"}):
        found = charlie.ok("search", {"filters": filters, "limit": 25})["cards"]
        assert {each["cardNumber"] for each in found} <= {f"card-{charlie.brand.pk}"}


def test_equal_numbers_in_two_brands_are_two_cards(pair: tuple[Shop, Shop]) -> None:
    acme, charlie = pair
    for shop, amount in ((acme, 5), (charlie, 7)):
        shop.issue(shop.card("twin"), amount)
    assert (acme.free("twin"), charlie.free("twin")) == (5, 7)


def test_the_wrong_places_of_a_brand_are_refused(pair: tuple[Shop, Shop]) -> None:
    acme, charlie = pair
    for shop, other in ((acme, charlie), (charlie, acme)):
        refused(shop, 5, "search", {"filters": {}}, Brand=other.brand.code)
        headers = {"Authorization": other.headers()["Authorization"]}
        refused(shop, 5, "search", {"filters": {}}, **headers)


def test_both_brands_books_add_up(pair: tuple[Shop, Shop]) -> None:
    for shop in pair:
        shop.assert_books_add_up()
