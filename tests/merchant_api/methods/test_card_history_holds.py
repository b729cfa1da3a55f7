"""cardHistory over the wire: what the movements of a hold say of the value that they hold."""

from tests.merchant_api.methods.test_update_balance import old_card
from tests.merchant_api.steady import history
from tests.shop import Shop


def test_split_movements_of_a_hold_name_their_kind_but_no_date_since_held_value_is_usable(acme: Shop) -> None:
    card = old_card(acme)
    acme.issue(card, 10, issuedBalanceActivation="2024-01-03 12:00:00", customRequestDate="2024-01-02 00:00:00")
    acme.hold(card, 6, customRequestDate="2024-01-04 00:00:00")
    kind = {"balanceType": "Currency", "balanceCode": "USD"}
    row = history(acme, card, splitHoldMutations=True)[0]
    assert row["balanceUpdates"] == [kind | {"amount": -6}]
    assert row["holdBalanceUpdates"] == [kind | {"amount": 6}]
