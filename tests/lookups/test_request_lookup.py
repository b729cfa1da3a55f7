"""requestLookup: what one earlier call was and did."""

from typing import Any
from uuid import UUID

import pytest

from apps.brands.models import Location, Terminal
from apps.brands.operations.publish_config import publish_config
from apps.cards.models import Card
from apps.requestlog.models import Request
from tests.shop import Shop, usd

UNKNOWN = "0192f000-0000-7000-8000-000000000000"


def lookup(shop: Shop, reference: str, **wanted: Any) -> dict[str, Any]:
    """The answer without its own reference and success."""
    reply = shop.ok("requestLookup", {"requestRef": reference} | wanted)
    return {name: value for name, value in reply.body.items() if name not in ("requestRef", "success")}


def forget(shop: Shop, reference: str) -> None:
    """What happens to the request log when its month is dropped."""
    assert Request.objects.filter(brand=shop.brand, id=UUID(reference)).delete()[0] == 1


def amounts(seen: dict[str, Any], name: str = "balanceMutations") -> list[Any]:
    """The amounts of the movements."""
    return [each["amount"] for each in seen.get(name, [])]


def test_a_change_is_told_in_full(acme: Shop) -> None:
    number = acme.card()
    body = usd(number, "issue", "5", issuedBalanceExpiration="2090-01-01 00:00:00")
    reply = acme.ok("updateBalance", body, externalTransactionId="receipt 1", note="a note")
    seen = lookup(acme, reply["requestRef"])
    assert len(seen.pop("requestDate")) == len("2024-01-01 00:00:00")
    assert seen == {
        "callType": "UPDATE_BALANCE",
        "cardNumber": number,
        "locationId": "main-street",
        "terminalId": "till-1",
        "externalTransactionId": "receipt 1",
        "note": "a note",
        "isVoided": False,
        "balanceMutations": [
            {
                "amount": 5,
                "isDiscount": False,
                "balanceType": "Currency",
                "balanceCode": "USD",
                "balanceExpiration": 3786912000000,
            }
        ],
    }


def test_the_answers_reference_is_that_of_the_lookup(acme: Shop) -> None:
    issued = acme.issue(acme.card(), 1)
    assert acme.ok("requestLookup", {"requestRef": issued})["requestRef"] != issued


def test_a_lost_answer_of_allocate_gives_its_card(acme: Shop) -> None:
    Card.objects.create(brand=acme.brand, number="drawn", card_set_id=acme.gift_set.pk, shuffle=1)
    allocated = acme.ok("allocate", {"cardSetId": "gift-cards"})["requestRef"]
    seen = lookup(acme, allocated)
    assert (seen["callType"], seen["cardNumber"]) == ("ALLOCATE", "drawn")
    forget(acme, allocated)
    assert lookup(acme, allocated) == seen


def test_a_change_is_known_after_its_log_was_dropped(acme: Shop) -> None:
    issued = acme.issue(acme.card(), 1)
    before = lookup(acme, issued)
    forget(acme, issued)
    assert lookup(acme, issued) == before


@pytest.mark.parametrize(
    ("method", "body", "call_type"),
    [
        ("search", {"filters": {"cardNumber": "CARD"}}, "SEARCH"),
        ("cardHistory", {"cardNumber": "CARD"}, "ACCOUNT_HISTORY"),
        ("listValueTypes", {"lookupCardNumber": "CARD"}, "REPORTING"),
    ],
)
def test_a_read_is_known(acme: Shop, method: str, body: dict[str, Any], call_type: str) -> None:
    acme.card("CARD")
    seen = lookup(acme, acme.ok(method, body)["requestRef"])
    assert (seen["callType"], seen["cardNumber"]) == (call_type, "CARD")
    assert "requestErrorCode" not in seen
    assert "balanceMutations" not in seen


def test_a_refusal_is_known_with_its_code(acme: Shop) -> None:
    number = acme.card()
    refused = acme.post("updateBalance", usd(number, "redeem", 5), note="a try")
    seen = lookup(acme, refused["requestRef"])
    assert (seen["callType"], seen["requestErrorCode"]) == ("UPDATE_BALANCE", 13)
    assert (seen["cardNumber"], seen["note"], seen["isVoided"]) == (number, "a try", False)


def test_a_reactivation_has_no_call_type(acme: Shop) -> None:
    refused = acme.post("reactivate", {"cardNumber": acme.card()})
    assert "callType" not in lookup(acme, refused["requestRef"])


def test_a_voided_call_says_so(acme: Shop) -> None:
    number = acme.card()
    issued = acme.issue(number, 5)
    void = acme.ok("voidTransaction", {"cardNumber": number, "requestRef": issued})
    assert lookup(acme, issued)["isVoided"] is True
    undone = lookup(acme, void["requestRef"])
    assert (undone["callType"], undone["isVoided"], amounts(undone)) == ("VOID", False, [-5])


def test_a_checkout_has_its_figures(acme: Shop) -> None:
    number = acme.card()
    acme.issue(number, 50)
    pay = {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": 20}
    reply = acme.ok("checkout", {"cardNumber": number, "checkoutTotal": 30.5, "paymentMethods": [pay]})
    seen = acme.ok("requestLookup", {"requestRef": reply["requestRef"]})
    assert (seen["callType"], amounts(seen.body)) == ("CHECKOUT_COMPLETE", [-20])
    assert '"checkoutTotalBeforeDiscount":30.50' in seen.text
    assert '"totalDiscount":0.00' in seen.text


def test_an_anonymous_checkout_has_no_card(acme: Shop) -> None:
    reply = acme.ok("checkout", {"checkoutTotal": 3})
    assert "cardNumber" not in lookup(acme, reply["requestRef"])


def test_holds_are_split_on_request(acme: Shop) -> None:
    number = acme.card()
    acme.issue(number, 50)
    hold = acme.hold(number, 20)
    assert amounts(lookup(acme, hold)) == [0]
    seen = lookup(acme, hold, splitHoldMutations=True)
    assert (amounts(seen), amounts(seen, "holdBalanceMutations")) == ([-20], [20])
    redeemed = acme.redeem(number, 15, redeemFromHoldTransactionId=hold)
    assert amounts(lookup(acme, redeemed)) == [-15]
    seen = lookup(acme, redeemed, splitHoldMutations=True)
    assert (amounts(seen), amounts(seen, "holdBalanceMutations")) == ([], [-15])


def test_a_redemption_from_several_lots_is_one_movement(acme: Shop) -> None:
    number = acme.card()
    acme.issue(number, 5, issuedBalanceExpiration="2090-01-01 00:00:00")
    acme.issue(number, 5)
    redeemed = acme.redeem(number, 8)
    assert lookup(acme, redeemed)["balanceMutations"] == [
        {"amount": -8, "isDiscount": False, "balanceType": "Currency", "balanceCode": "USD"}
    ]


def test_places_that_were_closed_keep_their_names(acme: Shop) -> None:
    number = acme.card()
    issued = acme.ok("updateBalance", usd(number, "issue", 5), Location="harbour", Terminal="till-9")["requestRef"]
    Location.objects.filter(pk=acme.other_location.pk).update(is_active=False)
    Terminal.objects.filter(pk=acme.other_terminal.pk).update(is_active=False)
    publish_config(brand_id=acme.brand.pk)
    seen = lookup(acme, issued)
    assert (seen["locationId"], seen["terminalId"]) == ("harbour", "till-9")


@pytest.mark.parametrize("reference", [UNKNOWN, "no reference", "0" * 36])
def test_an_unknown_or_malformed_reference_is_not_found(acme: Shop, reference: str) -> None:
    assert acme.post("requestLookup", {"requestRef": reference}).code == 29


def test_charlie_cannot_look_up_a_call_of_acme(acme: Shop, charlie: Shop) -> None:
    number = acme.card()
    issued = acme.issue(number, 5)
    read = acme.ok("search", {"filters": {"cardNumber": number}})["requestRef"]
    assert charlie.post("requestLookup", {"requestRef": issued}).code == 29
    assert charlie.post("requestLookup", {"requestRef": read}).code == 29
