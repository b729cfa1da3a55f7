"""updateAccount, called at once by many: the lock of the family lets nothing get lost."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from apps.cards.models import Card, Event
from apps.customers.core.fields import APPEND, FieldChange, SentValue
from apps.customers.core.lists import ListUpdate
from apps.customers.core.roles import Role
from apps.customers.core.third_parties import Link, LinkUpdate
from apps.customers.models import Customer, FieldValue, ListOptIn, ThirdPartyLink
from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.customers.operations.create_subscription_list import create_subscription_list
from apps.transactions.account_after import AccountChange, EventWanted
from apps.transactions.operations.update_account import update_account
from tests.shop import Shop

MANY = 8
ATTRIBUTES = ("first_name", "middle_name", "last_name", "address1", "address2", "city", "state", "postal")


def at_once(shop: Shop, card: str, changes: Sequence[AccountChange], **more: Any) -> None:
    """Make all these changes from as many threads, each with a connection of its own."""
    configuration = shop.configuration

    def one(wanted: AccountChange) -> None:
        try:
            update_account(call=shop.call(), configuration=configuration, card_number=card, wanted=wanted, **more)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(MANY) as pool:
        list(pool.map(one, changes))


@pytest.fixture
def card(acme: Shop) -> str:
    """A card without a customer, of a brand with a field, a list and an event type."""
    create_demographic_field(brand=acme.brand, code="tags", name="Tags", data_type="string", is_multiple=True)
    create_subscription_list(brand=acme.brand, uuid=uuid4(), channel="phone", name="News")
    acme.ok("createEventType", {"categoryId": "call"})
    return acme.card()


def test_first_updates_at_once_make_one_customer_each(acme: Shop, card: str) -> None:
    changes = [AccountChange(customer={name: "x"}, alternate={name: "y"}) for name in ATTRIBUTES]
    at_once(acme, card, changes)
    first, second = Customer.objects.filter(brand=acme.brand).order_by("role")
    assert [first.role, second.role] == [Role.PRIMARY, Role.ALTERNATE]
    assert {getattr(first, name) for name in ATTRIBUTES} == {"x"}
    assert {getattr(second, name) for name in ATTRIBUTES} == {"y"}
    row = Card.objects.get(brand=acme.brand, number=card)
    assert (row.customer_id, row.alternate_customer_id) == (first.pk, second.pk)


def test_no_appended_value_is_lost(acme: Shop, card: str) -> None:
    texts = [f"tag {number}" for number in range(3 * MANY)]
    at_once(acme, card, [AccountChange(fields=(FieldChange("tags", (SentValue(text),), APPEND),)) for text in texts])
    rows = FieldValue.objects.filter(brand=acme.brand).order_by("no")
    assert [row.no for row in rows] == list(range(1, 3 * MANY + 1))
    assert sorted(row.value for row in rows) == sorted(texts)


def test_links_and_lists_are_kept_beside_each_other(acme: Shop, card: str) -> None:
    news = (ListUpdate(opt_in=True, name="News"),)
    updates = [LinkUpdate(third_party=name, sent=Link(opt_in=True)) for name in ("email", "twitter", "vinli")]
    phone = LinkUpdate(third_party="phone", sent=Link(opt_in=True), lists=news)
    at_once(acme, card, [AccountChange(links=(update,)) for update in [phone, *updates] * 4])
    assert ThirdPartyLink.objects.filter(brand=acme.brand, opt_in=True).count() == 4
    assert ListOptIn.objects.get(brand=acme.brand).is_pending
    assert Event.objects.filter(brand=acme.brand, root_type="OPT_IN").count() == 4


def test_every_event_is_logged_once(acme: Shop, card: str) -> None:
    events = [EventWanted(category_id="call", payload=str(number)) for number in range(3 * MANY)]
    at_once(acme, card, [AccountChange(events=(event,)) for event in events])
    found = Event.objects.filter(brand=acme.brand).values_list("payload", flat=True)
    assert sorted(map(str, found)) == sorted(str(event.payload) for event in events)


def test_children_of_one_card_do_not_mix(acme: Shop, card: str) -> None:
    acme.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": "kid"})
    changes = [AccountChange(customer={name: "kid"}) for name in ATTRIBUTES]
    at_once(acme, card, changes, child_number="kid")
    at_once(acme, card, [AccountChange(customer={name: "root"}) for name in ATTRIBUTES])
    for role, text in ((Role.PRIMARY, "root"), (Role.CHILD, "kid")):
        person = Customer.objects.get(brand=acme.brand, role=role)
        assert {getattr(person, name) for name in ATTRIBUTES} == {text}
