"""What is undone after a transfer, and what histories tell of it, where several cards or child cards are concerned."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.cards.models import Card, ChildCard, Event
from apps.ledger.models import Entry
from apps.programs.operations.create_card_set import create_card_set
from apps.programs.operations.create_program import create_program
from apps.programs.operations.create_value_type import create_value_type
from tests.facts.told import rebuild, wrong
from tests.merchant_api.methods.test_transfer import into, out
from tests.merchant_api.steady import NOW, ago, change_brand, close_books, history, movements, refused
from tests.shop import Shop, usd

D = Decimal
KID = {"childCardNumber": "kid"}


def child(shop: Shop, root: str, number: str = "kid") -> str:
    shop.ok("allocateChildCard", {"cardNumber": root, "childCardNumber": number})
    return number


def total(rows: list[dict[str, Any]]) -> Decimal:
    return sum((amount for row in rows for amount in movements(row)), D(0))


def free(shop: Shop, card: str, **more: Any) -> Decimal:
    """The USD of a card or child card, by a redemption that is taken back."""
    body = usd(card, "redeem", 1, redeemMaxOnOverdraw=True, returnBalances=True, **more)
    reply = shop.ok("updateBalance", body)
    taken = 1 - reply.body.get("overdrawAmount", 0)
    left = D(reply["balances"][0]["amount"]) if reply["balances"] else D(0)
    if taken:
        shop.ok("voidTransaction", {"cardNumber": card, "requestRef": reply["requestRef"]} | more)
    return left + D(taken)


def scaled(shop: Shop, scale: int) -> Any:
    program = create_program(brand=shop.brand, code=f"scale-{scale}", name="Fine", type="gift")
    create_value_type(brand=shop.brand, program=program, balance_type="Currency", balance_code="USD", scale=scale)
    return create_card_set(brand=shop.brand, program=program, code=f"scale-{scale}", name="Fine")


def test_a_payment_of_a_child_for_its_roots_checkout_follows_the_child(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    child(acme, old)
    acme.issue(old, 20, **KID)
    paid = acme.redeem(old, 5, **KID)
    body = {"cardNumber": old, "checkoutTotal": 5, "paymentMethods": [{"updateBalanceRequestRef": paid}]}
    bought = acme.ok("checkout", body)["requestRef"]
    out(acme, old)
    into(acme, new, old)
    acme.ok("voidTransaction", {"cardNumber": new, "requestRef": bought})
    assert free(acme, new, **KID) == D(20)


def test_a_payment_of_one_child_for_anothers_checkout_follows_its_child(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    child(acme, old), child(acme, old, "sis")
    acme.issue(old, 20, **KID)
    paid = acme.redeem(old, 5, **KID)
    body = {"cardNumber": old, "childCardNumber": "sis", "checkoutTotal": 5}
    bought = acme.ok("checkout", body | {"paymentMethods": [{"updateBalanceRequestRef": paid}]})["requestRef"]
    out(acme, old)
    into(acme, new, old)
    acme.ok("voidTransaction", {"cardNumber": new, "childCardNumber": "sis", "requestRef": bought})
    assert free(acme, new, **KID) == D(20)


def test_a_child_sees_what_the_void_of_anothers_checkout_gave_back(acme: Shop) -> None:
    root = acme.card()
    child(acme, root), child(acme, root, "sis")
    acme.issue(root, 20, **KID)
    paid = acme.redeem(root, 5, **KID)
    sis = {"cardNumber": root, "childCardNumber": "sis"}
    bought = acme.ok("checkout", sis | {"checkoutTotal": 5, "paymentMethods": [{"updateBalanceRequestRef": paid}]})
    acme.ok("voidTransaction", sis | {"requestRef": bought["requestRef"]})
    assert total(history(acme, root, **KID)) == D(20)
    assert total(history(acme, root, childCardNumber="sis")) == 0
    assert total(history(acme, root)) == D(20)


def test_value_is_taken_back_in_the_decimals_that_it_had(acme: Shop) -> None:
    old, new = acme.card(), acme.card(card_set=scaled(acme, 3))
    issued = acme.issue(old, 50)
    out(acme, old)
    acme.issue(new, "10.005", issuedBalanceExpiration="2080-01-01 00:00:00")
    acme.issue(new, "9.991", issuedBalanceExpiration="2081-01-01 00:00:00")
    into(acme, new, old)
    acme.redeem(new, "29.994")
    acme.issue(new, "9.998", issuedBalanceExpiration="2082-01-01 00:00:00")
    assert acme.free(new) == D("50.000")
    acme.ok("voidTransaction", {"cardNumber": new, "requestRef": issued})
    assert acme.free(new) == 0


def test_a_part_is_taken_back_in_the_decimals_that_it_had(acme: Shop) -> None:
    change_brand(acme, void_takes_what_is_free=True)
    old, new = acme.card(), acme.card(card_set=scaled(acme, 3))
    issued = acme.issue(old, 50)
    out(acme, old)
    into(acme, new, old)
    acme.redeem(new, "42.995")
    acme.ok("voidTransaction", {"cardNumber": new, "requestRef": issued})
    assert acme.free(new) == D("0.005")


def test_what_comes_back_too_late_leaves_the_old_cards_history_in_order(acme: Shop) -> None:
    old, new = acme.card(customRequestDate=ago(days=9)), acme.card(customRequestDate=ago(days=9))
    acme.issue(old, 20, customRequestDate=ago(days=8), issuedBalanceExpiration=ago(days=2))
    redeemed = acme.redeem(old, 5, customRequestDate=ago(days=7))
    out(acme, old)
    into(acme, new, old)
    acme.ok("voidTransaction", {"cardNumber": new, "requestRef": redeemed})
    assert acme.free(new) == 0
    assert total(history(acme, old)) == 0
    assert total(history(acme, new)) == 0


@pytest.mark.parametrize("mine", [0, 7])
def test_a_change_of_owner_is_no_movement(acme: Shop, mine: int) -> None:
    elsewhere = {"Location": acme.other_location.code, "Terminal": acme.other_terminal.code}
    old, new = "old-1", acme.card()
    acme.ok("allocate", {"cardNumber": old, "cardSetId": acme.gift_set.code, "createIfNew": True}, **elsewhere)
    if mine:
        acme.issue(new, mine)
        acme.hold(new, 2)
    out(acme, old)
    into(acme, new, old, owningLocationType="source")
    row = history(acme, new, splitHoldMutations=True)[0]
    assert (row["callType"], movements(row), row.get("holdBalanceUpdates")) == ("TRANSFER", [], None)


def test_a_void_of_what_the_new_card_cannot_hold_moves_nothing(acme: Shop) -> None:
    old, new = acme.card(), acme.card(card_set=acme.loyalty_set)
    acme.issue(old, 5)
    redeemed = acme.redeem(old, 5)
    out(acme, old)
    into(acme, new, old)
    refused(acme, 20, "voidTransaction", {"cardNumber": new, "requestRef": redeemed})


def test_a_transfer_is_not_voided(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    acme.issue(old, 5)
    gone = acme.ok("transfer", {"cardNumber": old, "action": "out"})["requestRef"]
    come = into(acme, new, old)["requestRef"]
    for reference in (gone, come):
        refused(acme, 31, "voidTransaction", {"cardNumber": new, "requestRef": reference})


def test_a_late_void_is_dated_after_all_that_it_touches(acme: Shop) -> None:
    old, new = acme.card(customRequestDate=ago(days=9)), acme.card(customRequestDate=ago(days=9))
    acme.issue(old, 20, customRequestDate=ago(days=8))
    redeemed = acme.redeem(old, 5, customRequestDate=ago(days=7))
    out(acme, old)
    into(acme, new, old)
    acme.ok("voidTransaction", {"cardNumber": new, "requestRef": redeemed, "customRequestDate": ago(days=6)})
    assert history(acme, new)[0]["callType"] == "VOID"
    assert acme.free(new) == D(20)


def test_a_hold_of_the_old_card_is_undone_without_a_trace(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    acme.issue(old, 20)
    held = acme.hold(old, 8)
    part = acme.redeem(old, 3, redeemFromHoldTransactionId=held)
    out(acme, old, ignoreHoldBalances=True)
    into(acme, new, old)
    acme.ok("voidTransaction", {"cardNumber": new, "requestRef": part})
    acme.ok("voidTransaction", {"cardNumber": new, "requestRef": held})
    assert acme.free(new) == D(20)


def test_three_cards_with_children_of_three_programs(acme: Shop) -> None:
    first, second, third = acme.card(), acme.card(card_set=scaled(acme, 3)), acme.card(card_set=scaled(acme, 4))
    child(acme, first)
    acme.issue(first, 50)
    acme.issue(first, 30, issuedBalanceExpiration="2090-01-01 00:00:00", **KID)
    pay = {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": 15}
    body = {"cardNumber": first, "checkoutTotal": 20, "paymentMethods": [pay]} | KID
    own = acme.ok("checkout", body)["requestRef"]
    by_parent = acme.ok("checkout", body | {"useParentBalancesOnly": True})["requestRef"]
    for old, new in ((first, second), (second, third)):
        out(acme, old)
        into(acme, new, old)
    for reference in (own, by_parent):
        refused(acme, 29, "voidTransaction", {"cardNumber": third, "requestRef": reference})
        acme.ok("voidTransaction", {"cardNumber": third, "requestRef": reference} | KID)
    assert (acme.free(third), free(acme, third, **KID)) == (D(50), D(30))
    assert total(history(acme, third)) == D(80)
    assert total(history(acme, third, **KID)) == D(30)
    assert total(history(acme, first)) == total(history(acme, second)) == 0
    assert wrong(acme) == []
    assert rebuild(acme) == 0


def test_a_long_history_is_the_same_page_by_page(acme: Shop) -> None:
    first, second, third = (acme.card(customRequestDate=ago(days=9)) for _ in range(3))
    late = {"customRequestDate": ago(days=8), "issuedBalanceExpiration": ago(days=3)}
    acme.issue(first, 9, **late)
    acme.issue(second, 4, **late)
    child(acme, first)
    for more in ({}, KID):
        acme.issue(first, 30, **more)
    for old, new in ((first, second), (second, third)):
        out(acme, old)
        into(acme, new, old)
    whole = history(acme, third)
    assert [row.get("callType") for row in whole].count("TRANSFER") == 4
    for size in (1, 2, 5):
        pages = [history(acme, third, maxResults=size, offset=at) for at in range(0, len(whole), size)]
        assert [row for page in pages for row in page] == whole
    reply = acme.ok("cardHistory", {"cardNumber": third, "restrictTransactionTypes": ["TRANSFER"]})
    assert (reply["matchCount"], reply["transactionCount"]) == (4, len(whole))


def test_a_child_keeps_its_activation_and_a_chain_copies_each_event_once(acme: Shop) -> None:
    first, second, third = acme.card(), acme.card(), acme.card()
    child(acme, first)
    says = {"thirdPartyUpdates": [{"thirdParty": "email", "optIn": True}]}
    for body in ({"cardNumber": first}, {"cardNumber": second}, {"cardNumber": first} | KID):
        acme.ok("updateAccount", body | says)
    for old, new in ((first, second), (second, third)):
        out(acme, old)
        into(acme, new, old, mergeMode="combine")
    card = Card.objects.get(brand=acme.brand, number=third)
    assert ChildCard.objects.filter(brand=acme.brand).values("activated_at").distinct().count() == 1
    kid = ChildCard.objects.get(brand=acme.brand, family_id=card.wallet_id)
    assert [Event.objects.filter(brand=acme.brand, wallet_id=each.wallet_id).count() for each in (card, kid)] == [2, 1]


@pytest.mark.parametrize("number", ["a b", "ü-ß-中", "%s%%", "a'b\"c", "\\x00", "{rows}"])
def test_a_child_number_of_odd_characters_goes_along(acme: Shop, number: str) -> None:
    old, new = acme.card(), acme.card()
    child(acme, old, number)
    acme.issue(old, 5, childCardNumber=number)
    out(acme, old)
    into(acme, new, old)
    assert free(acme, new, childCardNumber=number) == D(5)


def test_what_is_held_and_not_yet_active_counts_when_more_arrives(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    acme.issue(old, 60_000)
    acme.issue(new, 30_000)
    acme.hold(new, 30_000)
    acme.issue(new, 10_001, issuedBalanceActivation="2089-01-01 00:00:00")
    out(acme, old)
    refused(acme, 13, "transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old})


def test_a_closed_period_gets_no_new_owner(acme: Shop) -> None:
    elsewhere = {"Location": acme.other_location.code, "Terminal": acme.other_terminal.code}
    old, new = "old-1", acme.card()
    acme.ok("allocate", {"cardNumber": old, "cardSetId": acme.gift_set.code, "createIfNew": True}, **elsewhere)
    acme.issue(new, 7)
    acme.hold(new, 2)
    close_books(acme, NOW + timedelta(days=3))
    out(acme, old)
    into(acme, new, old, owningLocationType="source")
    booked = Entry.objects.filter(brand=acme.brand, kind=12).values_list("booked_on", flat=True)
    assert set(booked) == {(NOW + timedelta(days=4)).date()}
