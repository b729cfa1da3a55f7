"""search over the wire: balances in another currency, as a redemption would take them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from apps.programs.operations.create_card_set import create_card_set
from apps.programs.operations.create_program import create_program
from apps.programs.operations.create_value_type import create_value_type
from tests.merchant_api.methods.test_update_balance_conversion import euros
from tests.merchant_api.steady import ahead, points, refused
from tests.merchant_api.test_statements import counted
from tests.programs.rates import rated
from tests.shop import Shop

BALANCES = {"balances": True}


@pytest.fixture
def card(acme: Shop) -> str:
    """A card with 100.00 USD; a euro is worth 1.0875 of them."""
    rated(acme, "EUR", "USD", "1.0875")
    card = acme.card()
    acme.issue(card, 100)
    return card


def seen(shop: Shop, card: str, currency: str, **fields: Any) -> list[dict[str, Any]]:
    body = {"filters": {"cardNumber": card}, "returnFields": BALANCES | fields, "convertToCurrency": currency}
    found: list[dict[str, Any]] = shop.ok("search", body)["cards"][0]["balances"]
    return found


def test_free_value_is_shown_in_the_other_currency_with_its_digits(acme: Shop, card: str) -> None:
    (balance,) = seen(acme, card, "EUR")
    assert balance == {
        "amount": Decimal("100.00"),
        "convertedAmount": Decimal("91.95"),
        "balanceType": "Currency",
        "balanceCode": "USD",
        "scale": 2,
        "isHold": False,
    }
    rated(acme, "JPY", "USD", "0.0066")
    assert str(seen(acme, card, "JPY")[0]["convertedAmount"]) == "15152"


@pytest.mark.parametrize("rate", ["1.0875", "0.0066", "3.1415926535", "250", "0.999999999999"])
@pytest.mark.parametrize("amount", ["100", "0.01", "33.33"])
def test_exactly_what_is_shown_can_be_redeemed(acme: Shop, rate: str, amount: str) -> None:
    rated(acme, "EUR", "USD", rate)
    card = acme.card()
    acme.issue(card, amount)
    shown = seen(acme, card, "EUR")[0]["convertedAmount"]
    refused(acme, 13, "updateBalance", euros(card, shown + Decimal("0.01")))
    if shown:
        assert acme.ok("updateBalance", euros(card, shown))["convertedAmount"] <= Decimal(amount)
    else:
        refused(acme, 9, "updateBalance", euros(card, shown))


def test_the_cards_own_currency_is_the_amount_itself(acme: Shop, card: str) -> None:
    (balance,) = seen(acme, card, "USD")
    assert balance["convertedAmount"] == balance["amount"] == 100


def test_holds_and_value_that_is_not_active_yet_are_not_converted(acme: Shop, card: str) -> None:
    acme.hold(card, 30)
    acme.issue(card, 5, issuedBalanceActivation=ahead(days=1))
    free, held, delayed = seen(acme, card, "EUR", delayedBalances=True)
    assert free["convertedAmount"] == Decimal("64.37")
    assert "convertedAmount" not in held
    assert "convertedAmount" not in delayed


def test_each_part_by_expiry_is_converted_for_itself(acme: Shop, card: str) -> None:
    acme.issue(card, 10, issuedBalanceExpiration=ahead(days=9))
    parts = seen(acme, card, "EUR", balanceExpirations=True)
    assert [part["convertedAmount"] for part in parts] == [Decimal("9.19"), Decimal("91.95")]


def test_without_a_rate_the_field_is_absent(acme: Shop, card: str) -> None:
    rated(acme, "GBP", "USD", 2, since=datetime(2999, 1, 1, tzinfo=UTC))
    for currency in ("GBP", "CHF"):
        assert "convertedAmount" not in seen(acme, card, currency)[0]


def test_without_convert_to_currency_or_balances_nothing_is_converted(acme: Shop, card: str) -> None:
    plain = acme.ok("search", {"filters": {"cardNumber": card}, "returnFields": BALANCES})
    assert "convertedAmount" not in plain["cards"][0]["balances"][0]
    bare = acme.ok("search", {"filters": {"cardNumber": card}, "convertToCurrency": "EUR"})
    assert bare["cards"] == [{"cardNumber": card, "cardSetId": acme.gift_set.code}]


def test_programs_with_no_or_several_currencies_are_not_converted(acme: Shop, card: str) -> None:
    loyal = acme.card(card_set=acme.loyalty_set)
    acme.ok("updateBalance", points(loyal, "issue", 7))
    create_value_type(brand=acme.brand, program=acme.gift, balance_type="Currency", balance_code="GBP", scale=2)
    for number in (card, loyal):
        assert "convertedAmount" not in seen(acme, number, "EUR")[0]


def test_other_balances_beside_the_main_currency_are_not_converted(acme: Shop, card: str) -> None:
    create_value_type(brand=acme.brand, program=acme.gift, balance_type="Points", scale=0)
    acme.ok("updateBalance", points(card, "issue", 7))
    money, stars = seen(acme, card, "EUR")
    assert money["convertedAmount"] == Decimal("91.95")
    assert "convertedAmount" not in stars


@pytest.mark.parametrize("currency", ["XXX", "eur", "EURO", "12"])
def test_unknown_currencies_answer_9(acme: Shop, card: str, currency: str) -> None:
    refused(acme, 9, "search", {"filters": {"cardNumber": card}, "convertToCurrency": currency})
    refused(acme, 9, "search", {"filters": {}, "returnFields": BALANCES, "convertToCurrency": currency})


def test_cards_of_several_currencies_cost_one_statement_for_all_rates(acme: Shop, card: str) -> None:
    numbers = [card]
    for code, rate in (("GBP", "0.85"), ("CHF", "0.95")):
        program = create_program(brand=acme.brand, code=code, name=code, type="gift", uses_pins=False)
        create_value_type(brand=acme.brand, program=program, balance_type="Currency", balance_code=code, scale=2)
        cards = create_card_set(brand=acme.brand, program=program, code=code, name=code)
        numbers.append(acme.card(card_set=cards))
        rated(acme, "EUR", code, rate)
        amount = {"balanceType": "Currency", "balanceCode": code, "amount": 10}
        acme.ok("updateBalance", {"cardNumber": numbers[-1], "action": "issue", "amount": amount})
    body = {"filters": {}, "returnFields": BALANCES}
    plain = counted(acme, "search", body)
    assert counted(acme, "search", body | {"convertToCurrency": "EUR"}) == plain + 1
    found = acme.ok("search", body | {"convertToCurrency": "EUR"})["cards"]
    shown = {each["cardNumber"]: each["balances"][0]["convertedAmount"] for each in found}
    assert shown == dict(zip(numbers, [Decimal("91.95"), Decimal("11.77"), Decimal("10.53")], strict=True))


def test_another_brands_rates_are_not_seen(acme: Shop, card: str, charlie: Shop) -> None:
    theirs = charlie.card()
    charlie.issue(theirs, 100)
    assert "convertedAmount" not in seen(charlie, theirs, "EUR")[0]
