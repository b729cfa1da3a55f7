"""updateChannelSubscription and channelSubscription over the wire: one address, what it allows, and twins at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from apps.brands.models import Location
from apps.brands.operations.publish_config import publish_config
from apps.customers.models import ChannelCategory, ChannelSubscription, SubscriptionList
from apps.customers.operations.create_subscription_list import create_subscription_list
from apps.customers.operations.switch_subscription_list import switch_subscription_list
from apps.requestlog.core.kinds import CallType
from apps.requestlog.models import Operation
from tests.merchant_api.steady import refused
from tests.merchant_api.test_statements import counted
from tests.requestlog.test_unit import codes, other_connection, start, wait_for_waiters
from tests.shop import Shop

ADA = {"channel": "email", "channelUser": "ada@example.com"}
PHONE = {"channel": "phone", "channelUser": "+14155550123"}
NOTHING = {
    "globalOptIn": False,
    "transactionalOptIn": False,
    "doubleOptIn": False,
    "doubleOptInConfirmed": False,
}


def said(shop: Shop, address: dict[str, str] = ADA, **headers: str) -> dict[str, Any]:
    """What is known of an address, without reference and success."""
    body = dict(shop.ok("channelSubscription", address, **headers).body)
    del body["requestRef"], body["success"]
    return body


def update(shop: Shop, address: dict[str, str] = ADA, *, globally: bool = True, **fields: Any) -> None:
    shop.ok("updateChannelSubscription", address | {"globalOptIn": globally} | fields)


def new_list(shop: Shop, name: str, channel: str = "email") -> SubscriptionList:
    return create_subscription_list(brand=shop.brand, uuid=uuid4(), channel=channel, name=name)


def category(name: object, opt_in: bool = True) -> dict[str, Any]:
    return {"category": str(name), "optIn": opt_in}


def pair(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}


# --- what is said comes back ------------------------------------------------------------------------------------------


def test_an_address_nobody_has_heard_of_succeeds_and_allows_nothing(acme: Shop) -> None:
    assert said(acme) == ADA | NOTHING
    assert said(acme, PHONE) == PHONE | NOTHING
    assert not ChannelSubscription.objects.filter(brand=acme.brand).exists()


def test_everything_that_is_sent_comes_back(acme: Shop) -> None:
    new_list(acme, "Marketing")
    sent = {
        "transactionalOptIn": True,
        "doubleOptIn": True,
        "doubleOptInConfirmed": True,
        "categories": [category("Marketing")],
        "customKeyValues": [pair("value1", "test value")],
    }
    update(acme, **sent)
    assert said(acme) == ADA | {"globalOptIn": True} | sent


def test_the_answer_of_an_update_holds_nothing_but_its_reference(acme: Shop) -> None:
    reply = acme.ok("updateChannelSubscription", ADA | {"globalOptIn": True})
    assert reply.body == {"requestRef": reply["requestRef"], "success": True}


def test_what_is_left_out_stays(acme: Shop) -> None:
    new_list(acme, "News")
    whole = {"transactionalOptIn": True, "doubleOptIn": True, "doubleOptInConfirmed": True}
    update(acme, **whole, categories=[category("News")], customKeyValues=[pair("a", "1")])
    before = said(acme)
    update(acme)
    update(acme, transactionalOptIn=None, doubleOptIn=None, doubleOptInConfirmed=None, categories=None)
    assert said(acme) == before


@pytest.mark.parametrize("name", ["transactionalOptIn", "doubleOptIn", "doubleOptInConfirmed"])
def test_each_switch_is_set_and_taken_back_by_itself(acme: Shop, name: str) -> None:
    update(acme, **{name: True})
    assert said(acme) == ADA | NOTHING | {"globalOptIn": True, name: True}
    update(acme, **{name: False})
    assert said(acme) == ADA | NOTHING | {"globalOptIn": True}


def test_pairs_are_added_to_those_that_are_there(acme: Shop) -> None:
    update(acme, customKeyValues=[pair("a", "1"), pair("b", "2")])
    update(acme, customKeyValues=[pair("b", "3"), pair("c", "4")])
    assert said(acme)["customKeyValues"] == [pair("a", "1"), pair("b", "3"), pair("c", "4")]


# --- global opt-out ---------------------------------------------------------------------------------------------------


def test_a_global_opt_out_ends_all_categories_and_the_confirmation_but_nothing_else(acme: Shop) -> None:
    new_list(acme, "News")
    new_list(acme, "Offers")
    switches = {"transactionalOptIn": True, "doubleOptIn": True, "doubleOptInConfirmed": True}
    update(acme, **switches, categories=[category("News"), category("Offers", False)], customKeyValues=[pair("a", "1")])
    update(acme, globally=False)
    left = {"transactionalOptIn": True, "doubleOptIn": True, "customKeyValues": [pair("a", "1")]}
    assert said(acme) == ADA | NOTHING | left
    assert not ChannelCategory.objects.filter(brand=acme.brand).exists()
    update(acme)
    assert said(acme) == ADA | NOTHING | left | {"globalOptIn": True}


def test_an_opt_out_wins_over_categories_of_the_same_call(acme: Shop) -> None:
    new_list(acme, "News")
    update(acme, globally=False, categories=[category("News")])
    assert said(acme) == ADA | NOTHING


# --- double opt-in ----------------------------------------------------------------------------------------------------


def test_a_new_phone_must_confirm_unless_the_call_says_otherwise(acme: Shop) -> None:
    update(acme, PHONE)
    assert said(acme, PHONE) == PHONE | NOTHING | {"globalOptIn": True, "doubleOptIn": True}
    other = PHONE | {"channelUser": "+14155550124"}
    update(acme, other, doubleOptIn=False)
    assert said(acme, other) == other | NOTHING | {"globalOptIn": True}


def test_asking_again_for_a_confirmation_keeps_the_one_that_is_there(acme: Shop) -> None:
    update(acme, doubleOptIn=True)
    update(acme, doubleOptInConfirmed=True)
    update(acme, doubleOptIn=True)
    assert said(acme)["doubleOptInConfirmed"] is True


# --- categories -------------------------------------------------------------------------------------------------------


def test_categories_are_named_by_name_whatever_its_case_or_by_uuid_and_seen_by_name_in_order_of_age(acme: Shop) -> None:
    old, new = new_list(acme, "Old"), new_list(acme, "New")
    update(acme, categories=[category(str(new.uuid).upper(), False), category("oLD")])
    assert said(acme)["categories"] == [category("Old"), category("New", False)]
    update(acme, categories=[category(old.uuid, False)])
    assert said(acme)["categories"] == [category("Old", False), category("New", False)]


def test_a_list_that_is_switched_off_is_neither_seen_nor_found_and_comes_back(acme: Shop) -> None:
    news = new_list(acme, "News")
    update(acme, categories=[category("News")])
    switch_subscription_list(brand=acme.brand, uuid=news.uuid, is_active=False)
    assert "categories" not in said(acme)
    refused(acme, 9, "updateChannelSubscription", ADA | {"globalOptIn": True, "categories": [category("News")]})
    switch_subscription_list(brand=acme.brand, uuid=news.uuid, is_active=True)
    assert said(acme)["categories"] == [category("News")]


def test_a_list_of_the_other_channel_or_of_another_brand_is_unknown(acme: Shop, charlie: Shop) -> None:
    lists = [new_list(acme, "Texts", "phone"), new_list(charlie, "Theirs")]
    for name in [each.name for each in lists] + [str(each.uuid) for each in lists]:
        refused(acme, 9, "updateChannelSubscription", ADA | {"globalOptIn": True, "categories": [category(name)]})


# --- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Ada@Example.com", " ada@example.com ", "ADA@EXAMPLE.COM"])
def test_an_e_mail_address_is_one_whatever_its_case(acme: Shop, text: str) -> None:
    update(acme, ADA | {"channelUser": text})
    assert said(acme) == ADA | NOTHING | {"globalOptIn": True}
    assert said(acme, ADA | {"channelUser": text})["channelUser"] == "ada@example.com"


@pytest.mark.parametrize("text", ["123-123-1234", "(123) 123 1234", 1231231234, "+1 123 123 1234"])
def test_a_phone_is_kept_as_e164(acme: Shop, text: Any) -> None:
    update(acme, PHONE | {"channelUser": text})
    assert said(acme, PHONE | {"channelUser": "+11231231234"})["globalOptIn"] is True
    assert said(acme, PHONE | {"channelUser": text})["channelUser"] == "+11231231234"


def test_a_local_number_is_read_by_the_country_of_the_location(acme: Shop) -> None:
    Location.objects.filter(pk=acme.other_location.pk).update(country="GB")
    publish_config(brand_id=acme.brand.pk)
    british = PHONE | {"channelUser": "020 7946 0018"}
    there = {"Location": "harbour", "Terminal": "till-9"}
    acme.ok("updateChannelSubscription", british | {"globalOptIn": True}, **there)
    assert said(acme, british, **there)["channelUser"] == "+442079460018"
    assert said(acme, PHONE | {"channelUser": "+44 20 7946 0018"})["globalOptIn"] is True


MALFORMED = [("email", "ada"), ("email", "a b@example.com"), ("email", "x" * 320 + "@example.com")]
MALFORMED += [("phone", "12"), ("phone", "ada@example.com"), ("phone", "+999")]


@pytest.mark.parametrize(("channel", "text"), MALFORMED)
def test_what_cannot_be_an_address_answers_9(acme: Shop, channel: str, text: str) -> None:
    address = {"channel": channel, "channelUser": text}
    refused(acme, 9, "channelSubscription", address)
    refused(acme, 9, "updateChannelSubscription", address | {"globalOptIn": True})


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"channel": "fax"},
        {"categories": [category("none")]},
        {"categories": [category("none")], "globalOptIn": False},
        {"categories": [category("News"), category("news", False)]},
        {"customKeyValues": [pair("a", "1"), pair("a", "2")]},
        {"customKeyValues": [pair(str(number), "x") for number in range(101)]},
    ],
)
def test_values_that_are_not_allowed_answer_9(acme: Shop, fields: dict[str, Any]) -> None:
    new_list(acme, "News")
    refused(acme, 9, "updateChannelSubscription", ADA | {"globalOptIn": True} | fields)


def test_pairs_have_an_end_over_several_calls(acme: Shop) -> None:
    update(acme, customKeyValues=[pair(str(number), "x") for number in range(100)])
    refused(acme, 9, "updateChannelSubscription", ADA | {"globalOptIn": True, "customKeyValues": [pair("more", "x")]})
    update(acme, customKeyValues=[pair("7", "y")])


@pytest.mark.parametrize(
    "fields",
    [
        {"globalOptIn": None},
        {"globalOptIn": "yes"},
        {"channel": None},
        {"channelUser": ""},
        {"channelUser": None},
        {"transactionalOptIn": 1},
        {"categories": [{"category": "News"}]},
        {"categories": [{"optIn": True}]},
        {"categories": {"category": "News", "optIn": True}},
        {"customKeyValues": [{"name": "a"}]},
        {"customKeyValues": [{"name": "", "value": "b"}]},
    ],
)
def test_wrong_types_and_missing_fields_answer_6(acme: Shop, fields: dict[str, Any]) -> None:
    refused(acme, 6, "updateChannelSubscription", ADA | {"globalOptIn": True} | fields)


def test_a_read_needs_both_fields_and_a_channel_that_is_there(acme: Shop) -> None:
    refused(acme, 6, "channelSubscription", {"channel": "email"})
    refused(acme, 6, "channelSubscription", {"channelUser": "ada@example.com"})
    refused(acme, 9, "channelSubscription", ADA | {"channel": "fax"})


# --- brands, log, statements ------------------------------------------------------------------------------------------


def test_another_brand_knows_nothing_of_it(acme: Shop, charlie: Shop) -> None:
    update(acme, customKeyValues=[pair("a", "1")])
    assert said(charlie) == ADA | NOTHING
    update(charlie, globally=False)
    assert said(acme)["globalOptIn"] is True


def test_an_update_is_an_operation_without_a_card(acme: Shop) -> None:
    reply = acme.ok("updateChannelSubscription", ADA | {"globalOptIn": True}, customRequestId="one")
    operation = Operation.objects.get(brand=acme.brand, id=reply["requestRef"])
    assert (operation.call_type, operation.family_id) == (CallType.SUBSCRIPTION, None)
    again = refused(acme, 3, "updateChannelSubscription", ADA | {"globalOptIn": False}, customRequestId="one")
    assert again["originalRequestRef"] == reply["requestRef"]


def test_an_update_takes_five_statements_and_a_read_two(acme: Shop) -> None:
    new_list(acme, "News")
    body = ADA | {"globalOptIn": True, "categories": [category("News")], "customKeyValues": [pair("a", "1")]}
    said(acme)
    for _ in range(2):
        assert counted(acme, "updateChannelSubscription", body) == 5
    assert counted(acme, "updateChannelSubscription", ADA | {"globalOptIn": False}, customRequestId="one") == 5
    assert counted(acme, "channelSubscription", ADA) <= 3
    assert counted(acme, "listSubscriptionLists", {"communicationChannelType": "email"}) <= 3


# --- at once ----------------------------------------------------------------------------------------------------------


@contextmanager
def held_address(shop: Shop, address: str = "ada@example.com") -> Iterator[None]:
    """Somebody else holds the address."""
    with other_connection() as other:
        key = "hashtextextended(%s || ' ' || %s, %s)"
        other.execute(f"SELECT pg_advisory_xact_lock({key})", ["email", address, shop.brand.pk])
        yield


def test_an_address_that_stays_busy_answers_18_or_28_and_moves_nothing(acme: Shop) -> None:
    body = ADA | {"globalOptIn": True}
    with ThreadPoolExecutor(2) as pool, held_address(acme):
        without_id = start(pool, lambda: acme.post("updateChannelSubscription", body), short=True)
        with_id = start(pool, lambda: acme.post("updateChannelSubscription", body, customRequestId="x"), short=True)
        assert codes(without_id, with_id) == [18, 28]
    assert not ChannelSubscription.objects.filter(brand=acme.brand).exists()
    acme.ok("updateChannelSubscription", body, customRequestId="x")


def test_a_busy_address_keeps_no_other_from_being_changed(acme: Shop, charlie: Shop) -> None:
    with held_address(acme):
        update(acme, ADA | {"channelUser": "bob@example.com"})
        update(charlie)
        assert said(acme) == ADA | NOTHING


@pytest.mark.parametrize("is_new", [True, False])
def test_two_at_once_act_one_after_the_other_and_nothing_is_lost(acme: Shop, is_new: bool) -> None:
    if not is_new:
        update(acme)
    bodies = [ADA | {"globalOptIn": True, "customKeyValues": [pair(str(number), "x")]} for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        with held_address(acme):
            calls = [start(pool, lambda body=body: acme.post("updateChannelSubscription", body)) for body in bodies]
            wait_for_waiters(6)
        assert codes(*calls) == [None] * 6
    assert {each["name"] for each in said(acme)["customKeyValues"]} == set("012345")
    assert ChannelSubscription.objects.filter(brand=acme.brand).count() == 1


def test_twins_that_share_an_id_act_once(acme: Shop) -> None:
    body = ADA | {"globalOptIn": True}
    with ThreadPoolExecutor(2) as pool:
        with held_address(acme):
            calls = [
                start(pool, lambda: acme.post("updateChannelSubscription", body, customRequestId="one"))
                for _ in range(2)
            ]
            wait_for_waiters(2)
        assert sorted(codes(*calls), key=str) == [3, None]
