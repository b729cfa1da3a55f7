"""updateAccount over the wire: events, and keys and values."""

from typing import Any

import pytest

from apps.cards.models import Card, ChildCard, Event
from apps.customers.models import EventType
from tests.merchant_api.methods.test_update_account_people import family, people
from tests.merchant_api.steady import NOW, ago, ahead, refused, text
from tests.shop import Shop


@pytest.fixture
def card(acme: Shop) -> str:
    """A card of a brand that counts incoming calls."""
    acme.ok("createEventType", {"categoryId": "IncomingCall"})
    return acme.card()


def body(card: str, *events: dict[str, Any]) -> dict[str, Any]:
    return {"cardNumber": card, "newEvents": [{"categoryId": "IncomingCall"} | event for event in events]}


def test_an_event_is_logged_with_its_payload_and_date(acme: Shop, card: str) -> None:
    sent = body(card, {"payload": "about ABC", "eventDate": "2020-02-29 23:59:59"}, {"eventDate": ahead(days=1)})
    reference = acme.ok("updateAccount", sent)["requestRef"]
    first, second = Event.objects.filter(brand=acme.brand).order_by("pk")
    assert (first.root_type, first.category_id, first.specific_id) == ("CUSTOM", "IncomingCall", None)
    assert (first.payload, text(first.happened_at)) == ("about ABC", "2020-02-29 23:59:59")
    assert (second.payload, text(second.happened_at)) == (None, ahead(days=1))
    assert {str(first.operation_id), str(second.operation_id)} == {reference}
    assert first.wallet_id == Card.objects.get(brand=acme.brand, number=card).wallet_id


def test_an_event_without_a_date_happens_when_the_call_does(acme: Shop, card: str) -> None:
    acme.ok("updateAccount", body(card, {}))
    acme.ok("updateAccount", body(card, {}) | {"customRequestDate": ago(days=9)})
    first, second = Event.objects.filter(brand=acme.brand).order_by("pk")
    assert first.happened_at == first.recorded_at >= NOW
    assert text(second.happened_at) == ago(days=9)


def test_an_event_makes_no_customer(acme: Shop, card: str) -> None:
    acme.ok("updateAccount", body(card, {}))
    assert people(acme, card) == {}


def test_an_event_of_a_child_is_the_childs(acme: Shop, card: str) -> None:
    acme.ok("updateAccount", body(family(acme), {}) | {"childCardNumber": "kid"})
    assert Event.objects.get(brand=acme.brand).wallet_id == ChildCard.objects.get(brand=acme.brand).wallet_id


def test_unknown_and_archived_types_and_other_root_types_answer_9(acme: Shop, card: str) -> None:
    known = EventType.objects.filter(brand=acme.brand)
    facts = {"brand": acme.brand, "name": "x", "created_at": NOW, "modified_at": NOW}
    EventType.objects.create(root_type="MAILING", category_id="SENT", **facts)
    for category in ("none", "incomingcall", "SENT"):
        refused(acme, 9, "updateAccount", body(card, {}, {"categoryId": category}))
    known.update(is_active=False)
    refused(acme, 9, "updateAccount", body(card, {}))


def test_another_brands_types_are_unknown(acme: Shop, card: str, charlie: Shop) -> None:
    charlie.ok("createEventType", {"categoryId": "Theirs"})
    refused(acme, 9, "updateAccount", body(card, {"categoryId": "Theirs"}))


@pytest.mark.parametrize("event", [{"categoryId": None}, {"categoryId": ""}, {"eventDate": "2023-02-29 00:00:00"}])
def test_wrong_forms_answer_6(acme: Shop, card: str, event: dict[str, Any]) -> None:
    refused(acme, 6, "updateAccount", body(card, event))


def test_keys_and_values_are_accepted_and_change_nothing(acme: Shop, card: str) -> None:
    pairs = [{"key": "channel", "value": "web"}, {"key": "channel", "value": "app"}]
    acme.ok("updateAccount", {"cardNumber": card, "customKeyValues": pairs})
    assert people(acme, card) == {}
    refused(acme, 6, "updateAccount", {"cardNumber": card, "customKeyValues": [{"key": "channel"}]})
