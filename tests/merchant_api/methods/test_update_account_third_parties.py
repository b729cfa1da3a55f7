"""updateAccount over the wire: links to third parties, opt-in to channels and to their lists."""

from typing import Any
from uuid import uuid4

import pytest

from apps.cards.models import Event
from apps.customers.core.roles import Role
from apps.customers.core.third_parties import THIRD_PARTIES
from apps.customers.models import ListOptIn, SubscriptionList, ThirdPartyLink
from apps.customers.operations.create_subscription_list import create_subscription_list
from apps.messaging.core.kinds import Channel
from apps.messaging.models import Outbox
from apps.messaging.operations.set_confirmation import set_confirmation
from tests.merchant_api.methods.test_update_account_people import family, people
from tests.merchant_api.steady import ago, refused, text
from tests.shop import Shop


def body(card: str, third_party: str, **more: Any) -> dict[str, Any]:
    return {"cardNumber": card, "thirdPartyUpdates": [{"thirdParty": third_party} | more]}


def say(shop: Shop, card: str, third_party: str, **more: Any) -> str:
    return str(shop.ok("updateAccount", body(card, third_party, **more))["requestRef"])


def link(shop: Shop, third_party: str) -> dict[str, Any]:
    """What is stored of the brand's only link to a third party; what was never said is left out."""
    row = ThirdPartyLink.objects.get(brand=shop.brand, third_party=third_party)
    names = [field.attname for field in row._meta.local_concrete_fields if field.attname]
    ours = {name: getattr(row, name) for name in names if name not in ("brand_id", "customer_id", "changed_at")}
    return {name: value for name, value in ours.items() if value is not None and name != "third_party"}


def events(shop: Shop) -> list[tuple[str, str, str | None]]:
    rows = Event.objects.filter(brand=shop.brand).order_by("pk")
    return [(row.root_type, row.category_id, row.payload) for row in rows]


def add_list(shop: Shop, channel: str, name: str = "News") -> str:
    uuid = uuid4()
    create_subscription_list(brand=shop.brand, uuid=uuid, channel=channel, name=name)
    return str(uuid)


def opt_ins(shop: Shop) -> list[tuple[bool, bool, bool]]:
    """Each opt-in to a list: in, pending, confirmed."""
    rows = ListOptIn.objects.filter(brand=shop.brand).order_by("list_id")
    return [(row.opt_in, row.is_pending, row.is_confirmed) for row in rows]


OUT, IN, PENDING, CONFIRMED = (False,) * 3, (True, False, False), (True, True, False), (True, False, True)


# --- links -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("third_party", THIRD_PARTIES)
def test_everything_that_is_sent_is_stored(acme: Shop, third_party: str) -> None:
    card = acme.card()
    custom = {"customData": '{"a": 1}'} if third_party == "custom" else {}
    sent = {"optInConfirmed": False, "optInConfirmationRequired": True, "username": "ada", "payload": "p" * 131_072}
    say(acme, card, third_party, optIn=True, mobileOperatorId="383", **sent, **custom)
    assert link(acme, third_party) == {
        "opt_in": True,
        "opt_in_confirmed": False,
        "opt_in_confirmation_required": True,
        "username": "ada",
        "payload": "p" * 131_072,
        "mobile_operator_id": "383",
    } | ({"custom_data": '{"a": 1}'} if custom else {})


def test_null_and_absent_keep_and_an_empty_text_removes(acme: Shop) -> None:
    card = acme.card()
    say(acme, card, "twitter", optIn=True, username="ada", payload="p", mobileOperatorId="1")
    say(acme, card, "twitter", optIn=None, username=None, payload="", mobileOperatorId="2")
    assert link(acme, "twitter") == {"opt_in": True, "username": "ada", "mobile_operator_id": "2"}


def test_a_link_needs_no_opt_in_and_none_is_made_of_nothing(acme: Shop) -> None:
    card = acme.card()
    say(acme, card, "custom", customData="x")
    say(acme, card, "email", cause="no reason")
    assert link(acme, "custom") == {"custom_data": "x"}
    assert ThirdPartyLink.objects.filter(brand=acme.brand).count() == 1


def test_a_third_party_that_is_named_twice_ends_as_it_was_said_last(acme: Shop) -> None:
    changes = [
        {"thirdParty": "phone", "optIn": True, "username": "a"},
        {"thirdParty": "email", "optIn": True},
        {"thirdParty": "phone", "optIn": False},
    ]
    acme.ok("updateAccount", {"cardNumber": acme.card(), "thirdPartyUpdates": changes})
    assert (link(acme, "phone"), link(acme, "email")) == ({"opt_in": False, "username": "a"}, {"opt_in": True})


def test_a_link_makes_a_customer_once(acme: Shop) -> None:
    card = acme.card()
    say(acme, card, "email", optIn=True)
    say(acme, card, "phone", optIn=True)
    (customer,) = people(acme, card).values()
    assert set(ThirdPartyLink.objects.filter(brand=acme.brand).values_list("customer_id", flat=True)) == {customer.pk}


def test_opting_out_takes_the_confirmation_with_it(acme: Shop) -> None:
    card = acme.card()
    say(acme, card, "email", optIn=True, optInConfirmed=True)
    say(acme, card, "email", optIn=False)
    say(acme, card, "email", optIn=True)
    assert link(acme, "email") == {"opt_in": True, "opt_in_confirmed": False}


@pytest.mark.parametrize(
    "wrong",
    [
        {"thirdParty": "myspace"},
        {"thirdParty": "email", "customData": "x"},
        {"thirdParty": "custom", "customData": "x" * 131_073},
        {"thirdParty": "email", "payload": "x" * 131_073},
    ],
)
def test_what_is_not_allowed_answers_9(acme: Shop, wrong: dict[str, Any]) -> None:
    body = {"cardNumber": acme.card(), "thirdPartyUpdates": [{"thirdParty": "phone", "optIn": True}, wrong]}
    refused(acme, 9, "updateAccount", body)


@pytest.mark.parametrize("wrong", [{"optIn": 1}, {"thirdParty": None}, {"username": True}, {"categories": {}}])
def test_wrong_types_answer_6(acme: Shop, wrong: dict[str, Any]) -> None:
    refused(acme, 6, "updateAccount", body(acme.card(), "email", **wrong))


# --- events of a changed preference ----------------------------------------------------------------------------------


def test_only_a_real_change_of_the_preference_is_an_event(acme: Shop) -> None:
    card = acme.card()
    for opt_in, cause in ((False, "a"), (True, "b"), (True, "c"), (None, "d"), (False, None), (False, "e")):
        say(acme, card, "email", optIn=opt_in, cause=cause)
    assert events(acme) == [("OPT_IN", "email", "b"), ("OPT_OUT", "email", None)]


def test_the_event_knows_its_call_its_card_and_its_moment(acme: Shop) -> None:
    card, moment = acme.card(), ago(days=3)
    sent = body(card, "facebook", optIn=True) | {"customRequestDate": moment}
    reference = acme.ok("updateAccount", sent)["requestRef"]
    row = Event.objects.get(brand=acme.brand)
    assert (str(row.operation_id), text(row.happened_at)) == (reference, moment)
    assert row.recorded_at > row.happened_at


def test_one_call_can_change_several_preferences(acme: Shop) -> None:
    changes = [{"thirdParty": name, "optIn": True, "cause": name} for name in ("email", "phone")]
    acme.ok("updateAccount", {"cardNumber": acme.card(), "thirdPartyUpdates": changes})
    assert events(acme) == [("OPT_IN", "email", "email"), ("OPT_IN", "phone", "phone")]


# --- lists -----------------------------------------------------------------------------------------------------------


def category(shop: Shop, card: str, channel: str, **more: Any) -> None:
    say(shop, card, channel, optIn=True, categories=[{"optIn": True} | more])


def test_a_list_of_emails_is_joined_and_left(acme: Shop) -> None:
    card, uuid = acme.card(), add_list(acme, "email")
    category(acme, card, "email", uuid=uuid, optInPending=False, optInConfirmed=False, optInSourceId="till")
    assert opt_ins(acme) == [IN]
    category(acme, card, "email", name="NEWS", optIn=False)
    assert opt_ins(acme) == [OUT]
    assert ListOptIn.objects.get(brand=acme.brand).source_id is None


def test_a_text_message_is_awaited_until_confirmed(acme: Shop) -> None:
    card, uuid = acme.card(), add_list(acme, "phone")
    category(acme, card, "phone", uuid=uuid, optInPending=True, optInSourceId="till")
    assert opt_ins(acme) == [PENDING]
    category(acme, card, "phone", uuid=uuid)
    assert opt_ins(acme) == [PENDING]
    category(acme, card, "phone", uuid=uuid, optIn=False, optInConfirmed=True)
    assert opt_ins(acme) == [CONFIRMED]
    category(acme, card, "phone", name="News")
    assert opt_ins(acme) == [CONFIRMED]
    assert ListOptIn.objects.get(brand=acme.brand).source_id == "till"


def test_a_pending_opt_in_asks_anew(acme: Shop) -> None:
    card, uuid = acme.card(), add_list(acme, "phone")
    category(acme, card, "phone", uuid=uuid, optInConfirmed=True)
    category(acme, card, "phone", uuid=uuid, optInPending=True)
    assert opt_ins(acme) == [PENDING]


def test_opting_out_of_a_channel_ends_its_lists_only(acme: Shop) -> None:
    card = acme.card()
    add_list(acme, "email"), add_list(acme, "phone"), add_list(acme, "phone", "Other")
    category(acme, card, "email", name="News")
    for name in ("News", "Other"):
        category(acme, card, "phone", name=name, optInConfirmed=True)
    say(acme, card, "phone", optIn=False)
    assert opt_ins(acme) == [IN, OUT, OUT]
    category(acme, card, "phone", name="News")
    assert opt_ins(acme) == [IN, PENDING, OUT]


@pytest.mark.parametrize(
    ("channel", "sent"),
    [
        ("email", {"name": "none"}),
        ("email", {"uuid": str(uuid4())}),
        ("email", {"uuid": "no-uuid"}),
        ("email", {}),
        ("email", {"name": "", "uuid": ""}),
        ("email", {"name": "News", "optInPending": True}),
        ("email", {"name": "News", "optInConfirmed": True}),
        ("email", {"name": "News", "uuid": str(uuid4())}),
        ("phone", {"name": "News"}),
        ("twitter", {"name": "News"}),
    ],
)
def test_lists_that_do_not_fit_answer_9(acme: Shop, channel: str, sent: dict[str, Any]) -> None:
    add_list(acme, "email"), add_list(acme, "phone", "Texts")
    refused(acme, 9, "updateAccount", body(acme.card(), channel, optIn=True, categories=[{"optIn": True} | sent]))


def test_a_category_cannot_be_pending_and_confirmed(acme: Shop) -> None:
    uuid = add_list(acme, "phone")
    both = [{"optIn": True, "uuid": uuid, "optInPending": True, "optInConfirmed": True}]
    refused(acme, 9, "updateAccount", body(acme.card(), "phone", optIn=True, categories=both))


@pytest.mark.parametrize("opt_in", [False, None])
def test_categories_need_the_opt_in_of_the_channel(acme: Shop, opt_in: bool | None) -> None:
    card, uuid = acme.card(), add_list(acme, "email")
    say(acme, card, "email", optIn=True)
    categories = [{"optIn": False, "uuid": uuid}]
    refused(acme, 9, "updateAccount", body(card, "email", optIn=opt_in, categories=categories))


def test_a_category_must_say_in_or_out(acme: Shop) -> None:
    categories = [{"uuid": add_list(acme, "email")}]
    refused(acme, 6, "updateAccount", body(acme.card(), "email", optIn=True, categories=categories))


def test_a_list_that_is_switched_off_is_unknown(acme: Shop) -> None:
    uuid = add_list(acme, "email")
    SubscriptionList.objects.filter(brand=acme.brand).update(is_active=False)
    categories = [{"optIn": True, "uuid": uuid}]
    refused(acme, 9, "updateAccount", body(acme.card(), "email", optIn=True, categories=categories))


def test_another_brands_lists_are_unknown(acme: Shop, charlie: Shop) -> None:
    uuid = add_list(charlie, "email", "Theirs")
    for named in ({"uuid": uuid}, {"name": "Theirs"}):
        categories = [{"optIn": True} | named]
        refused(acme, 9, "updateAccount", body(acme.card(), "email", optIn=True, categories=categories))


def test_a_child_has_links_lists_and_events_of_its_own(acme: Shop) -> None:
    card = family(acme)
    add_list(acme, "email")
    update = body(card, "email", optIn=True, categories=[{"optIn": True, "name": "News"}])
    acme.ok("updateAccount", update | {"childCardNumber": "kid"})
    child = people(acme, card)[Role.CHILD]
    assert ThirdPartyLink.objects.get(brand=acme.brand).customer_id == child.pk
    assert ListOptIn.objects.get(brand=acme.brand).customer_id == child.pk
    acme.ok("updateAccount", update)
    assert len({row.wallet_id for row in Event.objects.filter(brand=acme.brand)}) == 2


def test_confirmation_emails_can_be_skipped(acme: Shop) -> None:
    set_confirmation(brand=acme.brand, channel=Channel.EMAIL, subject="One more step", body="{{confirmUrl}}")
    for skips, count in ((True, 0), (False, 1)):
        sent = body(acme.card(), "email", optIn=True, optInConfirmationRequired=True)
        acme.ok("updateAccount", sent | {"skipOptInConfirmationEmails": skips})
        assert Outbox.objects.filter(brand=acme.brand).count() == count
