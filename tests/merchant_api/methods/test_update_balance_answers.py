"""updateBalance over the wire: balances in its answer are those of today, never broken down by date."""

from tests.merchant_api.steady import ahead
from tests.shop import Shop, usd


def test_balances_add_up_what_expires_and_what_does_not_and_leave_out_what_is_not_usable_yet(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 5)
    acme.issue(card, 7, issuedBalanceExpiration=ahead(days=9))
    body = usd(card, "issue", 9, issuedBalanceActivation=ahead(days=3), returnBalances=True)
    kind = {"balanceType": "Currency", "balanceCode": "USD", "scale": 2}
    assert acme.ok("updateBalance", body)["balances"] == [kind | {"amount": 12, "isHold": False}]
