"""updateBalance over the wire: redemptions in another currency than the card's."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from apps.ledger.models import Conversion, Entry
from apps.programs.operations.create_card_set import create_card_set
from apps.programs.operations.create_program import create_program
from apps.programs.operations.create_value_type import create_value_type
from tests.merchant_api.methods.test_void_transaction import void
from tests.merchant_api.steady import ahead, change_brand, change_type, refused
from tests.programs.rates import rated
from tests.shop import Shop, usd


@pytest.fixture
def card(acme: Shop) -> str:
    """A card with 100.00 USD; a euro is worth 1.0875 of them."""
    rated(acme, "EUR", "USD", "1.0875")
    card = acme.card()
    acme.issue(card, 100)
    return card


def euros(card: str, amount: Any, *, code: str | None = "EUR", **more: Any) -> dict[str, Any]:
    """The body of a redemption that converts."""
    balance = {"balanceType": "Currency", "balanceCode": code, "amount": amount, "convertToMainCurrency": True}
    return {"cardNumber": card, "action": "redeem", "amount": balance} | more


# --- what is taken ---------------------------------------------------------------------------------------------------


def test_what_was_taken_from_the_main_currency_is_answered(acme: Shop, card: str) -> None:
    reply = acme.ok("updateBalance", euros(card, 10))
    assert reply["convertedAmount"] == Decimal("10.88")  # 10.875, half-up
    assert reply["didOverdraw"] is False
    assert "overdrawAmount" not in reply.body
    assert acme.free(card) == Decimal("89.12")


def test_both_amounts_and_the_rate_are_kept_beside_the_redemption(acme: Shop, card: str) -> None:
    reference = acme.ok("updateBalance", euros(card, "10.50"))["transactionId"]
    entry = Entry.objects.get(brand=acme.brand, operation_id=reference)
    kept = Conversion.objects.get(brand=acme.brand, operation_id=reference)
    assert (kept.mutation_no, kept.wallet_id, kept.value_type_id) == (
        entry.mutation_no,
        entry.wallet_id,
        acme.usd.pk,
    )
    assert (kept.currency, kept.amount, kept.converted) == ("EUR", Decimal("10.5"), -entry.amount)
    assert kept.rate == Decimal("1.0875")
    assert kept.converted == Decimal("11.42")


def test_the_scale_is_that_of_the_value_type(acme: Shop) -> None:
    yen = create_program(brand=acme.brand, code="yen", name="Yen", type="gift", uses_pins=False)
    create_value_type(brand=acme.brand, program=yen, balance_type="Currency", balance_code="JPY", scale=0)
    rated(acme, "KWD", "JPY", "487.6")
    card = acme.card(card_set=create_card_set(brand=acme.brand, program=yen, code="yen-cards", name="Yen cards"))
    issue = {"balanceType": "Currency", "balanceCode": "JPY", "amount": 5000}
    acme.ok("updateBalance", {"cardNumber": card, "action": "issue", "amount": issue})
    reply = acme.ok("updateBalance", euros(card, "1.005", code="KWD", returnBalances=True))
    assert reply["convertedAmount"] == 490
    assert reply["balances"][0]["amount"] == 4510


def test_the_cards_own_currency_needs_no_rate(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 20)
    reply = acme.ok("updateBalance", euros(card, "7.5", code="USD"))
    assert '"convertedAmount":7.50' in reply.text
    assert acme.free(card) == Decimal("12.50")
    assert not Conversion.objects.filter(brand=acme.brand).exists()


def test_other_changes_answer_no_converted_amount(acme: Shop, card: str) -> None:
    body = usd(card, "redeem", 1)
    body["amount"]["convertToMainCurrency"] = False
    assert "convertedAmount" not in acme.ok("updateBalance", body).body


def test_version_1_of_the_api_knows_no_converted_amount(acme: Shop, card: str) -> None:
    change_brand(acme, api_version=1)
    reply = acme.ok("updateBalance", euros(card, 10))
    assert "convertedAmount" not in reply.body
    assert acme.free(card) == Decimal("89.12")


def test_a_child_card_pays_in_its_own_purse(acme: Shop, card: str) -> None:
    acme.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": "kid"})
    acme.issue(card, 50, childCardNumber="kid")
    acme.ok("updateBalance", euros(card, 10, childCardNumber="kid"))
    assert acme.free(card) == 100
    kept = Conversion.objects.get(brand=acme.brand)
    assert kept.converted == Decimal("10.88")
    assert kept.wallet_id == Entry.objects.get(brand=acme.brand, operation_id=kept.operation_id).wallet_id


# --- limits and overdrafts -------------------------------------------------------------------------------------------


def test_limits_bind_the_converted_amount(acme: Shop, card: str) -> None:
    change_type(acme, acme.usd, redeem_minimum=Decimal("10.88"), redeem_maximum=Decimal(20))
    refused(acme, 13, "updateBalance", euros(card, "9.99"))
    acme.ok("updateBalance", euros(card, 10))
    refused(acme, 13, "updateBalance", euros(card, "18.40"))  # 20.01 USD


def test_too_little_answers_13(acme: Shop, card: str) -> None:
    refused(acme, 13, "updateBalance", euros(card, "91.96"))  # 100.0065, which is 100.01
    acme.ok("updateBalance", euros(card, "91.95"))  # 99.9956, which is all
    assert acme.free(card) == 0


def test_redeem_max_on_overdraw_speaks_in_the_cards_currency(acme: Shop, card: str) -> None:
    reply = acme.ok("updateBalance", euros(card, 100, redeemMaxOnOverdraw=True))
    assert (reply["didOverdraw"], reply["overdrawAmount"]) == (True, Decimal("8.75"))
    assert reply["convertedAmount"] == 100
    kept = Conversion.objects.get(brand=acme.brand)
    assert (kept.amount, kept.converted) == (100, 100)


def test_redeem_max_on_overdraw_of_an_empty_card_takes_nothing_and_keeps_nothing(acme: Shop, card: str) -> None:
    acme.redeem(card, 100)
    reply = acme.ok("updateBalance", euros(card, 10, redeemMaxOnOverdraw=True))
    assert '"convertedAmount":0.00' in reply.text
    assert reply["overdrawAmount"] == Decimal("10.88")
    assert not Conversion.objects.filter(brand=acme.brand).exists()


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["XXX", "EURO", "eur", "", None])
def test_unknown_currencies_answer_9(acme: Shop, card: str, code: str | None) -> None:
    refused(acme, 9, "updateBalance", euros(card, 10, code=code))


@pytest.mark.parametrize("kind", ["Points", "Punches", "Custom"])
def test_only_currencies_are_converted(acme: Shop, card: str, kind: str) -> None:
    body = euros(card, 10)
    body["amount"]["balanceType"] = kind
    refused(acme, 9, "updateBalance", body)


@pytest.mark.parametrize(
    "more",
    [{"action": "issue"}, {"action": "hold"}, {"isAccountingAdjustment": True}],
    ids=lambda more: next(iter(more)),
)
def test_only_plain_redemptions_convert(acme: Shop, card: str, more: dict[str, Any]) -> None:
    refused(acme, 9, "updateBalance", euros(card, 10) | more)


def test_a_redemption_from_a_hold_converts_nothing(acme: Shop, card: str) -> None:
    hold = acme.hold(card, 10)
    refused(acme, 9, "updateBalance", euros(card, 1, redeemFromHoldTransactionId=hold))


def test_a_pair_without_a_rate_answers_9(acme: Shop, card: str) -> None:
    refused(acme, 9, "updateBalance", euros(card, 10, code="GBP"))


def test_a_rate_that_is_not_valid_yet_is_none(acme: Shop, card: str) -> None:
    rated(acme, "GBP", "USD", 2, since=datetime(2999, 1, 1, tzinfo=UTC))
    refused(acme, 9, "updateBalance", euros(card, 10, code="GBP"))


@pytest.mark.parametrize("amount", ["10.001", "0.001", 0, -1, 10**12])
def test_amounts_that_the_currency_cannot_have_answer_9(acme: Shop, card: str, amount: Any) -> None:
    refused(acme, 9, "updateBalance", euros(card, amount))


@pytest.mark.parametrize(("rate", "amount"), [("0.4", "0.01"), (10**11, 10**11)])
def test_what_is_worth_nothing_or_too_much_answers_9(acme: Shop, card: str, rate: Any, amount: Any) -> None:
    rated(acme, "GBP", "USD", rate)
    refused(acme, 9, "updateBalance", euros(card, amount, code="GBP", redeemMaxOnOverdraw=True))


def test_programs_with_no_or_several_currencies_answer_9(acme: Shop, card: str) -> None:
    rated(acme, "GBP", "USD", 2)
    create_value_type(brand=acme.brand, program=acme.gift, balance_type="Currency", balance_code="EUR", scale=2)
    refused(acme, 9, "updateBalance", euros(card, 10, code="GBP"))
    refused(acme, 9, "updateBalance", euros(acme.card(card_set=acme.loyalty_set), 10, code="GBP"))


def test_the_card_is_looked_at_before_its_currency(acme: Shop, card: str) -> None:
    refused(acme, 2, "updateBalance", euros("nobody", 10))
    refused(acme, 10, "updateBalance", euros(card, 10, code="GBP", pin="wrong", forcePinValidation=True))


# --- history and voids -----------------------------------------------------------------------------------------------


def test_the_rate_is_that_of_the_moment_of_processing(acme: Shop) -> None:
    for year, rate in ((2021, "1.10"), (2022, "1.20"), (2023, "1.30")):
        rated(acme, "EUR", "USD", rate, since=datetime(year, 1, 1, tzinfo=UTC))
    when = {"customRequestDate": "2021-06-01 00:00:00"}
    card = acme.card(**when)
    acme.issue(card, 100, **when)
    amounts = [
        acme.ok("updateBalance", euros(card, 10, customRequestDate=moment))["convertedAmount"]
        for moment in ("2021-12-31 23:59:59", "2022-01-01 00:00:00", "2022-12-31 23:59:59")
    ]
    assert amounts == [11, 12, 12]
    assert acme.ok("updateBalance", euros(card, 10))["convertedAmount"] == 13


def test_a_moment_before_all_rates_answers_9(acme: Shop) -> None:
    rated(acme, "EUR", "USD", "1.1")
    when = {"customRequestDate": "2019-12-31 23:59:59"}
    card = acme.card(**when)
    acme.issue(card, 100, **when)
    refused(acme, 9, "updateBalance", euros(card, 10, **when))


def test_a_new_rate_counts_from_the_next_call_on(acme: Shop, card: str) -> None:
    assert acme.ok("updateBalance", euros(card, 10))["convertedAmount"] == Decimal("10.88")
    rated(acme, "EUR", "USD", 2, since=datetime(2021, 1, 1, tzinfo=UTC))
    assert acme.ok("updateBalance", euros(card, 10))["convertedAmount"] == 20


def test_voiding_gives_back_what_was_taken(acme: Shop, card: str) -> None:
    acme.issue(card, 5, issuedBalanceExpiration=ahead(days=3))
    before = acme.balances(card)
    void(acme, card, acme.ok("updateBalance", euros(card, 50))["transactionId"])
    assert acme.balances(card) == before
    assert Conversion.objects.filter(brand=acme.brand).count() == 1


def test_a_converted_redemption_pays_for_a_checkout(acme: Shop, card: str) -> None:
    reference = acme.ok("updateBalance", euros(card, 10))["transactionId"]
    body = {"cardNumber": card, "checkoutTotal": 50, "paymentMethods": [{"updateBalanceRequestRef": reference}]}
    bought = acme.ok("checkout", body)["requestRef"]
    (payment,) = acme.ok("checkoutLookup", {"checkoutTransactionId": bought})["paymentMethods"]
    assert payment["amount"] == Decimal("10.88")


def test_another_brands_rates_are_not_seen(acme: Shop, charlie: Shop) -> None:
    rated(charlie, "EUR", "USD", "1.1")
    card = acme.card()
    acme.issue(card, 100)
    refused(acme, 9, "updateBalance", euros(card, 10))
