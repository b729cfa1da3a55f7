"""cardHistory over the wire."""

from datetime import UTC, datetime
from typing import Any

import pytest

from apps.kernel.moments import epoch_milliseconds
from tests.merchant_api.methods.test_update_balance import old_card
from tests.merchant_api.steady import history, movements, rack, refused, set_status
from tests.shop import Shop, usd


@pytest.fixture
def card(acme: Shop) -> str:
    """A card of January 2024 with an issue on each of the first five days."""
    card = old_card(acme)
    for day in range(2, 7):
        acme.issue(card, day, customRequestDate=f"2024-01-0{day} 12:00:00")
    return card


def amounts(shop: Shop, card: str, **more: Any) -> list[Any]:
    return [movements(row)[0] if movements(row) else None for row in history(shop, card, **more)]


def test_a_row_says_exactly_this(acme: Shop, card: str) -> None:
    reference = acme.issue(card, 9, customRequestDate="2024-01-09 00:00:00")
    assert history(acme, card)[0] == {
        "transactionId": reference,
        "requestRef": reference,
        "isLegacy": False,
        "transactionTime": epoch_milliseconds(datetime(2024, 1, 9, tzinfo=UTC)),
        "location": "main-street",
        "callType": "UPDATE_BALANCE",
        "balanceUpdates": [{"amount": 9, "balanceType": "Currency", "balanceCode": "USD"}],
    }


def test_newest_first_or_oldest_first(acme: Shop, card: str) -> None:
    assert amounts(acme, card) == [6, 5, 4, 3, 2, None]
    assert amounts(acme, card, sortMostRecentFirst=False) == [None, 2, 3, 4, 5, 6]


def test_figures_count_all_and_what_matches(acme: Shop, card: str) -> None:
    body = {"cardNumber": card, "beginDate": "2024-01-03 12:00:00", "endDate": "2024-01-05 12:00:00"}
    reply = acme.ok("cardHistory", body)
    assert (reply["transactionCount"], reply["matchCount"], len(reply["transactions"])) == (6, 3, 3)
    assert reply["oldestTransaction"] == "2024-01-01 00:00:00"
    assert [movements(row) for row in reply["transactions"]] == [[5], [4], [3]]


def test_paging(acme: Shop, card: str) -> None:
    only = {"restrictTransactionTypes": ["UPDATE_BALANCE"]}
    assert amounts(acme, card, maxResults=2, offset=1, **only) == [5, 4]
    assert amounts(acme, card, limit=1, **only) == [6]
    assert len(history(acme, card, maxResults=5000)) == 6
    assert len(history(acme, card, limit=5000)) == 6


@pytest.mark.parametrize(
    "more",
    [
        {"maxResults": 0},
        {"limit": 0},
        {"offset": -1},
        {"offset": 1001},
        {"restrictTransactionTypes": ["NOTHING"]},
        {"restrictTransactionTypes": ["UPDATE_BALANCE", "update_balance"]},
        {"includeExternalTransactionIds": True, "maxResults": 21},
        {"includeCampaignData": True, "maxResults": 21},
        {"includeCampaignData": True, "limit": 21},
    ],
)
def test_what_is_not_allowed_answers_9(acme: Shop, card: str, more: dict[str, Any]) -> None:
    refused(acme, 9, "cardHistory", {"cardNumber": card} | more)


@pytest.mark.parametrize(
    "more", [{"beginDate": "2024-01-01"}, {"maxResults": "many"}, {"restrictTransactionTypes": "VOID"}]
)
def test_wrong_forms_answer_6(acme: Shop, card: str, more: dict[str, Any]) -> None:
    refused(acme, 6, "cardHistory", {"cardNumber": card} | more)


def test_external_ids_come_when_asked_for(acme: Shop) -> None:
    card = acme.card()
    acme.ok("updateBalance", usd(card, "issue", 5), externalTransactionId="INV-1")
    assert "externalTransactionId" not in history(acme, card)[0]
    asked = {"includeExternalTransactionIds": True, "maxResults": 20}
    assert history(acme, card, **asked)[0]["externalTransactionId"] == "INV-1"


def test_refusals_and_reading_calls_are_no_transactions(acme: Shop, card: str) -> None:
    acme.post("updateBalance", usd(card, "redeem", 1000))
    acme.ok("search", {"filters": {"cardNumber": card}})
    assert acme.ok("cardHistory", {"cardNumber": card})["transactionCount"] == 6


def test_an_expiry_is_a_row_without_call_type_and_reference(acme: Shop) -> None:
    card = old_card(acme)
    acme.issue(card, 5, issuedBalanceExpiration="2024-02-01 00:00:00", customRequestDate="2024-01-02 00:00:00")
    row = next(row for row in history(acme, card) if "callType" not in row)
    assert "requestRef" not in row
    assert row["transactionId"]
    assert row["transactionTime"] == epoch_milliseconds(datetime(2024, 2, 1, tzinfo=UTC))
    assert movements(row) == [-5]


def test_an_expiry_shows_the_same_before_and_after_it_is_settled(acme: Shop) -> None:
    card = old_card(acme)
    acme.issue(card, 5, issuedBalanceExpiration="2024-02-01 00:00:00", customRequestDate="2024-01-02 00:00:00")
    before = next(row for row in history(acme, card) if "callType" not in row)
    acme.issue(card, 1)
    assert [row for row in history(acme, card) if "callType" not in row] == [before]
    assert "callType" in history(acme, card)[0]


def test_the_texts_that_clients_compare(acme: Shop) -> None:
    unknown = refused(acme, 2, "cardHistory", {"cardNumber": "none"})
    assert unknown["errorMessage"] == "Could not find the specified card."
    never = refused(acme, 2, "cardHistory", {"cardNumber": rack(acme, "A-1")})
    assert never["errorMessage"] == "Could not find the account that goes with the specified card."


def test_every_card_that_was_ever_activated_has_a_history(acme: Shop, card: str) -> None:
    set_status(acme, card, "Closed")
    assert acme.ok("cardHistory", {"cardNumber": card})["transactionCount"] == 7


def test_the_main_update_comes_when_asked_for(acme: Shop, card: str) -> None:
    assert "mainBalanceUpdate" not in history(acme, card)[0]
    rows = history(acme, card, includeMainBalanceUpdate=True, restrictTransactionTypes=["UPDATE_BALANCE"])
    assert [row["mainBalanceUpdate"] for row in rows] == [6, 5, 4, 3, 2]
