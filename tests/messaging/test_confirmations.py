"""Asking for the confirmation of an opt-in: when a message is written, what it says, and how the link confirms."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from apps.brands.models import Brand
from apps.customers.models import ChannelSubscription, ThirdPartyLink
from apps.customers.operations.create_subscription_list import create_subscription_list
from apps.kernel.errors import InvalidInput
from apps.messaging import links
from apps.messaging.core.kinds import Channel, Purpose
from apps.messaging.models import Outbox
from apps.messaging.operations.set_confirmation import set_confirmation
from apps.messaging.operations.settle_message import Sent
from tests.merchant_api.steady import state
from tests.messaging.letters import ADA, arrived, post, row_of, send, to_files, unsent
from tests.shop import Shop

EMAIL = {"channel": "email", "channelUser": "Bob@example.com", "globalOptIn": True}
PHONE = {"channel": "phone", "channelUser": "+14155550123", "globalOptIn": True}
MUST = {"thirdParty": "email", "optIn": True, "optInConfirmationRequired": True}


@pytest.fixture
def shop(acme: Shop) -> Shop:
    set_confirmation(brand=acme.brand, channel=Channel.EMAIL, subject="{{brandName}}?", body="Go to {{confirmUrl}}")
    set_confirmation(brand=acme.brand, channel=Channel.SMS, body="Reply YES, {{firstName}}")
    to_files(acme)
    return acme


def waiting(shop: Shop) -> list[Outbox]:
    return list(Outbox.objects.filter(brand=shop.brand).order_by("created_at", "no"))


def ada(shop: Shop, *updates: dict[str, Any], **more: Any) -> str:
    card = shop.card()
    body = {"cardNumber": card, "primaryCustomer": ADA, "thirdPartyUpdates": list(updates)}
    shop.ok("updateAccount", body | more)
    return card


# --- updateChannelSubscription ---------------------------------------------------------------------------------------


def test_an_address_that_begins_to_wait_is_asked_once(shop: Shop) -> None:
    shop.ok("updateChannelSubscription", EMAIL)
    assert waiting(shop) == []
    for _ in range(2):
        shop.ok("updateChannelSubscription", EMAIL | {"doubleOptIn": True})
    (message,) = waiting(shop)
    assert (message.purpose, message.channel, message.wallet_id) == (Purpose.CONFIRMATION, "email", None)
    assert isinstance(send(shop, message.id), Sent)
    (found,) = arrived(shop)
    assert (found["to"], found["subject"]) == ("bob@example.com", f"{shop.brand.name}?")


def test_a_new_phone_is_asked_unless_it_is_confirmed_already(shop: Shop) -> None:
    shop.ok("updateChannelSubscription", PHONE | {"doubleOptInConfirmed": True})
    assert waiting(shop) == []
    shop.ok("updateChannelSubscription", PHONE | {"channelUser": "+14155550199"})
    (message,) = waiting(shop)
    assert isinstance(send(shop, message.id), Sent)
    assert arrived(shop, Channel.SMS)[0]["to"] == "+14155550199"


def test_whoever_leaves_and_comes_back_is_asked_again(shop: Shop) -> None:
    for globally in (True, False, True):
        shop.ok("updateChannelSubscription", PHONE | {"globalOptIn": globally})
    first, second = waiting(shop)
    assert isinstance(send(shop, second.id), Sent)
    shop.ok("updateChannelSubscription", PHONE | {"globalOptIn": False})
    assert unsent(shop, first.id) == "globallyOut"


def test_who_has_confirmed_meanwhile_is_not_asked(shop: Shop) -> None:
    shop.ok("updateChannelSubscription", PHONE)
    shop.ok("updateChannelSubscription", PHONE | {"doubleOptInConfirmed": True})
    (message,) = waiting(shop)
    assert unsent(shop, message.id) == "nothingToConfirm"


def test_an_address_that_is_gone_is_not_asked(shop: Shop) -> None:
    shop.ok("updateChannelSubscription", PHONE)
    ChannelSubscription.objects.filter(brand=shop.brand).delete()
    assert unsent(shop, waiting(shop)[0].id) == "noAddress"


def test_without_a_template_nothing_is_written(acme: Shop, charlie: Shop) -> None:
    set_confirmation(brand=charlie.brand, channel=Channel.SMS, body="Reply YES")
    acme.ok("updateChannelSubscription", PHONE)
    set_confirmation(brand=acme.brand, channel=Channel.SMS, body="Reply YES", is_active=False)
    acme.ok("updateChannelSubscription", PHONE | {"channelUser": "+14155550199"})
    assert waiting(acme) == waiting(charlie) == []


# --- updateAccount ---------------------------------------------------------------------------------------------------


def test_a_customer_who_must_confirm_is_asked_once(shop: Shop) -> None:
    card = ada(shop, MUST)
    shop.ok("updateAccount", {"cardNumber": card, "thirdPartyUpdates": [MUST]})
    (message,) = waiting(shop)
    assert message.wallet_id is not None and isinstance(send(shop, message.id), Sent)
    assert arrived(shop)[0]["to"] == "Ada@example.com"


def test_email_and_phone_in_one_call_are_two_messages(shop: Shop) -> None:
    ada(shop, MUST, {"thirdParty": "phone", "optIn": True})
    assert [each.channel for each in waiting(shop)] == ["email", "sms"]
    for each in waiting(shop):
        assert isinstance(send(shop, each.id), Sent)
    assert arrived(shop, Channel.SMS)[0]["body"] == "Reply YES, Ada"


def test_emails_can_be_skipped_text_messages_cannot(shop: Shop) -> None:
    ada(shop, MUST, {"thirdParty": "phone", "optIn": True}, skipOptInConfirmationEmails=True)
    assert [each.channel for each in waiting(shop)] == ["sms"]


def test_a_pending_list_asks(shop: Shop) -> None:
    create_subscription_list(brand=shop.brand, uuid=uuid4(), channel="phone", name="News")
    done = {"thirdParty": "phone", "optIn": True, "optInConfirmed": True}
    card = ada(shop, done)
    assert waiting(shop) == []
    categories = {"categories": [{"name": "News", "optIn": True}]}
    for _ in range(2):
        shop.ok("updateAccount", {"cardNumber": card, "thirdPartyUpdates": [done | categories]})
    (message,) = waiting(shop)
    assert message.channel == "sms"


@pytest.mark.parametrize("cleared", [True, False])
def test_another_number_must_confirm_anew(shop: Shop, cleared: bool) -> None:
    card = ada(shop, {"thirdParty": "phone", "optIn": True, "optInConfirmed": True})
    assert waiting(shop) == []
    for number in [*([""] if cleared else []), "+14155550199"]:
        shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"mobilePhone": number}})
    assert [each.channel for each in waiting(shop)] == ["sms"]
    assert unsent(shop, post(shop, card, Channel.SMS)) == "pendingConfirmation"
    shop.ok("processMessage", {"cardNumber": card, "message": "Yes"})
    assert isinstance(send(shop, post(shop, card, Channel.SMS)), Sent)


def test_the_same_number_and_what_the_call_says_itself_stay_confirmed(shop: Shop) -> None:
    said = {"thirdParty": "phone", "optIn": True, "optInConfirmed": True}
    card = ada(shop, said)
    same = {"mobilePhone": "(415) 555-0123", "phone": "+14155550177", "email": "new@example.com"}
    shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": same})
    assert isinstance(send(shop, post(shop, card, Channel.SMS)), Sent)
    other = {"primaryCustomer": {"mobilePhone": "+14155550199"}, "thirdPartyUpdates": [said]}
    shop.ok("updateAccount", {"cardNumber": card} | other)
    assert isinstance(send(shop, post(shop, card, Channel.SMS)), Sent)
    assert not Outbox.objects.filter(brand=shop.brand, purpose=int(Purpose.CONFIRMATION)).exists()


def test_another_email_address_must_confirm_where_it_is_wanted(shop: Shop) -> None:
    card = ada(shop, MUST | {"optInConfirmed": True})
    shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"email": "ADA@EXAMPLE.COM"}})
    assert waiting(shop) == []
    shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"email": "new@example.com"}})
    assert unsent(shop, post(shop, card)) == "pendingConfirmation"
    assert len([each for each in waiting(shop) if each.purpose == Purpose.CONFIRMATION]) == 1


@pytest.mark.parametrize(
    "update",
    [
        {"thirdParty": "email", "optIn": True},
        MUST | {"optInConfirmed": True},
        MUST | {"optIn": False},
        {"thirdParty": "twitter", "optIn": True, "optInConfirmationRequired": True},
        {"thirdParty": "phone", "optIn": True, "optInConfirmed": True},
    ],
)
def test_who_needs_not_confirm_is_not_asked(shop: Shop, update: dict[str, Any]) -> None:
    ada(shop, update)
    assert waiting(shop) == []


def test_calls_of_the_past_ask_nobody(shop: Shop) -> None:
    card = shop.card(customRequestDate="2024-01-01 00:00:00")
    body = {"cardNumber": card, "primaryCustomer": ADA, "thirdPartyUpdates": [MUST]}
    shop.ok("updateAccount", body | {"customRequestDate": "2024-02-01 00:00:00"})
    assert waiting(shop) == []


# --- templates -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "subject", "body"),
    [
        (Channel.WEBHOOK, "", "x"),
        (Channel.EMAIL, "", "x"),
        (Channel.SMS, "", " "),
        (Channel.SMS, "", "{{nickname}}"),
        (Channel.EMAIL, "{{> x}}", "x"),
    ],
)
def test_what_is_no_confirmation_is_refused(acme: Shop, channel: Channel, subject: str, body: str) -> None:
    with pytest.raises(InvalidInput):
        set_confirmation(brand=acme.brand, channel=channel, subject=subject, body=body)


# --- the link --------------------------------------------------------------------------------------------------------


def link_of(shop: Shop, message: Outbox) -> str:
    assert isinstance(send(shop, message.id), Sent)
    found = re.search(r"/opt-in/\S+", arrived(shop)[-1]["body"])
    assert found is not None
    return found[0]


def test_the_link_of_a_card_confirms_with_the_button_only(shop: Shop) -> None:
    ada(shop, MUST)
    shop.ok("updateChannelSubscription", EMAIL | {"channelUser": ADA["email"], "doubleOptIn": True})
    url = link_of(shop, waiting(shop)[0])
    before = state(shop)
    assert b"Yes, I do" in Client().get(url).content
    assert state(shop) == before
    assert b"Thank you" in Client().post(url).content
    assert ThirdPartyLink.objects.get(brand=shop.brand).opt_in_confirmed is True
    assert ChannelSubscription.objects.get(brand=shop.brand).double_opt_in_confirmed is True
    assert Client().post(url).status_code == 200, "twice does no harm"


def test_the_link_of_an_address_confirms_that_address(shop: Shop) -> None:
    shop.ok("updateChannelSubscription", EMAIL | {"doubleOptIn": True})
    assert Client().post(link_of(shop, waiting(shop)[0])).status_code == 200
    said = shop.ok("channelSubscription", {"channel": "email", "channelUser": EMAIL["channelUser"]})
    assert said["doubleOptInConfirmed"] is True


def test_a_link_of_another_address_confirms_nothing(shop: Shop) -> None:
    card = ada(shop, MUST)
    url = link_of(shop, waiting(shop)[0])
    shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"email": "new@example.com"}})
    before = state(shop)
    assert Client().post(url).status_code == 404
    assert state(shop) == before


def test_a_forged_or_old_link_is_unknown(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    ada(shop, MUST)
    url = link_of(shop, waiting(shop)[0])
    for wrong in ("/opt-in/x", url[:-1], url + "x", "/opt-in/" + url[-9:]):
        assert Client().post(wrong).status_code == 404
    monkeypatch.setattr(links, "LIFETIME", -links.LIFETIME)
    assert Client().get(url).status_code == 404


def test_a_brand_that_is_switched_off_confirms_nothing(shop: Shop) -> None:
    ada(shop, MUST)
    url = link_of(shop, waiting(shop)[0])
    Brand.objects.filter(pk=shop.brand.pk).update(is_active=False)
    assert Client().post(url).status_code == 404
    Brand.objects.filter(pk=shop.brand.pk).update(is_active=True)


def test_the_page_wants_a_token_against_forged_forms(shop: Shop) -> None:
    ada(shop, MUST)
    url = link_of(shop, waiting(shop)[0])
    with override_settings(DEBUG=False):
        assert Client(enforce_csrf_checks=True).post(url).status_code == 403


def test_after_the_confirmation_messages_go_out(shop: Shop) -> None:
    card = ada(shop, MUST)
    url = link_of(shop, waiting(shop)[0])
    assert unsent(shop, post(shop, card)) == "pendingConfirmation"
    Client().post(url)
    message = post(shop, card)
    assert isinstance(send(shop, message), Sent)
    assert row_of(shop, message).sent_at is not None and row_of(shop, message).sent_at <= timezone.now()
