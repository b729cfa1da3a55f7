"""One message: who gets it, what it says, and why it does not go."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from apps.cards.models import ChildCard
from apps.customers.models import SubscriptionList
from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.customers.operations.create_subscription_list import create_subscription_list
from apps.customers.operations.switch_subscription_list import switch_subscription_list
from apps.kernel.db.hot import hot_cursor
from apps.kernel.ids import new_id
from apps.messaging.core.attempts import LEASE, MOST_ATTEMPTS
from apps.messaging.core.kinds import Channel, State
from apps.messaging.models import Outbox, Sender
from apps.messaging.operations.claim_message import claim_message
from apps.messaging.operations.set_sender import set_sender
from apps.messaging.operations.settle_message import Later, Sent, settle_message
from apps.messaging.queries.sent_of_operation import sent_of_operation
from apps.transactions.operations.erase_person import erase_person
from tests.messaging.letters import (
    ADA,
    EMAIL_IN,
    PHONE_IN,
    ada,
    arrived,
    new_message,
    post,
    posted,
    row_of,
    send,
    to_files,
    unsent,
)
from tests.shop import Shop

EMAIL, SMS, SOCIAL, WEBHOOK = Channel.EMAIL, Channel.SMS, Channel.SOCIAL, Channel.WEBHOOK


@pytest.fixture
def shop(acme: Shop) -> Shop:
    to_files(acme)
    return acme


# --- what arrives ----------------------------------------------------------------------------------------------------


def test_an_email_goes_to_the_customer_with_the_balance_of_now(shop: Shop) -> None:
    card = ada(shop)
    shop.issue(card, 5)
    body = 'Dear {{firstName}}, {{balance balanceType="Currency" balanceCode="USD"}} at {{locationName}}'
    message = post(shop, card, body=body, variables={"locationName": "Harbour", "firstName": "stored"})
    shop.issue(card, 7)
    assert send(shop, message) == Sent("")
    (found,) = arrived(shop)
    assert found["to"] == "Ada@example.com" and found["cardNumber"] == card and found["subject"] == "News"
    assert found["body"] == "Dear Ada, 12.00 at Harbour"
    assert found["requestRef"] == str(row_of(shop, message).operation_id)


def test_held_and_delayed_value_is_not_free(shop: Shop) -> None:
    card = ada(shop)
    shop.issue(card, 10)
    shop.hold(card, 4)
    shop.issue(card, 50, issuedBalanceActivation="2099-01-01 00:00:00")
    send(shop, post(shop, card, body='{{balance balanceType="Currency" balanceCode="USD"}}'))
    assert arrived(shop)[0]["body"] == "6.00"


def test_an_empty_card_has_a_balance_of_zero(shop: Shop) -> None:
    send(shop, post(shop, ada(shop), body='{{balance balanceType="Currency" balanceCode="USD"}}'))
    assert arrived(shop)[0]["body"] == "0.00"


def test_card_brand_and_own_fields(shop: Shop) -> None:
    create_demographic_field(brand=shop.brand, code="tier", name="Tier", data_type="string")
    card = ada(shop)
    sent = [{"fieldName": "tier", "value": "gold"}]
    shop.ok("updateAccount", {"cardNumber": card, "brandDemographics": sent, "customCardNumber": "mine"})
    body = '{{brandName}} {{field code="tier"}} {{customCardNumber}} {{cardNumber}} {{cardSetName}} {{activationDate}}'
    send(shop, post(shop, card, body=body))
    today = datetime.now(UTC).date().isoformat()
    assert arrived(shop)[0]["body"] == f"{shop.brand.name} gold mine {card} Gift cards {today}"


def test_a_text_message_goes_to_the_mobile_phone_else_to_the_phone(shop: Shop) -> None:
    send(shop, post(shop, ada(shop), SMS))
    send(shop, post(shop, ada(shop, mobilePhone="", phone="+14155550199"), SMS))
    assert [each["to"] for each in arrived(shop, SMS)] == ["+14155550123", "+14155550199"]


def test_a_social_message_goes_to_the_name_at_its_network(shop: Shop) -> None:
    card = ada(shop, {"thirdParty": "twitter", "optIn": True, "username": "ada"})
    send(shop, post(shop, card, SOCIAL, third_party="twitter"))
    (found,) = arrived(shop, SOCIAL)
    assert (found["network"], found["to"]) == ("twitter", "ada")


def test_html_is_escaped_and_text_is_not(shop: Shop) -> None:
    card = ada(shop, firstName="<Ada>")
    send(shop, post(shop, card, body="<p>{{firstName}}</p>", subject="{{firstName}}"))
    send(shop, post(shop, card, body="{{firstName}}"))
    assert [each["body"] for each in arrived(shop)] == ["<p>&lt;Ada&gt;</p>", "<Ada>"]
    assert arrived(shop)[0]["subject"] == "<Ada>"


def test_a_webhook_needs_no_customer_and_no_card(shop: Shop) -> None:
    bare = shop.card()
    for card in (bare, None):
        message = post(shop, card, WEBHOOK, body="{{requestRef}}!", variables={"requestRef": "r"})
        assert isinstance(send(shop, message), Sent)
    assert [each["body"] for each in arrived(shop, WEBHOOK)] == ["r!", "r!"]


def test_a_child_card_has_its_own_customer(shop: Shop) -> None:
    root = ada(shop)
    shop.ok("allocateChildCard", {"cardNumber": root, "childCardNumber": "kid"})
    kid = ChildCard.objects.get(brand=shop.brand, number="kid")
    assert unsent(shop, post(shop, kid.wallet_id)) == "noCustomer"
    bob = {"primaryCustomer": {"firstName": "Bob", "email": "bob@example.com"}, "thirdPartyUpdates": [EMAIL_IN]}
    shop.ok("updateAccount", {"cardNumber": root, "childCardNumber": "kid"} | bob)
    send(shop, post(shop, kid.wallet_id, body="{{firstName}} {{childCardNumber}} {{cardNumber}}"))
    assert (arrived(shop)[0]["to"], arrived(shop)[0]["body"]) == ("bob@example.com", f"Bob kid {root}")


def test_after_a_transfer_the_holder_of_the_new_card_gets_it(shop: Shop) -> None:
    old, new = ada(shop), shop.card()
    message = post(shop, old)
    shop.ok("transfer", {"cardNumber": old, "action": "out"})
    shop.ok("transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old, "mergeMode": "overwrite"})
    assert isinstance(send(shop, message), Sent)
    assert arrived(shop)[0]["cardNumber"] == new


# --- why one does not go ---------------------------------------------------------------------------------------------


def test_nobody_known(shop: Shop) -> None:
    assert unsent(shop, post(shop, shop.card())) == "noCustomer"
    assert unsent(shop, post(shop, None)) == "noCustomer"
    assert arrived(shop) == []


def test_no_address(shop: Shop) -> None:
    card = ada(shop, email="", mobilePhone="")
    assert unsent(shop, post(shop, card)) == "noAddress"
    assert unsent(shop, post(shop, card, SMS)) == "noAddress"
    assert unsent(shop, post(shop, card, SOCIAL, third_party="twitter")) == "noAddress"


def test_not_opted_in(shop: Shop) -> None:
    card = ada(shop, {"thirdParty": "email", "optIn": False})
    assert unsent(shop, post(shop, card)) == "notOptedIn"
    assert unsent(shop, post(shop, card, SMS)) == "notOptedIn"


def test_pending(shop: Shop) -> None:
    card = ada(shop, EMAIL_IN | {"optInConfirmationRequired": True}, {"thirdParty": "phone", "optIn": True})
    assert unsent(shop, post(shop, card)) == "pendingConfirmation"
    assert unsent(shop, post(shop, card, SMS)) == "pendingConfirmation"
    confirmed = EMAIL_IN | {"optInConfirmed": True}
    shop.ok("updateAccount", {"cardNumber": card, "thirdPartyUpdates": [confirmed, PHONE_IN]})
    assert isinstance(send(shop, post(shop, card)), Sent)
    assert isinstance(send(shop, post(shop, card, SMS)), Sent)


def test_globally_out_whatever_the_card_says(shop: Shop) -> None:
    card = ada(shop)
    for channel, address in (("email", "ADA@example.com"), ("phone", ADA["mobilePhone"])):
        shop.ok("updateChannelSubscription", {"channel": channel, "channelUser": address, "globalOptIn": False})
    assert unsent(shop, post(shop, card)) == "globallyOut"
    assert unsent(shop, post(shop, card, SMS)) == "globallyOut"


def test_an_address_that_was_erased_while_it_was_out_is_out(shop: Shop) -> None:
    card = ada(shop)
    out = {"channel": "email", "channelUser": "ada@example.com", "globalOptIn": False}
    shop.ok("updateChannelSubscription", out)
    erase_person(call=shop.call(), card_number=card)
    assert unsent(shop, post(shop, ada(shop))) == "globallyOut"


def test_a_phone_that_was_told_of_but_not_confirmed_waits(shop: Shop) -> None:
    card = ada(shop)
    phone = {"channel": "phone", "channelUser": ADA["mobilePhone"], "globalOptIn": True}
    shop.ok("updateChannelSubscription", phone)
    assert unsent(shop, post(shop, card, SMS)) == "pendingConfirmation"
    shop.ok("updateChannelSubscription", phone | {"doubleOptInConfirmed": True})
    assert isinstance(send(shop, post(shop, card, SMS)), Sent)


def news(shop: Shop, channel: str = "email") -> SubscriptionList:
    return create_subscription_list(brand=shop.brand, uuid=uuid4(), channel=channel, name="News")


def test_a_message_of_a_list_goes_to_its_readers_only(shop: Shop) -> None:
    listed = news(shop)
    out, reader = ada(shop), ada(shop, EMAIL_IN | {"categories": [{"name": "News", "optIn": True}]})
    assert unsent(shop, post(shop, out, list_uuid=listed.uuid)) == "notOptedIn"
    assert isinstance(send(shop, post(shop, reader, list_uuid=listed.uuid)), Sent)
    switch_subscription_list(brand=shop.brand, uuid=listed.uuid, is_active=False)
    assert unsent(shop, post(shop, reader, list_uuid=listed.uuid)) == "notOptedIn"
    assert unsent(shop, post(shop, reader, list_uuid=uuid4())) == "notOptedIn"


def test_an_address_can_leave_a_list_of_its_card(shop: Shop) -> None:
    listed = news(shop)
    card = ada(shop, EMAIL_IN | {"categories": [{"name": "News", "optIn": True}]})
    left = {"globalOptIn": True, "categories": [{"category": "News", "optIn": False}]}
    shop.ok("updateChannelSubscription", {"channel": "email", "channelUser": "ada@example.com"} | left)
    assert unsent(shop, post(shop, card, list_uuid=listed.uuid)) == "notOptedIn"
    assert isinstance(send(shop, post(shop, card)), Sent)


def test_a_phone_list_waits_for_its_confirmation(shop: Shop) -> None:
    listed = news(shop, "phone")
    card = ada(shop, PHONE_IN | {"categories": [{"name": "News", "optIn": True}]})
    assert unsent(shop, post(shop, card, SMS, list_uuid=listed.uuid)) == "pendingConfirmation"
    done = PHONE_IN | {"categories": [{"name": "News", "optIn": True, "optInConfirmed": True}]}
    shop.ok("updateAccount", {"cardNumber": card, "thirdPartyUpdates": [done]})
    assert isinstance(send(shop, post(shop, card, SMS, list_uuid=listed.uuid)), Sent)


def test_no_sender(acme: Shop) -> None:
    card = ada(acme)
    assert unsent(acme, post(acme, card)) == "noSender"
    set_sender(brand=acme.brand, channel=EMAIL, kind="file", is_active=False)
    assert unsent(acme, post(acme, card)) == "noSender"


@pytest.mark.parametrize(
    "more",
    [
        {"body": "{{{firstName}}}"},
        {"subject": "{{> x}}"},
        {"channel": WEBHOOK, "body": "{", "url": ""},
        {"channel": WEBHOOK, "body": "x", "url": "https://{{firstName}}/"},
        {"channel": WEBHOOK, "body": "x", "url": "https://example.com{{firstName}}/"},
        {"channel": WEBHOOK, "body": "x", "url": "ftp://example.com/"},
    ],
)
def test_bad_templates(shop: Shop, more: dict[str, object]) -> None:
    message = post(shop, ada(shop), **more)  # type: ignore[arg-type]
    assert unsent(shop, message) == "template"
    assert row_of(shop, message).detail


def test_unknown_names_are_empty(shop: Shop) -> None:
    send(shop, post(shop, ada(shop), body="a{{nickname}}b"))
    assert arrived(shop)[0]["body"] == "ab"


# --- once ------------------------------------------------------------------------------------------------------------


def test_a_message_is_sent_once(shop: Shop) -> None:
    message = post(shop, ada(shop))
    assert isinstance(send(shop, message), Sent)
    assert send(shop, message) is None
    assert len(arrived(shop)) == 1
    row = row_of(shop, message)
    assert (row.state, row.attempts, row.claimed_until) == (State.SENT, 1, None) and row.sent_at


def test_what_is_not_due_waits(shop: Shop) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    message = post(shop, ada(shop), due_at=later)
    assert send(shop, message) is None
    assert isinstance(send(shop, message, now=later), Sent)


def test_the_database_refuses_a_second_row_of_the_same_result(shop: Shop) -> None:
    message = new_message()
    operation = posted(shop, ada(shop), [message, new_message(result_uuid=message.result_uuid)])
    assert sorted(Outbox.objects.filter(operation_id=operation).values_list("no", flat=True)) == [1, 2]
    with pytest.raises(psycopg.errors.UniqueViolation):
        hot_cursor().execute(
            "UPDATE messaging_outbox SET no = 1 WHERE brand_id = %s AND operation_id = %s", [shop.brand.pk, operation]
        )


def test_whoever_lost_the_lease_writes_nothing(shop: Shop) -> None:
    message, now = post(shop, ada(shop)), datetime.now(UTC)
    slow = claim_message(brand_id=shop.brand.pk, message_id=message, now=now)
    assert slow is not None and send(shop, message, now=now + LEASE / 2) is None
    assert isinstance(send(shop, message, now=now + LEASE), Sent)
    settle_message(message=slow, outcome=Later("late"), now=now + LEASE)
    assert (row_of(shop, message).state, row_of(shop, message).attempts) == (State.SENT, 2)


def test_a_message_that_kills_its_workers_ends(shop: Shop) -> None:
    message, now = post(shop, ada(shop)), datetime.now(UTC)
    for _ in range(MOST_ATTEMPTS):
        assert claim_message(brand_id=shop.brand.pk, message_id=message, now=now)
        now += LEASE
    send(shop, message, now=now)
    assert row_of(shop, message).reason == "tooManyAttempts"
    assert arrived(shop) == []


def test_a_fault_of_ours_is_tried_again(shop: Shop) -> None:
    message = post(shop, ada(shop))
    Sender.objects.filter(brand=shop.brand, channel="email").update(secrets=b"garbage")
    assert isinstance(send(shop, message), Later)
    row = row_of(shop, message)
    Sender.objects.filter(brand=shop.brand, channel="email").update(secrets=None)
    assert row.state == State.QUEUED and row.claimed_until is None and row.due_at > datetime.now(UTC)


# --- others ----------------------------------------------------------------------------------------------------------


def test_charlie_sends_nothing_of_acmes(shop: Shop, charlie: Shop) -> None:
    to_files(charlie)
    message = post(shop, ada(shop))
    assert send(charlie, message) is None
    assert row_of(shop, message).attempts == 0
    assert isinstance(send(shop, message), Sent)
    assert arrived(charlie) == []


def test_a_call_knows_how_many_it_sent(shop: Shop, charlie: Shop) -> None:
    messages = [new_message(), new_message(), new_message(SMS)]
    operation = posted(shop, ada(shop, EMAIL_IN), messages)
    for each in messages:
        send(shop, each.id)
    for brand, count in ((shop, 2), (charlie, 0)):
        assert sent_of_operation(hot_cursor(), brand_id=brand.brand.pk, operation_id=operation) == count
    assert sent_of_operation(hot_cursor(), brand_id=shop.brand.pk, operation_id=new_id()) == 0


def test_erasing_a_person_empties_the_messages_and_stops_those_that_wait(shop: Shop) -> None:
    card = ada(shop)
    done, waits = (post(shop, card, variables={"keyValues": {"name": "Ada"}}) for _ in range(2))
    send(shop, done)
    erase_person(call=shop.call(), card_number=card)
    assert row_of(shop, done).variables == row_of(shop, waits).variables == {}
    assert unsent(shop, waits) in ("noCustomer", "noAddress")
