"""triggerCustomCampaigns over the wire."""

import pytest

from apps.coupons.models import Coupon
from apps.coupons.queries.lock_coupon import SHUFFLES
from apps.messaging.models import Outbox
from apps.requestlog.core.kinds import CallType
from apps.requestlog.models import Request
from tests.campaigns.live import condition, points, publish, result, rule, says
from tests.coupons.booklet import booklet
from tests.merchant_api.steady import history, refused, set_status
from tests.merchant_api.test_statements import counted
from tests.merchant_api.triggers import member, operation_of, points_of
from tests.shop import Shop
from tests.transactions.locks import lock

METHOD = "triggerCustomCampaigns"
SPRING = {"customKeyValues": [{"key": "newsletter", "value": "winter"}, {"key": "newsletter", "value": "spring"}]}


@pytest.fixture
def card(acme: Shop) -> str:
    """A member, and a rule for readers of the spring newsletter; rules of other triggers give nothing here."""
    reads = condition("custom_key", key="newsletter", values=["spring"])
    publish(acme, rule(points(10), says("Thanks!"), when=[reads], trigger="custom"), rule(points(1)))
    return member(acme, firstName="Ada", email="ada@example.com")


def test_a_rule_fires_by_its_key_and_value(acme: Shop, card: str) -> None:
    for body in ({}, {"customKeyValues": [{"key": "spring", "value": "newsletter"}]}):
        answer = acme.ok(METHOD, {"cardNumber": card} | body)
        assert (answer["responseMessages"], answer["sentNotifications"]) == ([], 0)
    assert points_of(acme, card) == 0
    assert acme.ok(METHOD, {"cardNumber": card} | SPRING)["responseMessages"] == ["Thanks!"]
    assert points_of(acme, card) == 10


def test_notifications_that_leave_are_counted_and_direct_ones_answered(acme: Shop, card: str) -> None:
    loud = [says("Hi", "email", subject="Hi"), says("Hi", "sms"), says("Here!"), says("Here, too!")]
    publish(acme, rule(*loud, trigger="custom"))
    answer = acme.ok(METHOD, {"cardNumber": card})
    assert answer["sentNotifications"] == 2
    assert answer["responseMessages"] == ["Here!", "Here, too!"]
    sent = Outbox.objects.filter(brand=acme.brand, operation_id=answer["requestRef"])
    assert sorted(sent.values_list("channel", flat=True)) == ["email", "sms"]


def test_a_trigger_is_no_visit_and_has_no_call_type(acme: Shop, card: str) -> None:
    answer = acme.ok(METHOD, {"cardNumber": card} | SPRING)
    assert operation_of(answer).call_type == CallType.CAMPAIGN
    row = history(acme, card)[0]
    assert row["requestRef"] == answer["requestRef"]
    assert "callType" not in row
    assert [each["amount"] for each in row["balanceUpdates"]] == [10]


def test_what_was_known_and_decided_is_kept(acme: Shop, card: str) -> None:
    answer = acme.ok(METHOD, {"cardNumber": card} | SPRING)
    row = Request.objects.get(id=answer["requestRef"])
    assert b'"custom"' in bytes(row.facts)
    assert b'"fired"' in bytes(row.verdicts)


def test_a_trigger_that_issued_can_be_voided_and_one_that_did_not_cannot(acme: Shop, card: str) -> None:
    silent = acme.ok(METHOD, {"cardNumber": card})
    refused(acme, 31, "voidTransaction", {"cardNumber": card, "requestRef": silent["requestRef"]})
    issued = acme.ok(METHOD, {"cardNumber": card} | SPRING)
    acme.ok("voidTransaction", {"cardNumber": card, "requestRef": issued["requestRef"]})
    assert points_of(acme, card) == 0


def test_a_custom_request_id_triggers_once(acme: Shop, card: str) -> None:
    acme.ok(METHOD, {"cardNumber": card} | SPRING, customRequestId="once")
    refused(acme, 3, METHOD, {"cardNumber": card} | SPRING, customRequestId="once")
    assert points_of(acme, card) == 10


def test_refusals(acme: Shop, charlie: Shop, card: str) -> None:
    refused(acme, 2, METHOD, {"cardNumber": "nobody"} | SPRING)
    refused(charlie, 2, METHOD, {"cardNumber": card} | SPRING)
    refused(acme, 6, METHOD, SPRING)
    refused(acme, 6, METHOD, {"cardNumber": card, "customKeyValues": [{"key": "x"}]})
    lost = member(acme)
    set_status(acme, lost, "Lost")
    refused(acme, 11, METHOD, {"cardNumber": lost} | SPRING)
    lock(acme, card)
    refused(acme, 14, METHOD, {"cardNumber": card} | SPRING)


def test_it_takes_five_statements(acme: Shop, card: str) -> None:
    acme.ok(METHOD, {"cardNumber": card} | SPRING)
    assert counted(acme, METHOD, {"cardNumber": card} | SPRING) == 5
    assert counted(acme, METHOD, {"cardNumber": card}, customRequestId="one") == 5


def test_each_coupon_given_costs_one_more(acme: Shop, card: str) -> None:
    booklet(acme, [f"A-{number}" for number in range(9)])
    Coupon.objects.filter(brand=acme.brand).update(shuffle=SHUFFLES - 1)  # no draw has to wrap around
    publish(acme, *(rule(result("allocate_coupon", coupon_set="summer"), trigger="custom") for _ in range(2)))
    acme.ok(METHOD, {"cardNumber": card})
    assert counted(acme, METHOD, {"cardNumber": card}) == 7
    assert Coupon.objects.filter(brand=acme.brand, wallet_id__isnull=False).count() == 4
