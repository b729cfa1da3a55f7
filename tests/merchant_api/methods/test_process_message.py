"""processMessage over the wire."""

from typing import Any
from uuid import uuid4

import pytest

from apps.customers.models import ListOptIn, ThirdPartyLink
from apps.customers.operations.create_subscription_list import create_subscription_list
from apps.requestlog.core.kinds import CallType
from tests.campaigns.live import condition, points, publish, rule
from tests.merchant_api.steady import refused, set_status, state
from tests.merchant_api.test_statements import counted
from tests.merchant_api.triggers import member, operation_of, points_of
from tests.shop import Shop
from tests.transactions.locks import lock

METHOD = "processMessage"
PHONE = "+14155550123"
WAITS = {"thirdParty": "phone", "optIn": True, "optInConfirmationRequired": True}


def send(shop: Shop, card: str, message: Any) -> int:
    """Process a message; how many rules fired."""
    return int(shop.ok(METHOD, {"cardNumber": card, "message": message})["triggeredRuleCount"])


def subscriber(shop: Shop, **link: Any) -> str:
    """A member with a phone, and (if anything is said) a link to it."""
    card = member(shop, firstName="Ada", mobilePhone=PHONE)
    if link:
        shop.ok("updateAccount", {"cardNumber": card, "thirdPartyUpdates": [link]})
    return card


def phone_link(shop: Shop) -> tuple[bool | None, bool | None] | None:
    """What the brand's only customer said about text messages: opted in, confirmed."""
    row = ThirdPartyLink.objects.filter(brand=shop.brand, third_party="phone").first()
    return (row.opt_in, row.opt_in_confirmed) if row is not None else None


def address(shop: Shop) -> dict[str, Any]:
    found = shop.ok("channelSubscription", {"channel": "phone", "channelUser": PHONE}).body
    return {name: found.get(name) for name in ("globalOptIn", "doubleOptInConfirmed")}


# --- rules -----------------------------------------------------------------------------------------------------------


def test_rules_fire_by_their_words_and_are_counted(acme: Shop) -> None:
    points_please = condition("message_says", words=["points", "balance"])
    about_coffee = condition("message_says", words=["coffee"], anywhere=True)
    publish(
        acme,
        rule(points(1), when=[points_please], trigger="message"),
        rule(points(10), when=[about_coffee], trigger="message"),
        rule(points(100), trigger="message"),
        rule(points(1000), trigger="custom"),
    )
    card = member(acme)
    assert [send(acme, card, text) for text in ("Points", "where is my COFFEE?", "points?")] == [2, 2, 1]
    assert points_of(acme, card) == 311


def test_without_rules_nothing_happens(acme: Shop) -> None:
    card = member(acme)
    assert send(acme, card, "hello") == 0
    assert send(acme, card, 12345) == 0


def test_a_message_that_issued_can_be_voided(acme: Shop) -> None:
    publish(acme, rule(points(5), trigger="message"))
    card = member(acme)
    answer = acme.ok(METHOD, {"cardNumber": card, "message": "hello"})
    assert operation_of(answer).call_type == CallType.MESSAGE
    acme.ok("voidTransaction", {"cardNumber": card, "requestRef": answer["requestRef"]})
    assert points_of(acme, card) == 0


# --- keywords --------------------------------------------------------------------------------------------------------


def test_yes_confirms_what_waits(acme: Shop) -> None:
    card = subscriber(acme, **WAITS)
    assert phone_link(acme) in ((True, None), (True, False))
    send(acme, card, " yes! ")
    assert phone_link(acme) == (True, True)


def test_yes_opts_nobody_in(acme: Shop) -> None:
    card = subscriber(acme)
    before = {name: rows for name, rows in state(acme).items() if name.startswith("customers_")}
    send(acme, card, "YES")
    assert {name: rows for name, rows in state(acme).items() if name.startswith("customers_")} == before


def test_stop_opts_out_of_everything(acme: Shop) -> None:
    create_subscription_list(brand=acme.brand, uuid=uuid4(), channel="phone", name="News")
    card = subscriber(acme, thirdParty="phone", optIn=True, categories=[{"name": "News", "optIn": True}])
    send(acme, card, "Stop")
    assert phone_link(acme) == (False, False)
    assert not ListOptIn.objects.filter(brand=acme.brand, opt_in=True).exists()
    assert address(acme) == {"globalOptIn": False, "doubleOptInConfirmed": False}


def test_start_opts_in(acme: Shop) -> None:
    card = subscriber(acme)
    send(acme, card, "stop")
    send(acme, card, "START")
    assert phone_link(acme) == (True, True)
    assert address(acme)["globalOptIn"] is True


def test_keywords_of_a_card_without_customer_do_nothing(acme: Shop) -> None:
    card = member(acme)
    for word in ("YES", "STOP", "START"):
        send(acme, card, word)
    assert phone_link(acme) is None


def rules_about_opt_ins(shop: Shop) -> None:
    by_phone, by_list = condition("opted_in", by="phone"), condition("opted_in", by="News")
    publish(
        shop,
        rule(points(1), when=[by_phone], trigger="message"),
        rule(points(10), when=[condition("opted_in", by="phone", negated=True)], trigger="message"),
        rule(points(100), when=[by_list], trigger="message"),
    )


@pytest.mark.parametrize(("word", "given"), [("hello", 10), ("YES", 101), ("STOP", 10), ("START", 1)])
def test_rules_see_what_a_keyword_did(acme: Shop, word: str, given: int) -> None:
    create_subscription_list(brand=acme.brand, uuid=uuid4(), channel="phone", name="News")
    create_subscription_list(brand=acme.brand, uuid=uuid4(), channel="email", name="News")
    rules_about_opt_ins(acme)
    pending = {"name": "News", "optIn": True, "isPending": True}
    card = subscriber(acme, **WAITS, categories=[pending])
    send(acme, card, word)
    assert points_of(acme, card) == given
    send(acme, card, "and now?")
    assert points_of(acme, card) == 2 * given


def test_stop_leaves_an_email_list_of_the_same_name(acme: Shop) -> None:
    create_subscription_list(brand=acme.brand, uuid=uuid4(), channel="email", name="News")
    rules_about_opt_ins(acme)
    card = subscriber(acme, thirdParty="email", optIn=True, categories=[{"name": "News", "optIn": True}])
    send(acme, card, "STOP")
    assert points_of(acme, card) == 110


# --- refusals and cost -----------------------------------------------------------------------------------------------


def test_refusals(acme: Shop, charlie: Shop) -> None:
    card = subscriber(acme, **WAITS)
    refused(acme, 2, METHOD, {"cardNumber": "nobody", "message": "YES"})
    refused(charlie, 2, METHOD, {"cardNumber": card, "message": "YES"})
    for body in ({"cardNumber": card}, {"message": "YES"}, {"cardNumber": card, "message": ""}):
        refused(acme, 6, METHOD, body)
    refused(acme, 6, METHOD, {"cardNumber": card, "message": ["YES"]})
    lost = member(acme)
    set_status(acme, lost, "Lost")
    refused(acme, 11, METHOD, {"cardNumber": lost, "message": "STOP"})
    lock(acme, card)
    refused(acme, 14, METHOD, {"cardNumber": card, "message": "STOP"})


def test_it_takes_five_statements_and_seven_with_a_keyword(acme: Shop) -> None:
    publish(acme, rule(points(5), trigger="message"))
    card = subscriber(acme, **WAITS)
    send(acme, card, "hello")
    assert counted(acme, METHOD, {"cardNumber": card, "message": "hello"}) == 5
    for word in ("YES", "STOP", "START"):
        assert counted(acme, METHOD, {"cardNumber": card, "message": word}) == 7
