"""transfer: out, in, zero; children, people and history go along; what is undone afterwards follows the value."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from apps.brands.models import Location
from apps.cards.models import Card, Event
from apps.ledger.models import Entry, Wallet
from apps.ledger.queries.books import in_transit, liability
from apps.programs.operations.create_card_set import create_card_set
from apps.programs.operations.create_program import create_program
from apps.programs.operations.create_value_type import create_value_type
from tests.merchant_api.steady import NOW, refused
from tests.shop import Shop, usd

D = Decimal


def out(shop: Shop, card: str, **more: Any) -> None:
    shop.ok("transfer", {"cardNumber": card, "action": "out"} | more)


def into(shop: Shop, card: str, old: str, **more: Any) -> dict[str, Any]:
    return shop.ok("transfer", {"cardNumber": card, "action": "in", "oldCardNumber": old} | more).body


def moved(shop: Shop, amount: Any = 50, **more: Any) -> tuple[str, str]:
    """An old card with USD, transferred into a new one."""
    old, new = shop.card(), shop.card()
    shop.issue(old, amount)
    out(shop, old)
    into(shop, new, old, **more)
    return old, new


def test_all_value_arrives_with_its_dates(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    acme.issue(old, 50)
    acme.issue(old, 20, issuedBalanceExpiration="2090-01-01 00:00:00")
    acme.issue(old, 5, issuedBalanceActivation="2089-01-01 00:00:00")
    acme.issue(new, 1)
    out(acme, old)
    into(acme, new, old)
    fields = {"balances": True, "balanceExpirations": True, "delayedBalances": True}
    card = acme.ok("search", {"filters": {"cardNumber": new}, "returnFields": fields})["cards"][0]
    assert sorted(D(each["amount"]) for each in card["balances"]) == [D(5), D(20), D(51)]


def test_the_answer_says_nothing_but_that_it_worked(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    out(acme, old)
    assert set(into(acme, new, old)) == {"success", "requestRef"}


def test_the_old_card_is_closed_and_empty(acme: Shop) -> None:
    old, _ = moved(acme)
    found = acme.ok("search", {"filters": {"cardNumber": old}, "includeInactive": True})["cards"][0]
    assert found["cardStatus"] == "Transfer"
    assert acme.balances(old) == []
    refused(acme, 11, "updateBalance", usd(old, "issue", 1))
    refused(acme, 11, "transfer", {"cardNumber": old, "action": "out"})


def test_between_the_two_calls_the_value_is_in_transit_and_still_owed(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    acme.issue(old, 50)
    out(acme, old)
    (line,) = in_transit(brand_id=acme.brand.pk, day=NOW.date())
    assert (line.balance_type, line.balance_code, line.amount) == ("Currency", "USD", D(50))
    assert liability(brand_id=acme.brand.pk, day=NOW.date()) == []
    into(acme, new, old)
    assert in_transit(brand_id=acme.brand.pk, day=NOW.date()) == []


def test_a_card_is_transferred_in_once(acme: Shop) -> None:
    old, _ = moved(acme)
    body = {"cardNumber": acme.card(), "action": "in", "oldCardNumber": old}
    refused(acme, 9, "transfer", body)


@pytest.mark.parametrize(
    ("code", "more"),
    [
        (6, {"cardNumber": ""}),
        (6, {"action": ""}),
        (9, {"action": "sideways"}),
        (9, {"action": "in"}),
        (9, {"action": "in", "oldCardNumber": ""}),
        (9, {"action": "in", "oldCardNumber": "SELF"}),
        (2, {"action": "in", "oldCardNumber": "nobody"}),
        (9, {"action": "in", "oldCardNumber": "ACTIVE"}),
        (2, {"cardNumber": "nobody"}),
        (10, {"forcePinValidation": True, "pin": "x"}),
        (9, {"mergeMode": "most"}),
        (9, {"owningLocationType": "mine"}),
    ],
)
def test_what_cannot_be_transferred_is_refused(acme: Shop, code: int, more: dict[str, Any]) -> None:
    card, active = acme.card(), acme.card()
    names = {"SELF": card, "ACTIVE": active}
    body = {name: names.get(value, value) for name, value in more.items()}
    refused(acme, code, "transfer", {"cardNumber": card, "action": "out"} | body)


def test_an_inactive_card_receives_nothing(acme: Shop) -> None:
    old, closed = acme.card(), acme.card()
    out(acme, old)
    adjust = {"isAccountingAdjustment": True, "adjustStatus": {"newStatus": "Closed"}}
    acme.ok("updateBalance", {"cardNumber": closed, "action": "adjustOnly"} | adjust)
    refused(acme, 11, "transfer", {"cardNumber": closed, "action": "in", "oldCardNumber": old})


def test_a_demo_card_is_not_transferred(acme: Shop) -> None:
    card = acme.card()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cards_card SET status = 4, is_demo = true WHERE number = %s", [card])
        cursor.execute(
            "UPDATE ledger_wallet SET is_demo = true WHERE id = (SELECT wallet_id FROM cards_card WHERE number = %s)",
            [card],
        )
    refused(acme, 9, "transfer", {"cardNumber": card, "action": "out"})


def test_holds_stand_in_the_way_unless_they_are_released(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    acme.issue(old, 50)
    acme.hold(old, 20)
    refused(acme, 21, "transfer", {"cardNumber": old, "action": "out"})
    out(acme, old, ignoreHoldBalances=True)
    into(acme, new, old)
    assert acme.balances(new) == [
        {"amount": D("50.00"), "balanceType": "Currency", "balanceCode": "USD", "scale": 2, "isHold": False}
    ]


def test_zero_writes_the_value_off_and_the_card_stays_active(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 50)
    acme.issue(card, 5, issuedBalanceActivation="2089-01-01 00:00:00")
    acme.hold(card, 10)
    refused(acme, 21, "transfer", {"cardNumber": card, "action": "zero"})
    acme.ok("transfer", {"cardNumber": card, "action": "zero", "ignoreHoldBalances": True})
    assert acme.balances(card) == []
    assert Entry.objects.filter(brand=acme.brand, kind=6).count() == 2
    acme.issue(card, 1)


def test_more_than_the_target_may_hold_is_refused(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    acme.issue(old, 60_000)
    acme.issue(new, 60_000)
    out(acme, old)
    refused(acme, 13, "transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old})


def test_value_that_the_target_cannot_hold_is_refused(acme: Shop) -> None:
    old, new = acme.card(), acme.card(card_set=acme.loyalty_set)
    acme.issue(old, 5)
    out(acme, old)
    refused(acme, 20, "transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old})


def another_program(shop: Shop, scale: int = 2) -> Any:
    program = create_program(brand=shop.brand, code=f"combo-{scale}", name="Combo", type="combo")
    create_value_type(brand=shop.brand, program=program, balance_type="Currency", balance_code="USD", scale=scale)
    return create_card_set(brand=shop.brand, program=program, code=f"combo-{scale}", name="Combo")


def test_value_goes_to_another_program_that_has_its_kind(acme: Shop) -> None:
    old, new = acme.card(), acme.card(card_set=another_program(acme))
    acme.issue(old, "5.50")
    out(acme, old)
    into(acme, new, old)
    assert acme.free(new) == D("5.50")
    assert in_transit(brand_id=acme.brand.pk, day=NOW.date()) == []


def test_a_program_with_fewer_decimals_does_not_fit(acme: Shop) -> None:
    old, new = acme.card(), acme.card(card_set=another_program(acme, scale=0))
    acme.issue(old, "5.50")
    out(acme, old)
    refused(acme, 20, "transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old})


def owner(shop: Shop, card: str) -> str:
    wallet = Wallet.objects.get(brand=shop.brand, id=Card.objects.get(brand=shop.brand, number=card).wallet_id)
    return Location.objects.get(pk=wallet.owner_location_id).code


def elsewhere(shop: Shop) -> dict[str, str]:
    return {"Location": shop.other_location.code, "Terminal": shop.other_terminal.code}


@pytest.mark.parametrize(
    ("rule", "old_is_first", "owned_by"),
    [
        ("target", True, "main-street"),
        ("source", True, "harbour"),
        ("min", True, "harbour"),
        ("min", False, "main-street"),
        (None, True, "main-street"),
    ],
)
def test_who_owns_the_card_afterwards(acme: Shop, rule: str | None, old_is_first: bool, owned_by: str) -> None:
    def activate(number: str, **headers: str) -> None:
        body = {"cardNumber": number, "cardSetId": acme.gift_set.code, "createIfNew": True}
        acme.ok("allocate", body, **headers)

    old, new = f"old-{acme.brand.pk}", f"new-{acme.brand.pk}"
    if old_is_first:
        activate(old, **elsewhere(acme))
    activate(new)
    if not old_is_first:
        activate(old, **elsewhere(acme))
    acme.issue(old, 50)
    acme.issue(new, 7)
    out(acme, old)
    into(acme, new, old, **({"owningLocationType": rule} if rule else {}))
    assert owner(acme, new) == owned_by
    owed = liability(brand_id=acme.brand.pk, day=NOW.date())
    assert [(Location.objects.get(pk=each.owner_location_id).code, each.amount) for each in owed] == [(owned_by, D(57))]


def person(shop: Shop, card: str) -> dict[str, Any]:
    fields = {"customer": True, "isEnrolled": True, "customCardNumber": True}
    found: dict[str, Any] = shop.ok("search", {"filters": {"cardNumber": card}, "returnFields": fields})["cards"][0]
    return found


ADA = {"firstName": "Ada", "lastName": "Lovelace", "email": "ada@example.com"}


def with_people(shop: Shop) -> tuple[str, str]:
    old, new = shop.card(), shop.card()
    shop.ok(
        "updateAccount",
        {"cardNumber": old, "primaryCustomer": ADA, "countAsEnrollment": True, "customCardNumber": "X-1"},
    )
    shop.ok("updateAccount", {"cardNumber": new, "primaryCustomer": {"firstName": "Grace", "city": "Arlington"}})
    out(shop, old)
    return old, new


@pytest.mark.parametrize(
    ("mode", "customer", "enrolled"),
    [
        ({}, {"firstName": "Grace", "city": "Arlington"}, False),
        ({"mergeMode": "skip", "overwriteDemographics": True}, {"firstName": "Grace", "city": "Arlington"}, False),
        ({"mergeMode": "combine"}, ADA | {"firstName": "Grace", "city": "Arlington"}, True),
        ({"mergeMode": "overwrite"}, ADA | {"city": "Arlington"}, True),
        ({"overwriteDemographics": True}, ADA | {"city": "Arlington"}, True),
    ],
)
def test_what_becomes_of_the_people(acme: Shop, mode: dict[str, Any], customer: dict[str, str], enrolled: bool) -> None:
    old, new = with_people(acme)
    into(acme, new, old, **mode)
    seen = person(acme, new)
    assert seen["customer"] == customer
    assert seen["isEnrolled"] is enrolled


def test_a_card_without_anybody_gets_the_old_cards_customer(acme: Shop) -> None:
    old, _ = with_people(acme)
    new = acme.card()
    into(acme, new, old, mergeMode="combine")
    assert person(acme, new)["customer"] == ADA
    assert [each["cardNumber"] for each in acme.ok("search", {"filters": {"email": ADA["email"]}})["cards"]] == [new]


def test_an_enrolment_is_dated_by_the_transfer_and_never_taken_away(acme: Shop) -> None:
    old, new = with_people(acme)
    into(acme, new, old, mergeMode="overwrite")
    card = Card.objects.get(brand=acme.brand, number=new)
    assert card.enrolled_at is not None
    assert card.enrolled_at > Card.objects.get(brand=acme.brand, number=old).enrolled_at  # type: ignore[operator]


def test_the_custom_number_comes_along_when_asked_for(acme: Shop) -> None:
    old, new = with_people(acme)
    into(acme, new, old, copyCustomCardNumber=True)
    assert person(acme, new)["customCardNumber"] == "X-1"


def test_a_custom_number_stays_where_the_old_card_had_none(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    acme.ok("updateAccount", {"cardNumber": new, "customCardNumber": "mine"})
    out(acme, old)
    into(acme, new, old, copyCustomCardNumber=True)
    assert person(acme, new)["customCardNumber"] == "mine"


@pytest.mark.parametrize(("mode", "count"), [("skip", 0), ("combine", 1), ("overwrite", 1)])
def test_events_are_copied_with_the_people(acme: Shop, mode: str, count: int) -> None:
    old, new = with_people(acme)
    wallets = {number: Card.objects.get(brand=acme.brand, number=number).wallet_id for number in (old, new)}
    facts = {"root_type": "CUSTOM", "category_id": "call", "happened_at": NOW, "recorded_at": NOW}
    Event.objects.create(brand=acme.brand, wallet_id=wallets[old], **facts)
    into(acme, new, old, mergeMode=mode)
    assert Event.objects.filter(brand=acme.brand, wallet_id=wallets[new]).count() == count


def test_children_come_along_with_their_value_and_people(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    acme.ok("allocateChildCard", {"cardNumber": old, "childCardNumber": "kid"})
    acme.issue(old, 20, childCardNumber="kid")
    acme.ok("updateAccount", {"cardNumber": old, "childCardNumber": "kid", "primaryCustomer": {"firstName": "Kim"}})
    out(acme, old)
    into(acme, new, old)
    acme.redeem(new, 20, childCardNumber="kid")
    rows = acme.ok("cardHistory", {"cardNumber": new, "childCardNumber": "kid"})["transactions"]
    assert [row["callType"] for row in rows] == [
        "UPDATE_BALANCE",
        "TRANSFER",
        "TRANSFER",
        "UPDATE_ACCOUNT",
        "UPDATE_BALANCE",
    ]
    assert sum(D(each["amount"]) for row in rows for each in row["balanceUpdates"]) == 0


def test_the_same_child_number_on_both_sides_is_refused(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    for card in (old, new):
        acme.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": "kid"})
    out(acme, old)
    refused(acme, 9, "transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old})


def test_a_childs_hold_stands_in_the_way_too(acme: Shop) -> None:
    old = acme.card()
    acme.ok("allocateChildCard", {"cardNumber": old, "childCardNumber": "kid"})
    acme.issue(old, 20, childCardNumber="kid")
    acme.hold(old, 5, childCardNumber="kid")
    refused(acme, 21, "transfer", {"cardNumber": old, "action": "out"})


def test_the_new_cards_history_includes_the_old_ones_and_adds_up(acme: Shop) -> None:
    _, new = moved(acme)
    acme.redeem(new, 10)
    reply = acme.ok("cardHistory", {"cardNumber": new})
    rows = reply["transactions"]
    assert sum(D(each["amount"]) for row in rows for each in row["balanceUpdates"]) == D(40)
    assert [row["callType"] for row in rows].count("TRANSFER") == 2
    assert reply["transactionCount"] == len(rows) == 6


def test_a_redemption_on_the_old_card_is_voided_through_the_new_one(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    acme.issue(old, 50)
    redeemed = acme.redeem(old, 20)
    out(acme, old)
    into(acme, new, old)
    acme.ok("voidTransaction", {"cardNumber": new, "requestRef": redeemed})
    assert (acme.free(old), acme.free(new)) == (D(0), D(50))
    refused(acme, 30, "voidTransaction", {"cardNumber": new, "requestRef": redeemed})
    rows = acme.ok("cardHistory", {"cardNumber": new})["transactions"]
    assert [D(each["amount"]) for each in rows[0]["balanceUpdates"]] == [D(20)]


def test_an_issue_on_the_old_card_is_taken_back_from_the_new_one(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    issued = acme.issue(old, 50, issuedBalanceExpiration="2090-01-01 00:00:00")
    acme.issue(new, 7)
    out(acme, old)
    into(acme, new, old)
    acme.redeem(new, 10)
    acme.issue(new, 5)
    acme.ok("voidTransaction", {"cardNumber": new, "requestRef": issued})
    assert acme.free(new) == D(2)


def test_too_little_left_after_a_transfer_moves_nothing(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    issued = acme.issue(old, 50)
    out(acme, old)
    into(acme, new, old)
    acme.redeem(new, 10)
    refused(acme, 13, "voidTransaction", {"cardNumber": new, "requestRef": issued})


def test_what_happened_on_the_old_card_is_another_cards_business(acme: Shop) -> None:
    old, new, stranger = acme.card(), acme.card(), acme.card()
    issued = acme.issue(old, 50)
    out(acme, old)
    refused(acme, 29, "voidTransaction", {"cardNumber": new, "requestRef": issued})
    into(acme, new, old)
    refused(acme, 29, "voidTransaction", {"cardNumber": stranger, "requestRef": issued})


def test_a_chain_of_transfers_is_followed_to_its_end(acme: Shop) -> None:
    first, second, third = acme.card(), acme.card(card_set=another_program(acme)), acme.card()
    acme.issue(first, 50)
    redeemed = acme.redeem(first, 20)
    out(acme, first)
    into(acme, second, first)
    out(acme, second)
    into(acme, third, second)
    refused(acme, 11, "voidTransaction", {"cardNumber": second, "requestRef": redeemed})
    acme.ok("voidTransaction", {"cardNumber": third, "requestRef": redeemed})
    assert acme.free(third) == D(50)
    assert len(acme.ok("cardHistory", {"cardNumber": third})["transactions"]) == 10


def test_a_checkout_on_the_old_card_is_voided_with_its_payments(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    acme.issue(old, 50)
    paid = acme.redeem(old, 5)
    pay = {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": 15}
    body = {"cardNumber": old, "checkoutTotal": 20, "paymentMethods": [pay, {"updateBalanceRequestRef": paid}]}
    bought = acme.ok("checkout", body)["requestRef"]
    out(acme, old)
    into(acme, new, old)
    acme.ok("voidTransaction", {"cardNumber": new, "requestRef": bought})
    assert acme.free(new) == D(50)


def test_a_pin_is_checked_on_the_card_that_is_named(acme: Shop) -> None:
    def allocated(number: str) -> str:
        body = {"cardNumber": number, "cardSetId": acme.gift_set.code, "createIfNew": True}
        return str(acme.ok("allocate", body)["pin"])

    pin = allocated("pin-old")
    new_pin = allocated("pin-new")
    out(acme, "pin-old", forcePinValidation=True, pin=pin)
    into(acme, "pin-new", "pin-old", forcePinValidation=True, pin=new_pin)


def test_a_repeated_transfer_acts_once(acme: Shop) -> None:
    old = acme.card()
    acme.issue(old, 5)
    acme.ok("transfer", {"cardNumber": old, "action": "out"}, customRequestId="t-1")
    refused(acme, 3, "transfer", {"cardNumber": old, "action": "out"}, customRequestId="t-1")


def test_another_brand_transfers_nothing_of_ours(acme: Shop, charlie: Shop) -> None:
    old, theirs = acme.card(), charlie.card()
    acme.issue(old, 5)
    refused(charlie, 2, "transfer", {"cardNumber": old, "action": "out"})
    out(acme, old)
    refused(charlie, 2, "transfer", {"cardNumber": theirs, "action": "in", "oldCardNumber": old})
