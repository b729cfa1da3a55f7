"""updateAccount over the wire: the brand's own fields."""

from typing import Any

import pytest

from apps.customers.core.roles import Role
from apps.customers.models import DemographicField, FieldValue
from apps.customers.operations.create_demographic_field import create_demographic_field
from tests.merchant_api.methods.test_update_account_people import family, people
from tests.merchant_api.steady import change_brand, refused
from tests.shop import Shop

TYPES = ("integer", "date", "string", "decimal")
TYPED: dict[str, tuple[dict[str, Any], str]] = {
    "integer": ({"integerValue": 7}, "7"),
    "date": ({"dateValue": "2024-02-29"}, "2024-02-29"),
    "string": ({"stringValue": "Gold"}, "Gold"),
    "decimal": ({"decimalValue": 1.50}, "1.5"),
}


def add_field(shop: Shop, code: str, data_type: str = "string", **more: Any) -> None:
    create_demographic_field(brand=shop.brand, code=code, name=code.title(), data_type=data_type, **more)


@pytest.fixture
def card(acme: Shop) -> str:
    """A card of a brand with a field of each type, and with tags, a field for several texts."""
    for data_type in TYPES:
        add_field(acme, data_type, data_type)
    add_field(acme, "tags", is_multiple=True)
    add_field(acme, "tier", "integer", choices=["1", "2", "3"])
    return acme.card()


def body(card: str, field: str, **more: Any) -> dict[str, Any]:
    return {"cardNumber": card, "brandDemographics": [{"fieldName": field} | more]}


def put(shop: Shop, card: str, field: str, **more: Any) -> None:
    shop.ok("updateAccount", body(card, field, **more))


def texts(*values: str) -> list[dict[str, str]]:
    return [{"stringValue": value} for value in values]


def stored(shop: Shop, field: str) -> list[str]:
    field_id = DemographicField.objects.get(brand=shop.brand, code=field).pk
    rows = FieldValue.objects.filter(brand=shop.brand, field_id=field_id).order_by("no")
    return [row.value for row in rows]


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("integer", "042", "42"),
        ("integer", 42, "42"),
        ("date", "2024-02-29", "2024-02-29"),
        ("string", " Gold ", " Gold "),
        ("decimal", "-1.50", "-1.5"),
        ("tier", "02", "2"),
        ("tags", "one", "one"),
    ],
)
def test_a_text_is_read_as_the_fields_type(acme: Shop, card: str, field: str, value: Any, expected: str) -> None:
    put(acme, card, field, value=value)
    assert stored(acme, field) == [expected]


@pytest.mark.parametrize("data_type", TYPES)
def test_typed_values_fit_their_own_type_only(acme: Shop, card: str, data_type: str) -> None:
    for field in TYPES:
        value, expected = TYPED[data_type]
        if field == data_type:
            put(acme, card, field, values=[value])
            assert stored(acme, field) == [expected]
        else:
            refused(acme, 9, "updateAccount", body(card, field, values=[value]))


def test_overwrite_append_and_append_unique(acme: Shop, card: str) -> None:
    put(acme, card, "tags", values=texts("a", "b", "c"))
    put(acme, card, "tags", mode="append", values=texts("a", "d"))
    assert stored(acme, "tags") == ["a", "b", "c", "a", "d"]
    put(acme, card, "tags", mode="appendUnique", values=texts("d", "e", "e"))
    assert stored(acme, "tags") == ["a", "b", "c", "a", "d", "e"]
    put(acme, card, "tags", mode="append", value="f")
    assert stored(acme, "tags")[-1] == "f"
    put(acme, card, "tags", mode="overwrite", values=texts("z", "b"))
    assert stored(acme, "tags") == ["z", "b"]


def test_a_single_field_is_replaced_whatever_the_mode(acme: Shop, card: str) -> None:
    for mode in ("append", "appendUnique", "overwrite"):
        put(acme, card, "string", mode=mode, value=mode)
        assert stored(acme, "string") == [mode]


@pytest.mark.parametrize(
    "unset", [{"value": None}, {"values": None}, {"values": []}, {"value": ""}, {"value": None, "values": None}]
)
def test_an_explicit_null_unsets(acme: Shop, card: str, unset: dict[str, Any]) -> None:
    for field in ("string", "tags"):
        put(acme, card, field, value="a")
        put(acme, card, field, **unset)
        assert stored(acme, field) == []


def test_a_null_beside_a_value_says_nothing(acme: Shop, card: str) -> None:
    put(acme, card, "string", value="a", values=None)
    assert stored(acme, "string") == ["a"]
    put(acme, card, "tags", value=None, values=texts("a", "b"))
    assert stored(acme, "tags") == ["a", "b"]


def test_fields_are_changed_in_the_order_of_the_call(acme: Shop, card: str) -> None:
    changes = [{"fieldName": "tags", "mode": "append", "value": value} for value in ("a", "b")]
    acme.ok("updateAccount", {"cardNumber": card, "brandDemographics": [*changes, {"fieldName": "tier", "value": 1}]})
    assert (stored(acme, "tags"), stored(acme, "tier")) == (["a", "b"], ["1"])


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("none", {"value": "x"}),
        ("String", {"value": "x"}),
        ("string", {}),
        ("string", {"value": "x", "values": texts("y")}),
        ("string", {"value": "x", "values": []}),
        ("string", {"values": texts("x", "y")}),
        ("string", {"values": texts("")}),
        ("string", {"value": "x" * 501}),
        ("string", {"values": [{}]}),
        ("string", {"values": [{"stringValue": "x", "integerValue": 1}]}),
        ("integer", {"value": "x"}),
        ("integer", {"value": "1.5"}),
        ("integer", {"value": str(2**63)}),
        ("date", {"value": "2023-02-29"}),
        ("date", {"value": "29.02.2024"}),
        ("decimal", {"value": "1e3"}),
        ("tier", {"value": "4"}),
        ("tags", {"mode": "append", "value": None}),
        ("tags", {"mode": "appendUnique", "values": None}),
        ("tags", {"mode": "replace", "value": "x"}),
    ],
)
def test_what_is_not_allowed_answers_9(acme: Shop, card: str, field: str, sent: dict[str, Any]) -> None:
    put(acme, card, "tags", value="a")
    refused(acme, 9, "updateAccount", body(card, field, **sent))


@pytest.mark.parametrize("first", [0x4E00, 0x20000])
def test_the_longest_value_of_any_script_is_kept_and_a_longer_one_answers_9(acme: Shop, card: str, first: int) -> None:
    # signs that an index cannot compress
    longest = "".join(chr(first + number * 7919 % 20_000) for number in range(1200 // len(chr(first).encode())))
    put(acme, card, "string", value=longest)
    assert stored(acme, "string") == [longest]
    refused(acme, 9, "updateAccount", body(card, "string", value=longest + "x"))


def test_a_value_that_is_longer_in_lower_case_is_kept(acme: Shop, card: str) -> None:
    longest = "".join(chr(0x100 + number * 97 % 0x150) + "\u023a" for number in range(250))
    put(acme, card, "string", value=longest)
    assert stored(acme, "string") == [longest]


@pytest.mark.parametrize(
    "sent",
    [
        {"value": True},
        {"value": ["x"]},
        {"values": "x"},
        {"values": [None]},
        {"values": [{"integerValue": 1.5}]},
        {"values": [{"dateValue": "2023-02-29"}]},
        {"fieldName": None},
        {"mode": 1, "value": "x"},
    ],
)
def test_wrong_types_answer_6(acme: Shop, card: str, sent: dict[str, Any]) -> None:
    expected = 9 if "mode" in sent else 6  # an integer is a text to the wire, though none of the modes
    refused(acme, expected, "updateAccount", body(card, "tags", **sent))


def test_a_field_that_is_switched_off_is_unknown(acme: Shop, card: str) -> None:
    DemographicField.objects.filter(brand=acme.brand, code="tier").update(is_active=False)
    refused(acme, 9, "updateAccount", body(card, "tier", value="1"))


def test_another_brands_fields_are_unknown(acme: Shop, card: str, charlie: Shop) -> None:
    add_field(charlie, "theirs")
    refused(acme, 9, "updateAccount", body(card, "theirs", value="x"))
    put(acme, card, "string", value="ours")
    assert not FieldValue.objects.filter(brand=charlie.brand).exists()


def test_a_value_makes_a_customer_once(acme: Shop, card: str) -> None:
    put(acme, card, "string", value="a")
    put(acme, card, "tier", value="1")
    acme.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"firstName": "Ada"}})
    found = people(acme, card)
    assert list(found) == [Role.PRIMARY]
    rows = FieldValue.objects.filter(brand=acme.brand).values_list("customer_id", "role", "card_id").distinct()
    assert list(rows) == [(found[Role.PRIMARY].pk, Role.PRIMARY, found[Role.PRIMARY].card_id)]


def test_a_child_has_values_of_its_own(acme: Shop, card: str) -> None:
    root = family(acme)
    put(acme, root, "string", value="root")
    acme.ok("updateAccount", body(root, "string", value="kid") | {"childCardNumber": "kid"})
    child = people(acme, root)[Role.CHILD]
    rows = FieldValue.objects.filter(brand=acme.brand).values_list("value", "role", "card_id").order_by("role")
    assert list(rows) == [("root", Role.PRIMARY, child.card_id), ("kid", Role.CHILD, child.card_id)]


def test_version_1_knows_one_value_and_no_mode(acme: Shop, card: str) -> None:
    put(acme, card, "tags", value="a")
    change_brand(acme, api_version=1)
    put(acme, card, "tags", mode="append", value="b", values=texts("c"))
    assert stored(acme, "tags") == ["b"]
    refused(acme, 9, "updateAccount", body(card, "tags", values=texts("c")))
