"""What a checkout lock does to everything else that is done with the card."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.cards.core.state import CheckoutInProgress
from apps.cards.models import Card
from apps.checkouts.models import Setup
from apps.programs.models import ValueType
from apps.programs.operations.create_value_type import create_value_type
from apps.transactions.operations.erase_person import erase_person
from tests.campaigns.live import publish, result, rule, uuid_of
from tests.coupons.booklet import booklet
from tests.merchant_api.steady import change_type, points, refused
from tests.merchant_api.test_statements import counted
from tests.programs.rates import rated
from tests.shop import Shop, usd
from tests.transactions.locks import lock


@pytest.fixture
def card(acme: Shop) -> str:
    """A card with 100 USD and a child card that has 20."""
    card = acme.card()
    acme.issue(card, 100)
    acme.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": "kid"})
    acme.issue(card, 20, childCardNumber="kid")
    return card


@pytest.fixture
def stamps(acme: Shop) -> ValueType:
    """Another kind of value on the same cards."""
    return create_value_type(brand=acme.brand, program=acme.gift, balance_type="Punches", scale=0, maximum=Decimal(50))


def punches(card: str, action: str, amount: Any, **more: Any) -> dict[str, Any]:
    return {"cardNumber": card, "action": action, "amount": {"balanceType": "Punches", "amount": amount}} | more


def rule_to_run(shop: Shop) -> dict[str, str]:
    """A rule that can be triggered alone."""
    alone = rule(result("enrol"), trigger="single_rule")
    campaign = publish(shop, alone)
    ids = {"campaignUUID": str(campaign.uuid), "campaignRuleUUID": str(uuid_of(alone))}
    return ids | {"triggeringUUID": str(uuid4())}


def changes(shop: Shop, card: str, issued: str) -> list[tuple[str, dict[str, Any]]]:
    """Every kind of change that names the card."""
    adjust = {"cardNumber": card, "action": "adjustOnly", "isAccountingAdjustment": True}
    return [
        ("checkout", {"cardNumber": card, "checkoutTotal": 5}),
        ("checkout", {"cardNumber": card, "childCardNumber": "kid", "checkoutTotal": 5}),
        ("updateBalance", usd(card, "issue", 1)),
        ("updateBalance", usd(card, "redeem", 1, childCardNumber="kid")),
        ("updateBalance", adjust | {"adjustStatus": {"newStatus": "Suspended"}}),
        ("updateAccount", {"cardNumber": card, "customCardNumber": "mine"}),
        ("updateAccount", {"cardNumber": card, "newEvents": [{"categoryId": "call"}]}),
        ("allocateChildCard", {"cardNumber": card, "childCardNumber": "other"}),
        ("transfer", {"cardNumber": card, "action": "out"}),
        ("transfer", {"cardNumber": card, "action": "zero", "ignoreHoldBalances": True}),
        ("voidTransaction", {"cardNumber": card, "requestRef": issued}),
        ("returnMerchandise", {"cardNumber": card}),
        ("triggerCustomCampaigns", {"cardNumber": card, "customKeyValues": [{"key": "a", "value": "b"}]}),
        ("triggerReferRewards", {"cardNumber": card, "checkoutTotalSum": 1, "checkoutCount": 1}),
        ("triggerCampaignRule", {"cardNumber": card} | rule_to_run(shop)),
        ("allocateCoupon", {"couponId": "A-1", "cardNumber": card, "promotionId": "spring"}),
        ("couponDetails", {"couponId": "A-0", "cardNumber": card, "action": "use"}),
    ]


def test_every_change_of_a_locked_card_is_refused_and_names_the_setup(acme: Shop, card: str) -> None:
    booklet(acme, ["A-0", "A-1"])
    acme.ok("allocateCoupon", {"couponId": "A-0"})
    acme.ok("createEventType", {"categoryId": "call"})
    issued = acme.issue(card, 1)
    setup = lock(acme, card, (acme.usd, "-10"))
    for method, body in changes(acme, card, issued):
        assert refused(acme, 14, method, body)["checkoutSetupTransactionId"] == str(setup)


def test_nothing_is_transferred_into_a_locked_card(acme: Shop, card: str) -> None:
    old = acme.card()
    acme.ok("transfer", {"cardNumber": old, "action": "out"})
    lock(acme, card)
    refused(acme, 14, "transfer", {"cardNumber": card, "action": "in", "oldCardNumber": old})


def test_a_person_on_a_locked_card_is_not_erased(acme: Shop, card: str) -> None:
    lock(acme, card)
    assert erase_person(call=acme.call(), card_number=card, dry_run=True).people == 0
    with pytest.raises(CheckoutInProgress):
        erase_person(call=acme.call(), card_number=card)


def test_a_lock_on_a_child_locks_the_family(acme: Shop, card: str) -> None:
    lock(acme, card, (acme.usd, "-5"), child="kid")
    refused(acme, 14, "updateBalance", usd(card, "issue", 1))
    refused(acme, 14, "checkout", {"cardNumber": card, "childCardNumber": "kid", "checkoutTotal": 5})


def test_reading_calls_answer(acme: Shop, card: str) -> None:
    setup = lock(acme, card, (acme.usd, "-10"))
    assert (acme.free(card), acme.held(card)) == (Decimal("90.00"), {str(setup): Decimal("10.00")})
    newest = acme.ok("cardHistory", {"cardNumber": card})["transactions"][0]
    assert (newest["transactionId"], newest["callType"]) == (str(setup), "CHECKOUT_SETUP")
    acme.ok("listValueTypes", {"lookupCardNumber": card})


def test_the_pin_is_checked_before_the_lock(acme: Shop, card: str) -> None:
    lock(acme, card)
    body = {"cardNumber": card, "checkoutTotal": 5, "forcePinValidation": True, "pin": "wrong"}
    refused(acme, 10, "checkout", body)


def test_the_lock_ends_by_itself_and_what_it_held_is_free(acme: Shop, card: str) -> None:
    past = datetime.now(UTC) - timedelta(seconds=60)
    lock(acme, card, (acme.usd, "-10"), seconds=30, call=acme.call(now=past, moment=past))
    assert (acme.free(card), acme.held(card)) == (Decimal("100.00"), {})
    acme.redeem(card, 100)


def test_an_import_of_the_past_asks_the_clock_whether_the_card_is_locked(acme: Shop, card: str) -> None:
    lock(acme, card)
    body = usd(card, "issue", 1, customRequestDate="2024-01-02 00:00:00")
    refused(acme, 14, "updateBalance", body)


def test_a_lock_that_lapsed_makes_way_for_the_next(acme: Shop, card: str) -> None:
    past = datetime.now(UTC) - timedelta(seconds=60)
    first = lock(acme, card, (acme.usd, "-10"), seconds=30, call=acme.call(now=past, moment=past))
    second = lock(acme, card, (acme.usd, "-100"))
    assert refused(acme, 14, "updateBalance", usd(card, "issue", 1))["checkoutSetupTransactionId"] == str(second)
    assert Setup.objects.filter(operation_id=first, ended_by=None).exists()


# --- value types that stay usable ------------------------------------------------------------------------------------


def test_only_excluded_value_types_can_be_changed(acme: Shop, card: str, stamps: ValueType) -> None:
    lock(acme, card, (acme.usd, "-10"), excluded=[acme.usd])
    acme.redeem(card, 40)
    acme.issue(card, 5)
    acme.issue(card, 5, childCardNumber="kid")
    refused(acme, 14, "updateBalance", punches(card, "issue", 1))
    refused(acme, 14, "updateBalance", points(card, "issue", 1))
    refused(acme, 14, "checkout", {"cardNumber": card, "checkoutTotal": 5})
    assert acme.free(card) == Decimal("55.00")


def test_an_excluded_type_is_no_way_to_the_status_of_the_card(acme: Shop, card: str) -> None:
    lock(acme, card, excluded=[acme.usd])
    body = usd(card, "issue", 1, isAccountingAdjustment=True)
    acme.ok("updateBalance", body)
    refused(acme, 14, "updateBalance", body | {"adjustStatus": {"newStatus": "Lost"}})


def test_promised_value_cannot_be_redeemed_held_or_adjusted_away(acme: Shop, card: str) -> None:
    lock(acme, card, (acme.usd, "-60"), excluded=[acme.usd])
    refused(acme, 13, "updateBalance", usd(card, "redeem", 41))
    refused(acme, 13, "updateBalance", usd(card, "hold", 41))
    refused(acme, 13, "updateBalance", usd(card, "issue", -41, isAccountingAdjustment=True))
    overdraw = acme.ok("updateBalance", usd(card, "redeem", 50, redeemMaxOnOverdraw=True))
    assert overdraw["overdrawAmount"] == Decimal("10.00")
    assert acme.free(card) == 0


def test_the_hold_of_a_setup_is_nobody_elses(acme: Shop, card: str) -> None:
    setup = str(lock(acme, card, (acme.usd, "-60"), excluded=[acme.usd]))
    own = acme.hold(card, 10)
    refused(acme, 8, "updateBalance", usd(card, "redeem", 1, redeemFromHoldTransactionId=setup))
    release = {"redeemFromHoldTransactionId": setup, "releaseHoldRemainder": True}
    refused(acme, 8, "updateBalance", usd(card, "redeem", 0, **release))
    acme.redeem(card, 10, redeemFromHoldTransactionId=own)


def test_promised_room_below_the_maximum_stays_free(acme: Shop, card: str) -> None:
    change_type(acme, acme.usd, maximum=Decimal(150))
    lock(acme, card, (acme.usd, "30"), (acme.usd, "-10"), excluded=[acme.usd])
    refused(acme, 13, "updateBalance", usd(card, "issue", "20.01"))
    refused(acme, 13, "updateBalance", usd(card, "redeem", "-20.01", isAccountingAdjustment=True))
    acme.issue(card, 20)
    acme.redeem(card, 5)
    acme.issue(card, 5)


def test_room_is_promised_to_one_wallet_and_not_to_its_family(acme: Shop, card: str) -> None:
    change_type(acme, acme.usd, maximum=Decimal(150))
    lock(acme, card, (acme.usd, "30"), excluded=[acme.usd], child="kid")
    refused(acme, 13, "updateBalance", usd(card, "issue", 101, childCardNumber="kid"))
    acme.issue(card, 50)
    acme.issue(card, 100, childCardNumber="kid")


def test_without_a_maximum_there_must_be_room_in_the_books(acme: Shop) -> None:
    card = acme.card(card_set=acme.loyalty_set)
    change_type(acme, acme.points, maximum=None)
    lock(acme, card, (acme.points, "999999999000"), excluded=[acme.points])
    refused(acme, 13, "updateBalance", points(card, "issue", 1000))
    acme.ok("updateBalance", points(card, "issue", 999))


def test_a_conversion_takes_the_main_currency_if_that_is_excluded(acme: Shop, card: str, stamps: ValueType) -> None:
    rated(acme, "EUR", "USD", "2")
    body = usd(card, "redeem", 5)
    body["amount"] |= {"balanceCode": "EUR", "convertToMainCurrency": True}
    setup = lock(acme, card, (acme.usd, "-60"), excluded=[acme.usd])
    acme.ok("updateBalance", body)
    assert acme.free(card) == Decimal("30.00")
    Card.objects.filter(number=card, brand=acme.brand).update(lock_except=[stamps.pk], lock_room=[0])
    assert refused(acme, 14, "updateBalance", body)["checkoutSetupTransactionId"] == str(setup)


def test_a_locked_card_costs_no_statement_more(acme: Shop, card: str) -> None:
    setup: UUID = lock(acme, card, (acme.usd, "-10"), excluded=[acme.usd])
    assert counted(acme, "updateBalance", usd(card, "redeem", 1)) == 5
    assert counted(acme, "updateBalance", usd(card, "issue", 1)) == 5
    assert setup
