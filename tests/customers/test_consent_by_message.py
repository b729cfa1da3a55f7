"""YES, START and STOP: what a customer's own words change."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from apps.cards.models import Card
from apps.cards.queries.locks import lock_families
from apps.customers.consent_fragments import confirm_by_message, opt_in_by_message, opt_out_by_message
from apps.customers.core.keywords import Keyword, keyword_of
from apps.customers.models import ChannelCategory, ChannelSubscription, ListOptIn, ThirdPartyLink
from apps.customers.operations.create_subscription_list import create_subscription_list
from apps.customers.queries.read_phone_consent import PhoneConsent, read_phone_consent
from apps.kernel.db.hot import Cursor
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import change
from tests.merchant_api.steady import state
from tests.shop import Shop

MOBILE, HOME = "+14155550123", "+14155550199"
SAY = {Keyword.CONFIRM: confirm_by_message, Keyword.START: opt_in_by_message, Keyword.STOP: opt_out_by_message}


@pytest.mark.parametrize("text", ["YES", "yes", " Yes. ", "y", "ok!", "Confirm"])
def test_yes(text: str) -> None:
    assert keyword_of(text) == Keyword.CONFIRM


@pytest.mark.parametrize("text", ["STOP", "stop!", "Stop all", "stopall", "Unsubscribe", "cancel", "END", "quit "])
def test_stop(text: str) -> None:
    assert keyword_of(text) == Keyword.STOP


@pytest.mark.parametrize("text", ["start", "UNSTOP", "subscribe"])
def test_start(text: str) -> None:
    assert keyword_of(text) == Keyword.START


@pytest.mark.parametrize("text", ["", "yes please", "don't stop", "stop it", "?", "endless", "HELP"])
def test_other_words_say_nothing(text: str) -> None:
    assert keyword_of(text) is None


def say(shop: Shop, card: str, keyword: Keyword) -> PhoneConsent:
    """What a verb does with a word."""
    call = shop.call()
    row = Card.objects.get(brand=shop.brand, number=card)
    assert row.customer_id is not None
    customer_id = row.customer_id

    def decide(cursor: Cursor, _locked: frozenset[int]) -> Plan[PhoneConsent]:
        consent = read_phone_consent(cursor, brand_id=shop.brand.pk, customer_id=customer_id)
        fragments = SAY[keyword](brand_id=shop.brand.pk, consent=consent, at=call.now)
        kind = CallType.UPDATE_ACCOUNT
        return Plan(answer=consent, call_type=kind, occurred_at=call.now, fragments=fragments, family_id=row.family_id)

    return change(call=call, lock=lock_families([card]), decide=decide)


def ada(shop: Shop, *, listed: bool = True, **link: Any) -> str:
    if not shop.configuration or listed:
        create_subscription_list(brand=shop.brand, uuid=uuid4(), channel="phone", name="News")
    card = shop.card()
    categories = {"categories": [{"name": "News", "optIn": True}]} if listed else {}
    update = {"thirdParty": "phone", "optIn": True} | categories | link
    customer = {"firstName": "Ada", "mobilePhone": MOBILE, "phone": HOME}
    shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": customer, "thirdPartyUpdates": [update]})
    return card


def subscribe(shop: Shop, phone: str, **more: Any) -> None:
    body = {"channel": "phone", "channelUser": phone, "globalOptIn": True}
    shop.ok("updateChannelSubscription", body | {"categories": [{"category": "News", "optIn": True}]} | more)


def subscription(shop: Shop, phone: str) -> tuple[bool, bool]:
    row = ChannelSubscription.objects.get(brand=shop.brand, address=phone)
    return row.global_opt_in, row.double_opt_in_confirmed


def test_yes_confirms_what_waits_on_all_levels(acme: Shop) -> None:
    card = ada(acme)
    subscribe(acme, MOBILE)
    subscribe(acme, HOME)
    assert say(acme, card, Keyword.CONFIRM).phones == (MOBILE, HOME)
    assert ThirdPartyLink.objects.get(brand=acme.brand).opt_in_confirmed is True
    row = ListOptIn.objects.get(brand=acme.brand)
    assert (row.opt_in, row.is_pending, row.is_confirmed) == (True, False, True)
    assert subscription(acme, MOBILE) == (True, True)
    assert subscription(acme, HOME) == (True, False), "messages do not go there"


def test_yes_opts_in_nobody(acme: Shop) -> None:
    card = ada(acme, optIn=False, listed=False)
    subscribe(acme, MOBILE, globalOptIn=False, categories=[])
    before = state(acme)
    say(acme, card, Keyword.CONFIRM)
    after = state(acme)
    assert {name for name in before if before[name] != after[name]} == {"requestlog_operation"}


def test_start_opts_in_and_confirms(acme: Shop) -> None:
    card = ada(acme, optIn=False, listed=False)
    assert say(acme, card, Keyword.START).opted_in is False
    link = ThirdPartyLink.objects.get(brand=acme.brand)
    assert (link.opt_in, link.opt_in_confirmed) == (True, True)
    assert subscription(acme, MOBILE) == (True, True)
    assert not ChannelSubscription.objects.filter(brand=acme.brand, address=HOME).exists()


def test_stop_ends_everything_of_the_phone_and_nothing_else(acme: Shop) -> None:
    card = ada(acme, optInConfirmed=True)
    acme.ok("updateAccount", {"cardNumber": card, "thirdPartyUpdates": [{"thirdParty": "email", "optIn": True}]})
    subscribe(acme, MOBILE, doubleOptInConfirmed=True)
    assert say(acme, card, Keyword.STOP).opted_in is True
    links = {
        row.third_party: (row.opt_in, row.opt_in_confirmed) for row in ThirdPartyLink.objects.filter(brand=acme.brand)
    }
    assert links == {"phone": (False, False), "email": (True, None)}
    assert subscription(acme, MOBILE) == subscription(acme, HOME) == (False, False)
    row = ListOptIn.objects.get(brand=acme.brand)
    assert (row.opt_in, row.is_pending, row.is_confirmed) == (False, False, False)
    assert not ChannelCategory.objects.filter(brand=acme.brand).exists()


def test_stop_without_anything_said_before_is_out(acme: Shop) -> None:
    card = acme.card()
    acme.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"mobilePhone": MOBILE}})
    say(acme, card, Keyword.STOP)
    assert ThirdPartyLink.objects.get(brand=acme.brand).opt_in is False
    assert subscription(acme, MOBILE) == (False, False)


def test_a_customer_without_a_phone_can_say_no_too(acme: Shop) -> None:
    card = acme.card()
    acme.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"firstName": "Ada"}})
    assert say(acme, card, Keyword.STOP).phones == ()
    assert ThirdPartyLink.objects.get(brand=acme.brand).opt_in is False


def test_nothing_of_charlies_changes(acme: Shop, charlie: Shop) -> None:
    card = ada(acme)
    ada(charlie)
    subscribe(charlie, MOBILE)
    before = state(charlie)
    for keyword in Keyword:
        say(acme, card, keyword)
    assert state(charlie) == before


def test_the_time_is_kept(acme: Shop) -> None:
    began = datetime.now(UTC)
    card = ada(acme)
    say(acme, card, Keyword.STOP)
    assert ThirdPartyLink.objects.get(brand=acme.brand).changed_at >= began
