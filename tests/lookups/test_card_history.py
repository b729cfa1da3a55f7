"""cardHistory: the transactions of a card, and what expired."""

from datetime import UTC, datetime
from typing import Any

import pytest

from apps.cards.models import Card
from apps.kernel.moments import epoch_milliseconds, parse_moment
from apps.requestlog.core.kinds import Origin
from apps.transactions.operations.settle_wallet import settle_wallet
from tests.shop import Shop, usd

Rows = list[dict[str, Any]]


def history(shop: Shop, number: str, **wanted: Any) -> Rows:
    """The transactions of a card."""
    rows: Rows = shop.ok("cardHistory", {"cardNumber": number} | wanted)["transactions"]
    return rows


def amounts(row: dict[str, Any], name: str = "balanceUpdates") -> list[Any]:
    """The amounts of a row."""
    return [update["amount"] for update in row.get(name, [])]


def allocate_at(shop: Shop, number: str, moment: str) -> str:
    """A card that was activated in the past."""
    body = {"cardNumber": number, "cardSetId": "gift-cards", "createIfNew": True, "customRequestDate": moment}
    shop.ok("allocate", body)
    return number


def lapsed_card(shop: Shop, number: str = "lapsed") -> str:
    """A card whose 8.00 has expired; 5.00 stay. No sweep has been there."""
    allocate_at(shop, number, "2024-01-01 00:00:00")
    shop.issue(number, "8", customRequestDate="2024-02-01 00:00:00", issuedBalanceExpiration="2024-03-01 00:00:00")
    shop.issue(number, "5", customRequestDate="2024-02-02 00:00:00")
    return number


def sweep(shop: Shop, number: str) -> None:
    """What the task does for a card that nobody touches."""
    wallet = Card.objects.get(brand=shop.brand, number=number).wallet_id
    assert wallet is not None
    settle_wallet(call=shop.call(origin=Origin.TASK, location_id=None, terminal_id=None), wallet_id=wallet)


def test_a_row_says_what_when_where_and_how_much(acme: Shop) -> None:
    number = acme.card()
    issued = acme.issue(number, "12.5")
    reply = acme.ok("cardHistory", {"cardNumber": number})
    row = reply["transactions"][0]
    assert abs(row.pop("transactionTime") - epoch_milliseconds(datetime.now(UTC))) < 60_000
    assert row == {
        "transactionId": issued,
        "requestRef": issued,
        "isLegacy": False,
        "location": "main-street",
        "callType": "UPDATE_BALANCE",
        "balanceUpdates": [{"amount": 12.5, "balanceType": "Currency", "balanceCode": "USD"}],
    }
    assert '"amount":12.50' in reply.text


def test_newest_comes_first_unless_asked_otherwise(acme: Shop) -> None:
    number = acme.card()
    references = [acme.issue(number, amount) for amount in (1, 2, 3)]
    rows = history(acme, number)
    assert [row["transactionId"] for row in rows[:3]] == references[::-1]
    assert rows[3]["callType"] == "ALLOCATE"
    oldest_first = history(acme, number, sortMostRecentFirst=False)
    assert oldest_first == rows[::-1]


def test_pages_do_not_overlap_and_counts_are_of_everything(acme: Shop) -> None:
    number = acme.card()
    references = [acme.issue(number, 1) for _ in range(5)]
    first, second = (acme.ok("cardHistory", {"cardNumber": number, "maxResults": 2, "offset": n}) for n in (0, 2))
    assert [row["transactionId"] for row in first["transactions"] + second["transactions"]] == references[:0:-1]
    beyond = acme.ok("cardHistory", {"cardNumber": number, "offset": 50})
    for reply in (first, second, beyond):
        assert (reply["matchCount"], reply["transactionCount"]) == (6, 6)
    assert beyond["transactions"] == []


def test_limit_is_another_name_of_max_results(acme: Shop) -> None:
    number = acme.card()
    acme.issue(number, 1)
    assert len(history(acme, number, limit=1)) == 1
    assert len(history(acme, number, limit=1, maxResults=2)) == 1
    assert len(history(acme, number, limit=1000)) == 2


def test_both_ends_of_a_range_are_included(acme: Shop) -> None:
    number = allocate_at(acme, "ranged", "2024-01-01 00:00:00")
    for day in (2, 3, 4):
        acme.issue(number, day, customRequestDate=f"2024-01-0{day} 12:00:00")
    wanted = {"beginDate": "2024-01-02 12:00:00", "endDate": "2024-01-03 12:00:00"}
    reply = acme.ok("cardHistory", {"cardNumber": number} | wanted)
    assert [amounts(row) for row in reply["transactions"]] == [[3], [2]]
    assert (reply["matchCount"], reply["transactionCount"]) == (2, 4)
    assert (reply["oldestTransaction"], reply["newestTransaction"]) == ("2024-01-01 00:00:00", "2024-01-04 12:00:00")


def test_the_end_is_included_with_its_whole_second(acme: Shop) -> None:
    number = acme.card()
    at = acme.ok("cardHistory", {"cardNumber": number})["newestTransaction"]
    assert len(history(acme, number, beginDate=at, endDate=at)) == 1


def test_only_the_wanted_kinds_are_shown_and_counted(acme: Shop) -> None:
    number = lapsed_card(acme)
    wanted = {"restrictTransactionTypes": ["ALLOCATE", "VOID"]}
    reply = acme.ok("cardHistory", {"cardNumber": number} | wanted)
    assert [row["callType"] for row in reply["transactions"]] == ["ALLOCATE"]
    assert (reply["matchCount"], reply["transactionCount"]) == (1, 4)
    assert acme.post("cardHistory", {"cardNumber": number, "restrictTransactionTypes": ["LUNCH"]}).code == 9


def test_reads_and_refusals_are_no_transactions(acme: Shop) -> None:
    number = acme.card()
    acme.ok("search", {"filters": {"cardNumber": number}})
    assert acme.post("updateBalance", usd(number, "redeem", "1")).code == 13
    assert [row["callType"] for row in history(acme, number)] == ["ALLOCATE"]


def test_a_hold_is_nothing_and_its_redemption_everything(acme: Shop) -> None:
    number = acme.card()
    acme.issue(number, 100)
    hold = acme.hold(number, 30)
    acme.redeem(number, 10, redeemFromHoldTransactionId=hold, releaseHoldRemainder=True)
    assert [amounts(row) for row in history(acme, number)[:3]] == [[-10], [0], [100]]
    assert sum(sum(amounts(row)) for row in history(acme, number)) == acme.free(number) == 90


def test_split_holds_show_free_and_held_value_apart(acme: Shop) -> None:
    number = acme.card()
    acme.issue(number, 100)
    hold = acme.hold(number, 30)
    acme.redeem(number, 10, redeemFromHoldTransactionId=hold, releaseHoldRemainder=True)
    rows = history(acme, number, splitHoldMutations=True)
    assert [amounts(row) for row in rows[:3]] == [[20], [-30], [100]]
    assert [amounts(row, "holdBalanceUpdates") for row in rows[:3]] == [[-10, -20], [30], []]
    assert "holdBalanceUpdates" not in rows[2]


def test_a_cancelled_hold_is_one_zero(acme: Shop) -> None:
    number = acme.card()
    acme.issue(number, 100)
    hold = acme.hold(number, 30)
    acme.redeem(number, 0, redeemFromHoldTransactionId=hold, releaseHoldRemainder=True)
    assert amounts(history(acme, number)[0]) == [0]


def test_a_void_shows_what_it_gave_back(acme: Shop) -> None:
    number = acme.card()
    acme.issue(number, 100)
    redeemed = acme.redeem(number, 40)
    acme.ok("voidTransaction", {"cardNumber": number, "requestRef": redeemed})
    row = history(acme, number)[0]
    assert (row["callType"], amounts(row)) == ("VOID", [40])


def test_a_checkout_shows_one_update_for_each_payment(acme: Shop) -> None:
    number = acme.card()
    acme.issue(number, 100)
    pay = {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD"}
    payments = [pay | {"amount": 20}, pay | {"amount": 5}, {"paymentType": "Cash", "amount": 25}]
    acme.ok("checkout", {"cardNumber": number, "checkoutTotal": 50, "paymentMethods": payments})
    row = history(acme, number)[0]
    assert (row["callType"], amounts(row)) == ("CHECKOUT_COMPLETE", [-20, -5])


def test_a_reactivation_is_a_transaction_without_call_type(acme: Shop) -> None:
    number = acme.card()
    suspend = {"cardNumber": number, "action": "adjustOnly", "isAccountingAdjustment": True}
    acme.ok("updateBalance", suspend | {"adjustStatus": {"newStatus": "Suspended"}})
    reply = acme.ok("reactivate", {"cardNumber": number})
    row = history(acme, number)[0]
    assert row["requestRef"] == reply["requestRef"]
    assert "callType" not in row
    assert row["balanceUpdates"] == []


def test_the_main_update_is_shown_on_request(acme: Shop) -> None:
    number = acme.card()
    acme.issue(number, 9)
    rows = history(acme, number, includeMainBalanceUpdate=True)
    assert rows[0]["mainBalanceUpdate"] == 9
    assert "mainBalanceUpdate" not in rows[1]
    assert "mainBalanceUpdate" not in history(acme, number)[0]


def test_delayed_value_says_when_it_became_usable(acme: Shop) -> None:
    number = acme.card()
    acme.issue(number, 9, issuedBalanceActivation="2090-01-01 00:00:00")
    update = history(acme, number)[0]["balanceUpdates"][0]
    assert update["balanceActiveDate"] == epoch_milliseconds(parse_moment("2090-01-01 00:00:00"))


def test_external_ids_are_shown_on_request(acme: Shop) -> None:
    number = acme.card()
    acme.ok("updateBalance", usd(number, "issue", 1), externalTransactionId="till-7-receipt-3")
    assert history(acme, number, includeExternalTransactionIds=True)[0]["externalTransactionId"] == "till-7-receipt-3"
    assert "externalTransactionId" not in history(acme, number)[0]


@pytest.mark.parametrize("detail", ["includeExternalTransactionIds", "includeCampaignData"])
@pytest.mark.parametrize("size", ["maxResults", "limit"])
def test_details_go_with_twenty_results_at_most(acme: Shop, detail: str, size: str) -> None:
    number = acme.card()
    assert acme.post("cardHistory", {"cardNumber": number, detail: True, size: 21}).code == 9
    assert acme.post("cardHistory", {"cardNumber": number, detail: True, size: 20}).code is None


def test_an_expiry_is_a_transaction_at_its_own_moment(acme: Shop) -> None:
    number = lapsed_card(acme)
    row = history(acme, number)[0]
    assert row["transactionTime"] == epoch_milliseconds(parse_moment("2024-03-01 00:00:00"))
    assert amounts(row) == [-8]
    assert row["transactionId"]
    assert not {"callType", "requestRef", "location"} & set(row)


def test_an_expiry_is_the_same_before_and_after_the_sweep(acme: Shop) -> None:
    number = lapsed_card(acme)
    before = acme.ok("cardHistory", {"cardNumber": number}).body
    sweep(acme, number)
    after = acme.ok("cardHistory", {"cardNumber": number}).body
    assert before | {"requestRef": ""} == after | {"requestRef": ""}
    assert before["transactionCount"] == 4


def test_what_a_call_settles_is_not_its_own(acme: Shop) -> None:
    number = lapsed_card(acme)
    acme.redeem(number, 5)
    rows = history(acme, number)
    assert [amounts(row) for row in rows] == [[-5], [-8], [5], [8], []]
    assert sum(sum(amounts(row)) for row in rows) == acme.free(number) == 0


def test_a_redemption_voided_after_the_expiry_expires_at_once(acme: Shop) -> None:
    number = allocate_at(acme, "late", "2024-01-01 00:00:00")
    acme.issue(number, 8, customRequestDate="2024-02-01 00:00:00", issuedBalanceExpiration="2024-03-01 00:00:00")
    redeemed = acme.redeem(number, 3, customRequestDate="2024-02-15 00:00:00")
    acme.ok("voidTransaction", {"cardNumber": number, "requestRef": redeemed})
    rows = history(acme, number)
    assert [(row.get("callType"), amounts(row)) for row in rows[:4]] == [
        (None, [-3]),
        ("VOID", [3]),
        (None, [-5]),
        ("UPDATE_BALANCE", [-3]),
    ]
    assert sum(sum(amounts(row)) for row in rows) == acme.free(number) == 0


def test_an_unknown_card_has_no_history(acme: Shop) -> None:
    reply = acme.post("cardHistory", {"cardNumber": "nobody"})
    assert (reply.code, reply["errorMessage"]) == (2, "Could not find the specified card.")


def test_a_card_never_activated_has_no_history(acme: Shop) -> None:
    Card.objects.create(brand=acme.brand, number="rack", card_set_id=acme.gift_set.pk, shuffle=1)
    reply = acme.post("cardHistory", {"cardNumber": "rack"})
    assert reply.code == 2
    assert reply["errorMessage"] == "Could not find the account that goes with the specified card."


def test_a_closed_card_keeps_its_history(acme: Shop) -> None:
    number = acme.card()
    close = {"cardNumber": number, "action": "adjustOnly", "isAccountingAdjustment": True}
    acme.ok("updateBalance", close | {"adjustStatus": {"newStatus": "Closed"}})
    assert len(history(acme, number)) == 2


def test_a_long_history_costs_as_much_as_a_short_one(acme: Shop, statements: Any) -> None:
    short, long = acme.card(), acme.card()
    for _ in range(6):
        acme.issue(long, 1)
    acme.issue(short, 1)
    with statements() as few:
        history(acme, short)
    with statements() as many:
        history(acme, long)
    assert len(many) == len(few)


def test_charlie_sees_no_history_of_acme(acme: Shop, charlie: Shop) -> None:
    number = acme.card("shared-number")
    acme.issue(number, 5)
    assert charlie.post("cardHistory", {"cardNumber": number}).code == 2
    charlie.card("shared-number")
    assert [row["callType"] for row in history(charlie, number)] == ["ALLOCATE"]
