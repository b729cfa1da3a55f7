"""triggerCampaignRule over the wire."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from apps.campaigns.models import Campaign, Triggering
from apps.campaigns.operations.pause_campaign import pause_campaign
from apps.transactions.operations.trigger_campaign_rule import RuleWanted, trigger_campaign_rule
from tests.campaigns.live import condition, points, publish, rule, uuid_of
from tests.merchant_api.steady import UNKNOWN, refused, set_status
from tests.merchant_api.test_statements import counted
from tests.merchant_api.triggers import member, points_of
from tests.shop import Shop
from tests.transactions.locks import lock

METHOD = "triggerCampaignRule"


class Gift:
    """A campaign with a rule that gives 10 points when it is triggered, another that gives 100, and one that a
    checkout triggers."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.rule = rule(points(10), trigger="single_rule")
        self.other = rule(points(100), trigger="single_rule")
        self.of_checkouts = rule(points(1000))
        self.row: Campaign = publish(shop, self.rule, self.other, self.of_checkouts)

    def body(self, card: str, **more: Any) -> dict[str, Any]:
        """A triggering of its own, unless `more` says else."""
        uuids = {"campaignUUID": str(self.row.uuid), "campaignRuleUUID": str(uuid_of(self.rule))}
        return {"cardNumber": card, "triggeringUUID": str(uuid4())} | uuids | more


@pytest.fixture
def gift(acme: Shop) -> Gift:
    return Gift(acme)


@pytest.fixture
def card(acme: Shop, gift: Gift) -> str:
    return member(acme)


def test_only_the_named_rule_fires(acme: Shop, gift: Gift, card: str) -> None:
    acme.ok(METHOD, gift.body(card))
    assert points_of(acme, card) == 10
    acme.ok(METHOD, gift.body(card, campaignRuleUUID=str(uuid_of(gift.other)).upper()))
    assert points_of(acme, card) == 110


def test_a_child_card_gets_its_own(acme: Shop, gift: Gift, card: str) -> None:
    acme.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": "kid"})
    acme.ok(METHOD, gift.body(card, childCardNumber="kid"))
    assert (points_of(acme, card, "kid"), points_of(acme, card)) == (10, 0)
    refused(acme, 2, METHOD, gift.body(card, childCardNumber="nobody"))


@pytest.mark.parametrize("text", ["e852780d-fa9d-4309-8a57-16aa7d433b59", "monday's mail"])
def test_a_triggering_acts_once_on_whatever_card_and_rule(acme: Shop, gift: Gift, card: str, text: str) -> None:
    other = member(acme)
    acme.ok(METHOD, gift.body(card, triggeringUUID=text))
    acme.ok(METHOD, gift.body(card, triggeringUUID=text))
    acme.ok(METHOD, gift.body(other, triggeringUUID=text, campaignRuleUUID=str(uuid_of(gift.other))))
    acme.ok(METHOD, gift.body(card, triggeringUUID=text, campaignUUID=UNKNOWN))
    assert (points_of(acme, card), points_of(acme, other)) == (10, 0)
    assert Triggering.objects.filter(brand=acme.brand).count() == 1


def test_a_refused_call_uses_no_triggering_and_one_without_effect_does(acme: Shop, card: str) -> None:
    never = rule(points(10), when=[condition("balance", value_type="Points", minimum=1)], trigger="single_rule")
    row = publish(acme, never)
    body = {"cardNumber": card, "campaignUUID": str(row.uuid), "triggeringUUID": str(uuid4())}
    refused(acme, 9, METHOD, body | {"campaignRuleUUID": UNKNOWN})
    assert not Triggering.objects.filter(brand=acme.brand).exists()
    acme.ok(METHOD, body | {"campaignRuleUUID": str(uuid_of(never))})
    assert Triggering.objects.filter(brand=acme.brand).count() == 1
    assert points_of(acme, card) == 0


def test_each_brand_has_triggerings_of_its_own(acme: Shop, charlie: Shop, gift: Gift, card: str) -> None:
    theirs = Gift(charlie)
    other, text = member(charlie), str(uuid4())
    acme.ok(METHOD, gift.body(card, triggeringUUID=text))
    charlie.ok(METHOD, theirs.body(other, triggeringUUID=text))
    assert points_of(charlie, other) == 10
    refused(charlie, 9, METHOD, gift.body(other))
    refused(charlie, 2, METHOD, theirs.body(card))


def test_only_rules_in_force_that_run_by_themselves_are_known(acme: Shop, gift: Gift, card: str) -> None:
    for wrong in (UNKNOWN, "no uuid", str(uuid_of(gift.of_checkouts))):
        refused(acme, 9, METHOD, gift.body(card, campaignRuleUUID=wrong))
    for wrong in (UNKNOWN, "no uuid"):
        refused(acme, 9, METHOD, gift.body(card, campaignUUID=wrong))
    another = publish(acme, rule(points(1), trigger="single_rule"))
    refused(acme, 9, METHOD, gift.body(card, campaignUUID=str(another.uuid)))
    publish(acme, gift.rule | {"is_active": False}, campaign=gift.row)
    refused(acme, 9, METHOD, gift.body(card))


def test_a_paused_campaign_has_no_rules(acme: Shop, gift: Gift, card: str) -> None:
    pause_campaign(brand=acme.brand, campaign_id=gift.row.pk)
    refused(acme, 9, METHOD, gift.body(card))


def test_refusals(acme: Shop, gift: Gift, card: str) -> None:
    refused(acme, 2, METHOD, gift.body("nobody"))
    for name in ("cardNumber", "campaignUUID", "campaignRuleUUID", "triggeringUUID"):
        refused(acme, 6, METHOD, gift.body(card) | {name: None})
    lost = member(acme)
    set_status(acme, lost, "Lost")
    refused(acme, 11, METHOD, gift.body(lost))
    lock(acme, card)
    refused(acme, 14, METHOD, gift.body(card))


def test_it_takes_five_statements(acme: Shop, gift: Gift, card: str) -> None:
    acme.ok(METHOD, gift.body(card))
    body = gift.body(card)
    assert counted(acme, METHOD, body) == 5
    assert counted(acme, METHOD, body) == 5


@pytest.mark.parametrize("cards", [1, 4])
def test_one_triggering_at_once_from_four_threads_has_one_effect(acme: Shop, gift: Gift, cards: int) -> None:
    numbers = [member(acme) for _ in range(cards)] * (4 // cards)
    configuration, gate = acme.configuration, Barrier(4)
    wanted = RuleWanted(str(gift.row.uuid), str(uuid_of(gift.rule)), str(uuid4()))

    def one(card: str) -> None:
        try:
            gate.wait(10)
            trigger_campaign_rule(call=acme.call(), configuration=configuration, card_number=card, wanted=wanted)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(one, numbers))
    assert sum(points_of(acme, card) for card in set(numbers)) == 10
