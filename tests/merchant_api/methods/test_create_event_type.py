"""createEventType over the wire."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from apps.brands.models import ApiCredential
from apps.brands.operations.revoke_api_credential import revoke_api_credential
from apps.customers.models import EventType
from apps.requestlog.core.kinds import CallType
from apps.requestlog.models import Operation
from tests.merchant_api.steady import NOW, refused
from tests.shop import Reply, Shop


def stored(shop: Shop, category: str = "call") -> tuple[str, int, str, bool]:
    row = EventType.objects.get(brand=shop.brand, root_type="CUSTOM", category_id=category)
    return row.name, row.sentiment, row.group_type, row.is_active


def test_a_new_type_is_named_like_its_category(acme: Shop) -> None:
    reply = acme.ok("createEventType", {"categoryId": "call", "name": ""})
    assert reply.body == {"requestRef": reply["requestRef"], "success": True}
    assert stored(acme) == ("call", 0, "OTHER", True)


def test_everything_that_is_sent_is_stored(acme: Shop) -> None:
    acme.ok("createEventType", {"categoryId": "call", "name": "Call", "sentiment": -1, "groupType": "DIRECT MAIL"})
    assert stored(acme) == ("Call", -1, "DIRECT MAIL", True)


@pytest.mark.parametrize(
    ("sent", "after"),
    [
        ({}, ("Call", 1, "SMS", True)),
        ({"name": None, "groupType": None}, ("Call", 1, "SMS", True)),
        ({"name": "Phone call"}, ("Phone call", 1, "SMS", True)),
        ({"sentiment": 0}, ("Call", 0, "SMS", True)),
        ({"groupType": "OTHER"}, ("Call", 1, "OTHER", True)),
    ],
)
def test_an_existing_type_changes_where_something_is_given(acme: Shop, sent: dict[str, Any], after: object) -> None:
    acme.ok("createEventType", {"categoryId": "call", "name": "Call", "sentiment": 1, "groupType": "SMS"})
    before = EventType.objects.get(brand=acme.brand)
    acme.ok("createEventType", {"categoryId": "call"} | sent)
    now = EventType.objects.get(brand=acme.brand)
    assert stored(acme) == after
    assert now.created_at == before.created_at
    assert (now.modified_at > before.modified_at) is (after != ("Call", 1, "SMS", True))


def test_an_archived_type_stays_archived(acme: Shop) -> None:
    acme.ok("createEventType", {"categoryId": "call"})
    EventType.objects.filter(brand=acme.brand).update(is_active=False)
    acme.ok("createEventType", {"categoryId": "call", "name": "Call"})
    assert stored(acme) == ("Call", 0, "OTHER", False)


def test_categories_are_told_apart_exactly(acme: Shop, charlie: Shop) -> None:
    for category in ("call", "Call", "x" * 200):
        acme.ok("createEventType", {"categoryId": category})
    charlie.ok("createEventType", {"categoryId": "call", "name": "Theirs"})
    assert EventType.objects.filter(brand=acme.brand).count() == 3
    assert (stored(acme), stored(charlie)) == (("call", 0, "OTHER", True), ("Theirs", 0, "OTHER", True))


@pytest.mark.parametrize(
    "sent",
    [
        {"sentiment": 2},
        {"sentiment": -2},
        {"groupType": "POST"},
        {"groupType": "sms"},
        {"groupType": ""},
        {"name": "x" * 201},
        {"categoryId": "x" * 201},
    ],
)
def test_what_is_not_allowed_answers_9(acme: Shop, sent: dict[str, Any]) -> None:
    refused(acme, 9, "createEventType", {"categoryId": "call"} | sent)


@pytest.mark.parametrize("sent", [{"categoryId": None}, {"categoryId": ""}, {"sentiment": "good"}, {"sentiment": 0.5}])
def test_wrong_forms_answer_6(acme: Shop, sent: dict[str, Any]) -> None:
    refused(acme, 6, "createEventType", {"categoryId": "call"} | sent)


def test_it_is_an_operation_and_acts_once_for_an_id(acme: Shop) -> None:
    reference = acme.ok("createEventType", {"categoryId": "call"}, customRequestId="one")["requestRef"]
    assert Operation.objects.get(brand=acme.brand, id=reference).call_type == CallType.EVENT_TYPE
    refused(acme, 3, "createEventType", {"categoryId": "other"}, customRequestId="one")


def test_a_revoked_key_sets_nothing_up(acme: Shop) -> None:
    acme.ok("createEventType", {"categoryId": "call"})
    revoke_api_credential(brand=acme.brand, credential_id=ApiCredential.objects.get(key=acme.key).pk, now=NOW)
    refused_now = acme.post("createEventType", {"categoryId": "other"})
    assert (refused_now.code, EventType.objects.filter(brand=acme.brand).count()) == (5, 1)


def test_twins_at_once_make_one_type(acme: Shop) -> None:
    def call(number: int) -> Reply:
        try:
            acme_of_this_thread = Shop(**{**vars(acme), "client": Client()})
            return acme_of_this_thread.post("createEventType", {"categoryId": "call", "sentiment": number % 3 - 1})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(call, range(24)))
    assert {reply.code for reply in replies} == {None}
    assert EventType.objects.filter(brand=acme.brand).count() == 1
