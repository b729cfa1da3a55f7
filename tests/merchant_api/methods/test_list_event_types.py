"""listEventTypes over the wire."""

from datetime import timedelta
from typing import Any

import pytest

from apps.customers.models import EventType
from tests.merchant_api.steady import NOW, change_brand, refused, text
from tests.shop import Shop


def add(shop: Shop, category: str, **more: Any) -> None:
    facts = {"name": category.title(), "created_at": NOW, "modified_at": NOW} | more
    EventType.objects.create(brand=shop.brand, category_id=category, **facts)


def listed(shop: Shop, **more: Any) -> list[str]:
    return [each["categoryId"] for each in shop.ok("listEventTypes", more)["eventTypes"]]


def test_a_brand_without_types_lists_none(acme: Shop, charlie: Shop) -> None:
    add(charlie, "theirs")
    assert acme.ok("listEventTypes")["eventTypes"] == []


def test_a_type_is_shown_as_it_is_set_up(acme: Shop) -> None:
    modified = NOW + timedelta(seconds=5)
    add(acme, "call", root_type="MAILING", specific_id="7", sentiment=-1, group_type="SMS", modified_at=modified)
    add(acme, "visit", is_active=False)
    first, second = acme.ok("listEventTypes")["eventTypes"]
    assert first == {
        "eventType": "MAILING",
        "categoryId": "call",
        "specificId": "7",
        "name": "Call",
        "sentiment": -1,
        "groupType": "SMS",
        "active": True,
        "createDate": text(NOW),
        "modifiedDate": text(modified),
    }
    assert (second["eventType"], second["active"], second["sentiment"]) == ("CUSTOM", False, 0)
    assert "specificId" not in second


def test_the_oldest_comes_first_and_pages_follow(acme: Shop) -> None:
    for number in range(12):
        add(acme, f"t{number}", created_at=NOW - timedelta(minutes=number // 2))
    order = ["t10", "t11", "t8", "t9", "t6", "t7", "t4", "t5", "t2", "t3", "t0", "t1"]
    assert listed(acme) == order
    assert listed(acme, limit=10) == order[:10]
    assert listed(acme, limit=10, offset=10) == order[10:]
    assert listed(acme, offset=100_000) == []


@pytest.mark.parametrize("wrong", [{"limit": 9}, {"limit": 1001}, {"offset": -1}, {"offset": 100_001}])
def test_bounds_answer_9(acme: Shop, wrong: dict[str, int]) -> None:
    refused(acme, 9, "listEventTypes", wrong)


def test_wrong_types_answer_6(acme: Shop) -> None:
    refused(acme, 6, "listEventTypes", {"limit": "many"})


def test_version_1_knows_no_pages(acme: Shop) -> None:
    for number in range(11):
        add(acme, f"t{number}")
    change_brand(acme, api_version=1)
    assert len(listed(acme, limit=10, offset=5)) == 11


def test_a_type_that_was_created_is_listed(acme: Shop) -> None:
    acme.ok("createEventType", {"categoryId": "call", "name": "Call", "sentiment": 1, "groupType": "IN STORE"})
    (found,) = acme.ok("listEventTypes")["eventTypes"]
    assert (found["name"], found["sentiment"], found["groupType"]) == ("Call", 1, "IN STORE")
