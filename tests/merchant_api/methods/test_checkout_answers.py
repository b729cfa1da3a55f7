"""checkout over the wire: balances in its answer are those of today, never broken down by date."""

from tests.merchant_api.steady import ahead
from tests.shop import Shop


def test_balances_are_what_is_free_whenever_it_expires_and_what_each_hold_keeps(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 5)
    acme.issue(card, 7, issuedBalanceExpiration=ahead(days=9))
    acme.issue(card, 9, issuedBalanceActivation=ahead(days=3))
    hold = acme.hold(card, 8)
    kind = {"balanceType": "Currency", "balanceCode": "USD", "scale": 2}
    seen = acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 25, "returnBalances": True})["balances"]
    assert seen == [
        kind | {"amount": 4, "isHold": False},
        kind | {"amount": 8, "isHold": True, "holdingTransactionId": hold},
    ]
