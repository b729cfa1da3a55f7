"""updateBalance over the wire: issue, redeem, bounds, adjustments. Holds have a module of their own."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.cards.core.status import CardStatus
from apps.cards.models import Card
from apps.ledger.models import Entry, Wallet
from apps.programs.operations.create_value_type import create_value_type
from apps.requestlog.models import Operation
from tests.merchant_api.steady import (
    ago,
    ahead,
    change_brand,
    change_type,
    close_books,
    history,
    movements,
    pinned,
    points,
    rack,
    refused,
    set_status,
    status_of,
)
from tests.shop import Shop, open_shop, usd

USD = {"balanceType": "Currency", "balanceCode": "USD"}


def loyal(shop: Shop) -> str:
    return shop.card(card_set=shop.loyalty_set)


# --- answers ---------------------------------------------------------------------------------------------------------


def test_an_issue_answers_exactly_this(acme: Shop) -> None:
    card = acme.card()
    reply = acme.ok("updateBalance", usd(card, "issue", 10))
    reference = reply["requestRef"]
    assert reply.body == {
        "requestRef": reference,
        "success": True,
        "transactionId": reference,
        "cardNumber": card,
        "didOverdraw": False,
    }


def test_balances_are_those_at_the_end_with_the_digits_of_their_scale(acme: Shop) -> None:
    card = acme.card()
    reply = acme.ok("updateBalance", usd(card, "issue", 10, returnBalances=True))
    assert reply["balances"] == [USD | {"amount": Decimal("10.00"), "scale": 2, "isHold": False}]
    assert '"amount":10.00' in reply.text
    assert '"amount":0.10' in acme.ok("updateBalance", usd(card, "redeem", "9.9", returnBalances=True)).text
    assert acme.ok("updateBalance", usd(card, "redeem", "0.1", returnBalances=True))["balances"] == []


def test_points_have_no_code_and_no_decimals(acme: Shop) -> None:
    reply = acme.ok("updateBalance", points(loyal(acme), "issue", 5, returnBalances=True))
    assert reply["balances"] == [{"balanceType": "Points", "amount": 5, "scale": 0, "isHold": False}]
    assert '"amount":5,' in reply.text


def test_large_and_small_amounts_never_show_an_exponent(acme: Shop) -> None:
    create_value_type(
        brand=acme.brand, program=acme.gift, balance_type="Custom", balance_code="dust", scale=6, code_display="Dust"
    )
    body = usd(acme.card(), "issue", 0)
    body["amount"] = {"balanceType": "Custom", "balanceCode": "dust", "amount": "0.000001"}
    reply = acme.ok("updateBalance", body | {"returnBalances": True})
    assert '"amount":0.000001' in reply.text
    body["amount"]["amount"] = 999999999998
    assert '"amount":999999999998.000001' in acme.ok("updateBalance", body | {"returnBalances": True}).text


@pytest.mark.parametrize("amount", [10, "10", "10.00", "10.5000", 1e1, "1e1", "0.01"])
def test_amounts_may_be_numbers_or_numeric_texts(acme: Shop, amount: Any) -> None:
    card = acme.card()
    acme.issue(card, amount)
    assert acme.free(card) == Decimal(str(amount))


# --- amounts and value types -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["issue", "redeem", "hold"])
@pytest.mark.parametrize("amount", [0, "0.00", -1, "-0.01", "0.001", "1.005", 10**12])
def test_amounts_that_are_not_possible_answer_9(acme: Shop, action: str, amount: Any) -> None:
    card = acme.card()
    acme.issue(card, 100)
    refused(acme, 9, "updateBalance", usd(card, action, amount))


def test_more_decimals_than_the_scale_answer_9_but_trailing_zeros_do_not_count(acme: Shop) -> None:
    card = loyal(acme)
    acme.ok("updateBalance", points(card, "issue", "5.000"))
    refused(acme, 9, "updateBalance", points(card, "issue", "5.5"))


@pytest.mark.parametrize("action", ["issue", "redeem", "hold"])
@pytest.mark.parametrize(
    "kind",
    [
        {"balanceType": "Points"},
        {"balanceType": "Currency", "balanceCode": "EUR"},
        {"balanceType": "Currency"},
        {"balanceType": "Currency", "balanceCode": ""},
        {"balanceType": "Currency", "balanceCode": "usd"},
        {"balanceType": "Custom", "balanceCode": "USD"},
        {"balanceType": "Custom"},
    ],
)
def test_value_types_that_the_program_lacks_answer_12(acme: Shop, action: str, kind: dict[str, Any]) -> None:
    card = acme.card()
    refused(acme, 12, "updateBalance", {"cardNumber": card, "action": action, "amount": kind | {"amount": 1}})


def test_a_code_with_points_is_ignored(acme: Shop) -> None:
    card = loyal(acme)
    body = points(card, "issue", 5, returnBalances=True)
    body["amount"]["balanceCode"] = "USD"
    assert acme.ok("updateBalance", body)["balances"][0] == {
        "balanceType": "Points",
        "amount": 5,
        "scale": 0,
        "isHold": False,
    }


def test_two_value_types_of_a_card_are_apart(acme: Shop) -> None:
    create_value_type(brand=acme.brand, program=acme.gift, balance_type="Punches", scale=0)
    card = acme.card()
    acme.issue(card, 10)
    body = {"cardNumber": card, "action": "issue", "amount": {"balanceType": "Punches", "amount": 3}}
    acme.ok("updateBalance", body)
    assert [(each["balanceType"], each["amount"]) for each in acme.balances(card)] == [("Currency", 10), ("Punches", 3)]
    refused(acme, 13, "updateBalance", body | {"action": "redeem", "amount": {"balanceType": "Punches", "amount": 4}})


# --- bounds ----------------------------------------------------------------------------------------------------------


def test_issuance_bounds_answer_13(acme: Shop) -> None:
    change_type(acme, acme.usd, issue_minimum=Decimal(5), issue_maximum=Decimal(50))
    card = acme.card()
    refused(acme, 13, "updateBalance", usd(card, "issue", "4.99"))
    refused(acme, 13, "updateBalance", usd(card, "issue", "50.01"))
    acme.issue(card, 5)
    acme.issue(card, 50)
    assert acme.free(card) == 55


def test_the_maximum_counts_free_held_and_delayed(acme: Shop) -> None:
    change_type(acme, acme.usd, maximum=Decimal(100))
    card = acme.card()
    acme.issue(card, 30)
    acme.hold(card, 20)
    acme.issue(card, 40, issuedBalanceActivation=ahead(days=1))
    refused(acme, 13, "updateBalance", usd(card, "issue", "30.01"))
    acme.issue(card, 30)
    assert acme.free(card) == 40


def test_the_maximum_does_not_bind_voids_and_releases(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 50)
    held = acme.hold(card, 20)
    spent = acme.redeem(card, 30)
    change_type(acme, acme.usd, maximum=Decimal(10))
    acme.ok("voidTransaction", {"cardNumber": card, "requestRef": spent})
    acme.redeem(card, 0, redeemFromHoldTransactionId=held, releaseHoldRemainder=True)
    assert acme.free(card) == 50


def test_redemption_bounds_bind_redeem_and_hold_but_not_redemptions_from_a_hold(acme: Shop) -> None:
    change_type(acme, acme.usd, redeem_minimum=Decimal(5), redeem_maximum=Decimal(50))
    card = acme.card()
    acme.issue(card, 200)
    for action in ("redeem", "hold"):
        refused(acme, 13, "updateBalance", usd(card, action, "4.99"))
        refused(acme, 13, "updateBalance", usd(card, action, "50.01"))
    held = acme.hold(card, 50)
    acme.redeem(card, 1, redeemFromHoldTransactionId=held)
    acme.redeem(card, 60, redeemFromHoldTransactionId=held)
    assert acme.free(card) == 139


def test_redemption_bounds_bind_the_requested_amount(acme: Shop) -> None:
    change_type(acme, acme.usd, redeem_minimum=Decimal(5), redeem_maximum=Decimal(50))
    card = acme.card()
    acme.issue(card, 3)
    refused(acme, 13, "updateBalance", usd(card, "redeem", 51, redeemMaxOnOverdraw=True))
    assert acme.ok("updateBalance", usd(card, "redeem", 5, redeemMaxOnOverdraw=True))["overdrawAmount"] == 2


# --- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "dates",
    [
        {"issuedBalanceExpiration": ago(seconds=1)},
        {"issuedBalanceActivation": ago(seconds=1)},
        {"issuedBalanceActivation": ahead(days=2), "issuedBalanceExpiration": ahead(days=1)},
        {"issuedBalanceActivation": ahead(days=1), "issuedBalanceExpiration": ahead(days=1)},
        {"issuedBalanceActivation": ago(days=1), "issuedBalanceExpiration": ahead(days=1)},
        {"issuedBalanceExpiration": "2024-01-01 00:00:00", "customRequestDate": "2024-01-01 00:00:00"},
        {"issuedBalanceActivation": "2024-01-01 00:00:00", "customRequestDate": "2024-01-01 00:00:00"},
    ],
)
def test_activation_before_expiry_and_both_after_the_moment_else_9(acme: Shop, dates: dict[str, str]) -> None:
    card = acme.card("D-1") if "customRequestDate" not in dates else "D-2"
    if card == "D-2":
        rack(acme, card)
        acme.ok("allocate", {"cardNumber": card, "customRequestDate": "2023-01-01 00:00:00"})
    refused(acme, 9, "updateBalance", usd(card, "issue", 5, **dates))


@pytest.mark.parametrize("action", ["redeem", "hold"])
@pytest.mark.parametrize(
    "more",
    [
        {"issuedBalanceExpiration": ahead(days=1)},
        {"issuedBalanceActivation": ahead(days=1)},
        {"isReturnRelated": True},
    ],
)
def test_facts_of_an_issue_go_with_no_other_action(acme: Shop, action: str, more: dict[str, Any]) -> None:
    card = acme.card()
    acme.issue(card, 50)
    refused(acme, 9, "updateBalance", usd(card, action, 5, **more))


def test_value_is_not_there_before_its_activation(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10, issuedBalanceActivation=ahead(hours=1))
    assert acme.balances(card) == []
    refused(acme, 13, "updateBalance", usd(card, "redeem", 1))


def old_card(shop: Shop) -> str:
    """A card that has been active since the first day of 2024."""
    body = {"cardNumber": "old", "cardSetId": shop.gift_set.code, "createIfNew": True}
    return str(shop.ok("allocate", body | {"customRequestDate": "2024-01-01 00:00:00"})["cardNumber"])


def test_value_becomes_usable_at_its_moment(acme: Shop) -> None:
    card = old_card(acme)
    acme.issue(card, 10, issuedBalanceActivation="2024-02-01 00:00:00", customRequestDate="2024-01-02 00:00:00")
    refused(acme, 13, "updateBalance", usd(card, "redeem", 1, customRequestDate="2024-01-31 23:59:59"))
    acme.redeem(card, 1, customRequestDate="2024-02-01 00:00:00")
    assert acme.free(card) == 9


def test_expiry_is_exact_and_booked_with_its_moment(acme: Shop) -> None:
    card = old_card(acme)
    acme.issue(card, 10, issuedBalanceExpiration="2024-02-01 00:00:00", customRequestDate="2024-01-02 00:00:00")
    acme.redeem(card, 1, customRequestDate="2024-01-31 23:59:59")
    refused(acme, 13, "updateBalance", usd(card, "redeem", 1, customRequestDate="2024-02-01 00:00:00"))
    assert acme.balances(card) == []
    acme.issue(card, 5)
    expiry = Entry.objects.get(brand=acme.brand, kind=5)
    assert (expiry.amount, expiry.occurred_at) == (-9, datetime(2024, 2, 1, tzinfo=UTC))
    assert expiry.booked_on.isoformat() == "2024-02-01"


def test_dates_sent_by_a_client_stay_exact(acme: Shop) -> None:
    card = old_card(acme)
    early, late = "2024-02-01 12:00:00", "2024-02-01 12:00:01"
    for moment in (early, late):
        acme.issue(card, 10, issuedBalanceExpiration=moment, customRequestDate="2024-01-02 00:00:00")
    assert acme.free(card) == 0
    acme.redeem(card, 10, customRequestDate=early)
    refused(acme, 13, "updateBalance", usd(card, "redeem", 1, customRequestDate=late))


# --- spending order --------------------------------------------------------------------------------------------------


def test_spending_order_is_return_related_then_earliest_expiry_then_never_then_oldest(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 1)
    acme.issue(card, 2, issuedBalanceExpiration=ahead(days=20))
    acme.issue(card, 4, issuedBalanceExpiration=ahead(days=10))
    acme.issue(card, 8, isReturnRelated=True)
    acme.issue(card, 16, isReturnRelated=True, issuedBalanceExpiration=ahead(days=30))
    acme.redeem(card, 31)
    taken = Entry.objects.filter(brand=acme.brand, kind=2).order_by("seq").values_list("amount", flat=True)
    assert [-amount for amount in taken] == [16, 8, 4, 2, 1]


def test_too_little_answers_13_and_takes_nothing(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    refused(acme, 13, "updateBalance", usd(card, "redeem", "10.01"))
    assert [row["callType"] for row in history(acme, card)] == ["UPDATE_BALANCE", "ALLOCATE"]
    acme.redeem(card, 10)
    assert acme.balances(card) == []


def test_overdraw_takes_what_is_there(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 40)
    reply = acme.ok("updateBalance", usd(card, "redeem", 50, redeemMaxOnOverdraw=True))
    assert reply["didOverdraw"] is True
    assert '"overdrawAmount":10.00' in reply.text
    assert acme.balances(card) == []


def test_overdraw_may_take_nothing_at_all(acme: Shop) -> None:
    card = acme.card()
    reply = acme.ok("updateBalance", usd(card, "redeem", 5, redeemMaxOnOverdraw=True))
    assert (reply["didOverdraw"], reply["overdrawAmount"]) == (True, 5)
    assert [row["callType"] for row in history(acme, card)] == ["UPDATE_BALANCE", "ALLOCATE"]


def test_without_overdraw_there_is_no_overdraw_amount(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 40)
    reply = acme.ok("updateBalance", usd(card, "redeem", 40, redeemMaxOnOverdraw=True))
    assert reply["didOverdraw"] is False
    assert "overdrawAmount" not in reply.body


@pytest.mark.parametrize("action", ["issue", "hold"])
def test_overdraw_goes_with_redeem_only(acme: Shop, action: str) -> None:
    card = acme.card()
    acme.issue(card, 40)
    refused(acme, 9, "updateBalance", usd(card, action, 5, redeemMaxOnOverdraw=True))


def test_a_field_equal_to_its_default_counts_as_absent(acme: Shop) -> None:
    card = acme.card()
    defaults = {"releaseHoldRemainder": False, "isReturnRelated": False, "redeemFromHoldTransactionId": None}
    acme.issue(card, 5, **defaults, redeemMaxOnOverdraw=False, isAccountingAdjustment=False)
    acme.hold(card, 5, **defaults, redeemMaxOnOverdraw=False)
    assert acme.balances(card)[0]["isHold"] is True


# --- adjustments -----------------------------------------------------------------------------------------------------

SUSPEND = {"adjustStatus": {"newStatus": "Suspended"}}
ADJUST = {"isAccountingAdjustment": True}


@pytest.mark.parametrize(
    "body",
    [
        {"action": "adjustOnly"},
        {"action": "adjustOnly"} | SUSPEND,
        {"action": "adjustOnly"} | ADJUST,
        {"action": "adjustOnly", "amount": USD | {"amount": 1}} | ADJUST | SUSPEND,
        {"action": "adjustOnly", "amount": USD} | ADJUST | SUSPEND,
        {"action": "adjustOnly", "childCardNumber": "kid"} | ADJUST | SUSPEND,
        {"action": "issue", "amount": USD | {"amount": 1}} | SUSPEND,
        {"action": "redeem", "amount": USD | {"amount": 1}} | SUSPEND,
        {"action": "hold", "amount": USD | {"amount": 1}} | ADJUST,
        {"action": "hold", "amount": USD | {"amount": 1}} | ADJUST | SUSPEND,
        {"action": "issue", "amount": USD | {"amount": 0}} | ADJUST,
        {"action": "issue"} | ADJUST,
        {"action": "issue", "amount": USD} | ADJUST,
        {"action": "issue", "amount": USD | {"amount": 1}} | ADJUST | {"adjustStatus": {"newStatus": "Activated"}},
    ],
)
def test_adjustments_that_make_no_sense_answer_9(acme: Shop, body: dict[str, Any]) -> None:
    card = acme.card()
    acme.issue(card, 10)
    refused(acme, 9, "updateBalance", {"cardNumber": card} | body)


@pytest.mark.parametrize("status", ["Lost", "Stolen", "Suspended", "Expired", "Closed"])
def test_an_adjustment_changes_the_status_and_further_calls_answer_11(acme: Shop, status: str) -> None:
    card = acme.card()
    acme.issue(card, 10)
    set_status(acme, card, status)
    assert status_of(acme, card) == status
    for action in ("issue", "redeem", "hold"):
        refused(acme, 11, "updateBalance", usd(card, action, 1))
    refused(acme, 11, "updateBalance", {"cardNumber": card, "action": "adjustOnly"} | ADJUST | SUSPEND)
    assert acme.free(card) == 10


def test_value_and_status_are_adjusted_in_one_call(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    reply = acme.ok("updateBalance", usd(card, "redeem", 4, returnBalances=True) | ADJUST | SUSPEND)
    assert reply["balances"][0]["amount"] == 6
    assert status_of(acme, card) == "Suspended"
    assert Entry.objects.get(brand=acme.brand, amount=-4).kind == 6


def test_a_refused_adjustment_leaves_the_status(acme: Shop) -> None:
    card = acme.card()
    refused(acme, 13, "updateBalance", usd(card, "redeem", 4) | ADJUST | SUSPEND)
    assert status_of(acme, card) == "Activated"


def test_a_negative_issue_takes_by_spending_order(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 5)
    acme.issue(card, 7, issuedBalanceExpiration=ahead(days=10))
    acme.issue(card, -9, **ADJUST)
    moved = Entry.objects.filter(brand=acme.brand, amount__lt=0).order_by("seq").values_list("amount", "kind")
    assert list(moved) == [(-7, 6), (-2, 6)]
    refused(acme, 13, "updateBalance", usd(card, "issue", "-3.01") | ADJUST)


def test_a_negative_redeem_adds_plain_value(acme: Shop) -> None:
    card = acme.card()
    acme.redeem(card, -9, **ADJUST)
    assert acme.free(card) == 9
    entry = Entry.objects.get(brand=acme.brand)
    assert (entry.kind, entry.amount) == (6, 9)


def test_negative_adjustments_keep_to_the_maximum_balance(acme: Shop) -> None:
    change_type(acme, acme.usd, maximum=Decimal(10))
    refused(acme, 13, "updateBalance", usd(acme.card(), "redeem", "-10.01") | ADJUST)


def test_a_demo_card_acts_as_active_and_keeps_its_status(acme: Shop) -> None:
    card = acme.card()
    Card.objects.filter(brand=acme.brand).update(status=int(CardStatus.DEMO), is_demo=True)
    Wallet.objects.filter(brand=acme.brand).update(is_demo=True)
    acme.issue(card, 10)
    refused(acme, 9, "updateBalance", {"cardNumber": card, "action": "adjustOnly"} | ADJUST | SUSPEND)
    assert status_of(acme, card) == "Demo"
    assert Entry.objects.get(brand=acme.brand).is_demo


# --- cards and order of checks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["issue", "redeem", "hold"])
def test_unknown_cards_answer_2_and_inactive_ones_11(acme: Shop, action: str) -> None:
    refused(acme, 2, "updateBalance", usd("no-such-card", action, 1))
    refused(acme, 11, "updateBalance", usd(rack(acme, "A-1"), action, 1))
    refused(acme, 11, "updateBalance", usd(rack(acme, "A-2", status=CardStatus.DISTRIBUTED), action, 1))


def test_a_missing_card_number_is_told_literally(acme: Shop) -> None:
    for body in ({"action": "issue"}, {"cardNumber": "", "action": "issue"}, {"cardNumber": None}):
        assert refused(acme, 6, "updateBalance", body)["errorMessage"] == "No card number was specified."


def test_the_first_failure_answers(acme: Shop) -> None:
    card = pinned(acme, "A-1", "0042")
    wrong = {"forcePinValidation": True, "pin": "9"}
    refused(acme, 6, "updateBalance", usd("none", "issue", 0, isReturnRelated="yes"))
    refused(acme, 9, "updateBalance", usd("none", "issue", 0) | wrong)
    refused(acme, 2, "updateBalance", usd("none", "redeem", 1, customRequestDate=ahead(days=1)) | wrong)
    refused(acme, 11, "updateBalance", usd(rack(acme, "A-2"), "redeem", 1) | wrong)
    refused(acme, 10, "updateBalance", usd(card, "redeem", 1) | wrong)
    refused(acme, 13, "updateBalance", usd(card, "redeem", 1) | wrong | {"pin": "0042"})


def test_a_brand_without_the_feature_refuses_custom_request_date() -> None:
    shop = open_shop("plain", features=["createIfNew"])
    card = shop.card()
    refused(shop, 9, "updateBalance", usd(card, "issue", 1, customRequestDate=ago(days=1)))
    shop.issue(card, 1, customRequestDate=None)


def test_custom_request_date_in_the_future_or_in_a_closed_period_answers_9(acme: Shop) -> None:
    card = acme.card()
    close_books(acme, datetime.now(UTC) - timedelta(days=10))
    refused(acme, 9, "updateBalance", usd(card, "issue", 1, customRequestDate=ahead(hours=1)))
    refused(acme, 9, "updateBalance", usd(card, "issue", 1, customRequestDate=ago(days=10)))
    refused(acme, 6, "updateBalance", usd(card, "issue", 1, customRequestDate="2024-01-01T00:00:00Z"))


def test_a_late_till_is_booked_at_the_cards_last_movement(acme: Shop) -> None:
    card = old_card(acme)
    acme.issue(card, 1, customRequestDate="2024-03-01 00:00:00")
    acme.issue(card, 2, customRequestDate="2024-02-01 00:00:00")
    moments = Entry.objects.filter(brand=acme.brand).order_by("seq").values_list("occurred_at", flat=True)
    assert list(moments) == [datetime(2024, 3, 1, tzinfo=UTC)] * 2


def test_custom_mutation_type_is_kept_with_the_operation_where_the_feature_is_on(acme: Shop) -> None:
    card = acme.card()
    refused(acme, 9, "updateBalance", usd(card, "issue", 1, customMutationType="refill"))
    change_brand(acme, features=["customMutationType", "createIfNew"])
    reference = acme.issue(card, 1, customMutationType="refill")
    assert Operation.objects.get(brand=acme.brand, id=reference).custom_mutation_type == "refill"


def test_version_1_ignores_newer_fields(acme: Shop) -> None:
    change_brand(acme, api_version=1)
    card = rack(acme, "A-1")
    acme.ok("allocate", {"cardNumber": card})
    acme.issue(card, 5, issuedBalanceActivation=ahead(days=1))
    assert acme.free(card) == 5


def test_a_history_adds_up(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    acme.redeem(card, "2.50")
    acme.issue(card, "-1.25", **ADJUST)
    assert sum(amount for row in history(acme, card) for amount in movements(row)) == Decimal("6.25")


def test_a_program_without_pins_passes_no_pin_and_empty_ones(acme: Shop) -> None:
    card = loyal(acme)
    for pin in ({}, {"pin": None}, {"pin": ""}):
        acme.ok("updateBalance", points(card, "issue", 1, forcePinValidation=True, **pin))
    refused(acme, 10, "updateBalance", points(card, "issue", 1, forcePinValidation=True, pin="0000"))
    acme.ok("updateBalance", points(card, "issue", 1, pin="0000"))
