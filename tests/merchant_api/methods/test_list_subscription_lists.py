"""listSubscriptionLists over the wire."""

from typing import Any
from uuid import uuid4

from apps.customers.operations.create_subscription_list import create_subscription_list
from apps.customers.operations.switch_subscription_list import switch_subscription_list
from tests.merchant_api.steady import refused
from tests.shop import Shop


def listed(shop: Shop, channel: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.ok("listSubscriptionLists", {"communicationChannelType": channel})[
        "subscriptionLists"
    ]
    return found


def test_lists_of_the_channel_are_seen_oldest_first(acme: Shop) -> None:
    made = [
        create_subscription_list(brand=acme.brand, uuid=uuid4(), channel=channel, name=name, is_public=is_public)
        for channel, name, is_public in (("email", "Z", True), ("email", "A", False), ("phone", "A", True))
    ]
    seen = [{"uuid": str(each.uuid), "name": each.name, "isPublic": each.is_public} for each in made]
    assert listed(acme, "email") == seen[:2]
    assert listed(acme, "phone") == seen[2:]


def test_without_lists_the_answer_has_an_empty_one(acme: Shop, charlie: Shop) -> None:
    create_subscription_list(brand=charlie.brand, uuid=uuid4(), channel="email", name="Theirs")
    reply = acme.ok("listSubscriptionLists", {"communicationChannelType": "email"})
    assert reply.body == {"requestRef": reply["requestRef"], "success": True, "subscriptionLists": []}


def test_a_list_that_is_off_is_not_seen(acme: Shop) -> None:
    off = create_subscription_list(brand=acme.brand, uuid=uuid4(), channel="email", name="Off")
    switch_subscription_list(brand=acme.brand, uuid=off.uuid, is_active=False)
    assert listed(acme, "email") == []


def test_a_channel_that_is_missing_or_unknown_answers_6_or_9(acme: Shop) -> None:
    refused(acme, 6, "listSubscriptionLists", {})
    refused(acme, 9, "listSubscriptionLists", {"communicationChannelType": "fax"})
