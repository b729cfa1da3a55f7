"""Plain values to request structs, and which refusal wins."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from apps.kernel.errors import InvalidInput, Refusal
from apps.merchant_api.methods.allocate import AllocateRequest
from apps.merchant_api.methods.card_history import CardHistoryRequest
from apps.merchant_api.methods.checkout import CheckoutRequest
from apps.merchant_api.methods.list_requests import ListRequestsRequest
from apps.merchant_api.methods.reactivate import ReactivateRequest
from apps.merchant_api.methods.search import SearchRequest
from apps.merchant_api.methods.update_account import UpdateAccountRequest
from apps.merchant_api.methods.update_balance import UpdateBalanceRequest
from apps.merchant_api.table import METHODS
from apps.merchant_api.wire.binder import MAX_ITEMS, bind
from apps.merchant_api.wire.checkouts import CheckoutProduct
from apps.merchant_api.wire.customers import BrandDemographicsValue
from apps.merchant_api.wire.json import RequestFormat

ISSUE: dict[str, Any] = {"cardNumber": "1", "action": "issue"}


def issue(**more: Any) -> UpdateBalanceRequest:
    return bind(UpdateBalanceRequest, ISSUE | more)


def amount_of(value: Any) -> Decimal | None:
    bound = issue(amount={"balanceType": "Points", "amount": value}).amount
    assert bound is not None
    return bound.amount


def test_defaults_fill_what_was_not_sent() -> None:
    request = issue()
    assert (request.return_balances, request.pin, request.amount) == (False, None, None)


def test_null_is_absent_and_unknown_fields_are_ignored() -> None:
    assert issue(pin=None, returnBalances=None, amount=None, isSomething=[{"x": None}]) == issue()


def test_a_field_equal_to_its_default_gets_its_default() -> None:
    assert issue(releaseHoldRemainder=False, redeemFromHoldTransactionId=None, childCardNumber="") == issue()


@pytest.mark.parametrize(("sent", "bound"), [("12", "12"), (483109705813926, "483109705813926"), (0, "0")])
def test_texts_may_come_as_integers(sent: Any, bound: str) -> None:
    assert bind(ReactivateRequest, {"cardNumber": sent}).card_number == bound


@pytest.mark.parametrize(("sent", "bound"), [(8422, "8422"), (0, "0000"), (42, "0042"), ("7", "7"), ("", "")])
def test_a_pin_that_comes_as_an_integer_is_padded(sent: Any, bound: str) -> None:
    assert issue(pin=sent).pin == bound


@pytest.mark.parametrize("sent", [True, Decimal("1.0"), [], {}])
def test_texts_come_in_no_other_form(sent: Any) -> None:
    with pytest.raises(RequestFormat, match=r"^pin must be a string\.$"):
        issue(pin=sent)


@pytest.mark.parametrize(
    ("sent", "bound"),
    [(5, "5"), (Decimal("12.50"), "12.50"), ("19.9900", "19.9900"), ("-3", "-3"), ("1e2", "100"), (0, "0")],
)
def test_numbers_may_come_as_plain_texts(sent: Any, bound: str) -> None:
    assert str(amount_of(sent)) == bound


@pytest.mark.parametrize(
    "sent",
    [
        True,
        "",
        " 1",
        "1_000",
        "NaN",
        "Infinity",
        "1e999999",
        "\uff11\uff12",
        "\u0663",
        "+1",
        "0x10",
        "1,5",
        [],
        {},
        "1" * 61,
    ],
)
def test_numbers_come_in_no_other_form(sent: Any) -> None:
    with pytest.raises(RequestFormat, match=r"^amount\.amount must be a number\.$"):
        amount_of(sent)


@pytest.mark.parametrize("sent", [10**12, -(10**12), Decimal("1e29"), "1000000000000.00"])
def test_amounts_beyond_any_ledger_are_not_allowed(sent: Any) -> None:
    with pytest.raises(InvalidInput, match="too large"):
        amount_of(sent)


@pytest.mark.parametrize("sent", [10, Decimal("10.0"), "10", "10.00", "1e1"])
def test_whole_numbers_may_come_as_integral_decimals_and_texts(sent: Any) -> None:
    limit = bind(SearchRequest, {"filters": {}, "limit": sent}).limit
    assert limit == 10
    assert type(limit) is int


@pytest.mark.parametrize("sent", [Decimal("10.5"), "1.5", True, "x", [], "\uff11"])
def test_whole_numbers_come_in_no_other_form(sent: Any) -> None:
    with pytest.raises(RequestFormat, match=r"^limit must be a whole number\.$"):
        bind(SearchRequest, {"filters": {}, "limit": sent})


@pytest.mark.parametrize("sent", ["true", 1, 0, "", Decimal(1), []])
def test_booleans_are_strict(sent: Any) -> None:
    with pytest.raises(RequestFormat, match=r"^returnBalances must be true or false\.$"):
        issue(returnBalances=sent)


def test_moments_are_utc() -> None:
    bound = issue(issuedBalanceExpiration="2030-12-31 23:59:59").issued_balance_expiration
    assert bound == datetime(2030, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("sent", ["2030-12-31", "2030-02-30 00:00:00", "2030-12-31T23:59:59", "", 20301231, "x"])
def test_other_forms_of_moments_are_refused(sent: Any) -> None:
    with pytest.raises(RequestFormat, match="issuedBalanceExpiration"):
        issue(issuedBalanceExpiration=sent)


def test_dates_are_dates() -> None:
    raw = {"cardNumber": "1", "brandDemographics": [{"fieldName": "f", "values": [{"dateValue": "2030-02-28"}]}]}
    properties = bind(UpdateAccountRequest, raw).brand_demographics[0]
    assert properties.values == (BrandDemographicsValue(date_value=date(2030, 2, 28)),)


def test_a_birthday_can_be_cleared_but_must_exist() -> None:
    request = bind(UpdateAccountRequest, {"cardNumber": "1", "primaryCustomer": {"birthday": "", "gender": ""}})
    assert request.primary_customer is not None
    assert (request.primary_customer.birthday, request.primary_customer.gender) == ("", "")
    with pytest.raises(RequestFormat, match=r"primaryCustomer\.birthday"):
        bind(UpdateAccountRequest, {"cardNumber": "1", "primaryCustomer": {"birthday": "2030-02-30"}})


def test_an_explicit_null_of_a_brand_demographic_is_kept() -> None:
    raw = {"cardNumber": "1", "brandDemographics": [{"fieldName": "f", "value": None}]}
    properties = bind(UpdateAccountRequest, raw).brand_demographics[0]
    assert properties.value is None
    assert properties.values is UNSET


@pytest.mark.parametrize("raw", [{}, {"cardNumber": None}, {"cardNumber": ""}, {"action": 5, "pin": []}])
def test_a_missing_card_number_has_its_own_text(raw: dict[str, Any]) -> None:
    with pytest.raises(RequestFormat, match=r"^No card number was specified\.$"):
        bind(UpdateBalanceRequest, raw)


def test_required_fields_are_named_with_their_path() -> None:
    with pytest.raises(RequestFormat, match=r"^amount\.balanceType is required\.$"):
        issue(amount={"amount": 5})
    with pytest.raises(RequestFormat, match=r"^products\[1\]\.sku is required\.$"):
        bind(CheckoutRequest, {"products": [{"sku": "a"}, {"sku": ""}]})


def test_a_required_field_with_a_default_is_still_required() -> None:
    raw = {"cardNumber": "1", "thirdPartyUpdates": [{"thirdParty": "email", "categories": [{"name": "news"}]}]}
    with pytest.raises(RequestFormat, match=r"^thirdPartyUpdates\[0\]\.categories\[0\]\.optIn is required\.$"):
        bind(UpdateAccountRequest, raw)


def test_an_empty_text_is_absent_in_ids_and_kept_elsewhere() -> None:
    assert bind(AllocateRequest, {"cardSetId": "", "cardNumber": ""}) == AllocateRequest()
    assert bind(UpdateAccountRequest, {"cardNumber": "1", "customCardNumber": ""}).custom_card_number == ""


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"action": "burn"}, "action must be one of adjustOnly, hold, issue, redeem."),
        ({"amount": {"balanceType": "points"}}, "amount.balanceType must be one of Currency, Custom, Points, Punches."),
        ({"adjustStatus": {"newStatus": ""}}, None),
    ],
)
def test_other_values_than_the_allowed_ones_are_refused(raw: dict[str, Any], message: str | None) -> None:
    with pytest.raises(Refusal) as refused:
        issue(**raw)
    assert refused.value.message == (message or "adjustStatus.newStatus is required.")


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ({"checkoutTotal": -1}, "checkoutTotal"),
        ({"checkoutTotal": Decimal("10000000.01")}, "checkoutTotal"),
        ({"lockSetupDuration": -1}, "lockSetupDuration"),
        ({"coupons": ["c"] * 11}, "coupons"),
        ({"products": [{"sku": "a", "unitPrice": Decimal("-0.01")}]}, "products[0].unitPrice"),
        ({"products": [{"sku": "a", "amountPurchased": -1}]}, "products[0].amountPurchased"),
        ({"preDiscounts": [{"amount": -1}]}, "preDiscounts[0].amount"),
        ({"paymentMethods": [{"amount": -1}]}, "paymentMethods[0].amount"),
        ({"paymentMethods": [{"paymentType": "gold"}]}, "paymentMethods[0].paymentType"),
        ({"trigger": "visit"}, "trigger"),
        ({"recommendationAmount": 21}, "recommendationAmount"),
        ({"products": [{"sku": "a"}] * (MAX_ITEMS + 1)}, "products"),
    ],
)
def test_values_out_of_bounds_answer_9_and_name_the_field(raw: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        bind(CheckoutRequest, raw)
    assert refused.value.message.startswith(f"{path} ")


def test_bounds_themselves_are_allowed() -> None:
    request = bind(CheckoutRequest, {"checkoutTotal": 10_000_000, "coupons": ["c"] * 10, "products": [{"sku": 7}]})
    assert (request.checkout_total, len(request.coupons)) == (Decimal(10_000_000), 10)
    assert request.products == (CheckoutProduct(sku="7"),)


def test_texts_have_a_longest_length_in_characters() -> None:
    raw = {"cardNumber": "1", "customCardNumber": "é" * 64}
    assert bind(UpdateAccountRequest, raw).custom_card_number == "é" * 64
    with pytest.raises(InvalidInput, match=r"^customCardNumber must have at most 64 characters\.$"):
        bind(UpdateAccountRequest, raw | {"customCardNumber": "é" * 65})


@pytest.mark.parametrize("name", ["maxResults", "limit"])
def test_history_limits_are_clamped_above_and_refused_below(name: str) -> None:
    attribute = {"maxResults": "max_results", "limit": "limit"}[name]
    assert getattr(bind(CardHistoryRequest, {"cardNumber": "1", name: 5000}), attribute) == 100
    with pytest.raises(InvalidInput, match=f"^{name} "):
        bind(CardHistoryRequest, {"cardNumber": "1", name: 0})


def test_unknown_call_types_are_not_allowed() -> None:
    with pytest.raises(InvalidInput, match=r"restrictTransactionTypes\[1\]"):
        bind(CardHistoryRequest, {"cardNumber": "1", "restrictTransactionTypes": ["VOID", "NOTHING"]})


@pytest.mark.parametrize("sent", [[None], ["a", None], "a", {}, [1, True]])
def test_lists_hold_no_nulls_and_nothing_of_another_type(sent: Any) -> None:
    with pytest.raises(RequestFormat, match="coupons"):
        bind(CheckoutRequest, {"coupons": sent})


@pytest.mark.parametrize("sent", [[], "x", 5, True])
def test_objects_are_objects(sent: Any) -> None:
    with pytest.raises(RequestFormat, match=r"^filters must be an object\.$"):
        bind(SearchRequest, {"filters": sent})


def test_a_6_anywhere_wins_over_a_9_anywhere() -> None:
    wrong_value, wrong_type = {"action": "burn"}, {"returnBalances": "yes"}
    for raw in (ISSUE | wrong_value | wrong_type, wrong_type | ISSUE | wrong_value):
        with pytest.raises(RequestFormat):
            bind(UpdateBalanceRequest, raw)
    with pytest.raises(RequestFormat):
        bind(CheckoutRequest, {"checkoutTotal": -1, "products": [{"sku": "a", "unitPrice": -1}, {}]})


def test_version_1_ignores_newer_fields_whatever_they_hold() -> None:
    raw = ISSUE | {"childCardNumber": [], "issuedBalanceActivation": "never", "returnBalances": True}
    request = bind(UpdateBalanceRequest, raw, version=1)
    assert (request.child_card_number, request.issued_balance_activation, request.return_balances) == (None, None, True)


def test_a_feature_that_is_off_refuses_what_uses_it() -> None:
    off: frozenset[str] = frozenset()
    for unused in ({}, {"createIfNew": False}, {"createIfNew": None}):
        assert not bind(AllocateRequest, unused, features=off).create_if_new
    with pytest.raises(InvalidInput, match=r"^createIfNew is not enabled for this brand\.$"):
        bind(AllocateRequest, {"createIfNew": True}, features=off)
    with pytest.raises(InvalidInput, match="customRequestDate"):
        bind(UpdateBalanceRequest, ISSUE | {"customRequestDate": "2020-01-01 00:00:00"}, features=off)
    assert bind(AllocateRequest, {"createIfNew": True}, features=frozenset({"createIfNew"})).create_if_new


def test_return_fields_of_a_feature_that_is_off_are_left_out() -> None:
    raw = {"filters": {}, "returnFields": {"pin": True, "segments": True, "recommendationAmount": 3, "balances": True}}
    request = bind(SearchRequest, raw, features=frozenset({"pin"}))
    fields = request.return_fields
    assert fields is not None
    assert (fields.pin, fields.segments, fields.recommendation_amount, fields.balances) == (True, False, 0, True)


@pytest.mark.parametrize(
    ("filters", "is_empty"), [({}, True), ({"email": None}, False), ({"email": ""}, False), ({"other": 1}, False)]
)
def test_only_a_literally_empty_filter_counts_as_one(filters: dict[str, Any], is_empty: bool) -> None:
    assert bind(SearchRequest, {"filters": filters}).filters.is_literally_empty is is_empty


def test_filters_keep_empty_texts() -> None:
    assert bind(SearchRequest, {"filters": {"email": "", "cardNumber": "1"}}).filters.email == ""


def test_malformed_ids_are_not_the_binders_business() -> None:
    assert bind(ListRequestsRequest, {"externalTransactionId": "x" * 5000}).external_transaction_id == "x" * 5000


def test_messages_do_not_repeat_what_was_sent() -> None:
    with pytest.raises(RequestFormat) as refused:
        issue(pin={"secret": "8422"})
    assert "8422" not in refused.value.message


NAMES = ["cardNumber", "action", "amount", "balanceType", "filters", "products", "sku", "unitPrice", "coupons", "limit"]
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(NAMES), below, max_size=6),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(NAMES), values))
def test_bind_raises_nothing_but_refusals(raw: dict[str, Any]) -> None:
    for operation in METHODS.values():
        try:
            assert isinstance(bind(operation.request, raw), operation.request)
        except Refusal as refused:
            assert refused.code in (6, 9)
