"""reactivate over the wire."""

import pytest

from apps.cards.core.status import CardStatus
from tests.merchant_api.steady import history, rack, refused, set_status, status_of
from tests.shop import Shop, usd


def test_a_suspended_card_becomes_active_with_its_value(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 10)
    set_status(acme, card, "Suspended")
    reply = acme.ok("reactivate", {"cardNumber": card})
    reference = reply["requestRef"]
    assert reply.body == {"requestRef": reference, "success": True, "transactionId": reference}
    assert status_of(acme, card) == "Activated"
    acme.redeem(card, 10)


@pytest.mark.parametrize("status", ["Lost", "Stolen", "Expired", "Closed"])
def test_any_other_status_answers_11(acme: Shop, status: str) -> None:
    card = acme.card()
    set_status(acme, card, status)
    refused(acme, 11, "reactivate", {"cardNumber": card})


def test_an_active_or_new_card_answers_11_and_an_unknown_one_2(acme: Shop) -> None:
    refused(acme, 11, "reactivate", {"cardNumber": acme.card()})
    refused(acme, 11, "reactivate", {"cardNumber": rack(acme, "A-1")})
    refused(acme, 11, "reactivate", {"cardNumber": rack(acme, "A-2", status=CardStatus.DISTRIBUTED)})
    refused(acme, 2, "reactivate", {"cardNumber": "none"})


def test_a_missing_card_number_answers_6(acme: Shop) -> None:
    assert refused(acme, 6, "reactivate", {})["errorMessage"] == "No card number was specified."


def test_it_can_be_suspended_and_reactivated_again(acme: Shop) -> None:
    card = acme.card()
    for _ in range(2):
        set_status(acme, card, "Suspended")
        refused(acme, 11, "updateBalance", usd(card, "issue", 1))
        acme.ok("reactivate", {"cardNumber": card})


def test_reactivation_is_a_transaction_without_a_call_type(acme: Shop) -> None:
    card = acme.card()
    set_status(acme, card, "Suspended")
    reference = acme.ok("reactivate", {"cardNumber": card})["requestRef"]
    row = history(acme, card)[0]
    assert row["requestRef"] == reference
    assert "callType" not in row
