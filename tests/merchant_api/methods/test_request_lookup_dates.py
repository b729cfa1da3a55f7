"""requestLookup over the wire: from when and until when the value that came in can be used."""

from datetime import UTC, datetime
from typing import Any

from apps.kernel.moments import epoch_milliseconds
from tests.merchant_api.methods.test_update_balance import old_card
from tests.shop import Shop

KIND = {"balanceType": "Currency", "balanceCode": "USD", "isDiscount": False}
FROM = {"balanceActiveDate": epoch_milliseconds(datetime(2024, 1, 3, 12, tzinfo=UTC))}
UNTIL = {"balanceExpiration": epoch_milliseconds(datetime(2090, 1, 1, tzinfo=UTC))}


def dated_issue(shop: Shop, card: str) -> str:
    dates = {"issuedBalanceActivation": "2024-01-03 12:00:00", "issuedBalanceExpiration": "2090-01-01 00:00:00"}
    return shop.issue(card, 10, customRequestDate="2024-01-02 00:00:00", **dates)


def look(shop: Shop, reference: str) -> dict[str, Any]:
    return shop.ok("requestLookup", {"requestRef": reference, "splitHoldMutations": True}).body


def test_an_issue_says_from_when_and_until_when(acme: Shop) -> None:
    seen = look(acme, dated_issue(acme, old_card(acme)))
    assert seen["balanceMutations"] == [KIND | FROM | UNTIL | {"amount": 10}]
    assert "holdBalanceMutations" not in seen


def test_split_a_hold_says_until_when_but_not_from_when_since_held_value_is_usable(acme: Shop) -> None:
    card = old_card(acme)
    dated_issue(acme, card)
    seen = look(acme, acme.hold(card, 6, customRequestDate="2024-01-04 00:00:00"))
    assert seen["balanceMutations"] == [KIND | {"amount": -6}]
    assert seen["holdBalanceMutations"] == [KIND | UNTIL | {"amount": 6}]
