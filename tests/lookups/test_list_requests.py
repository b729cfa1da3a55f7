"""listRequests: the calls that carried an external transaction id."""

from uuid import UUID

from apps.requestlog.models import Request
from tests.shop import Shop, usd


def listed(shop: Shop, external_id: str) -> list[str]:
    """The references of the calls with this id."""
    references: list[str] = shop.ok("listRequests", {"externalTransactionId": external_id})["requestRefs"]
    return references


def test_changes_reads_and_refusals_are_listed_oldest_first(acme: Shop) -> None:
    number = acme.card()
    calls = [
        acme.ok("updateBalance", usd(number, "issue", 5), externalTransactionId="receipt"),
        acme.post("updateBalance", usd(number, "redeem", 50), externalTransactionId="receipt"),
        acme.ok("search", {"filters": {}}, externalTransactionId="receipt"),
    ]
    acme.ok("search", {"filters": {}}, externalTransactionId="receipt 2")
    assert listed(acme, "receipt") == [call["requestRef"] for call in calls]


def test_no_call_is_an_empty_list(acme: Shop) -> None:
    assert listed(acme, "nothing") == []


def test_changes_are_listed_after_their_log_was_dropped(acme: Shop) -> None:
    reply = acme.ok("updateBalance", usd(acme.card(), "issue", 5), externalTransactionId="receipt")
    Request.objects.filter(brand=acme.brand, id=UUID(reply["requestRef"])).delete()
    assert listed(acme, "receipt") == [reply["requestRef"]]


def test_long_ids_are_compared_as_a_whole(acme: Shop) -> None:
    beginning = "x" * 80
    first = acme.ok("search", {"filters": {}}, externalTransactionId=beginning + "1")
    acme.ok("search", {"filters": {}}, externalTransactionId=beginning + "2")
    assert listed(acme, beginning + "1") == [first["requestRef"]]
    assert listed(acme, beginning) == []


def test_charlie_does_not_see_calls_of_acme(acme: Shop, charlie: Shop) -> None:
    acme.ok("search", {"filters": {}}, externalTransactionId="receipt")
    assert listed(charlie, "receipt") == []
